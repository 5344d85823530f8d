import Glibc
import VgtCore
import VgtHost
import VgtLog
import VgtReport

/// One kind of input that comes from outside.
enum Target: String, CaseIterable {
  /// The loads of the PV info page, and what surrounds them.
  case page
  /// A pasted report.
  case capture
  /// Reports as `host` takes them, mostly JSON.
  case json
  /// A kernel log.
  case log
  /// An entry of udev's database.
  case udev
  /// Entries of the GGTT.
  case ggtt

  /// What the environment variable VGT_FUZZ_TARGET names.
  static let chosen: Target = {
    guard let name = unsafe getenv("VGT_FUZZ_TARGET"),
      let target = unsafe Target(rawValue: String(cString: name))
    else { fatalError("VGT_FUZZ_TARGET names none of \(allCases)") }
    return target
  }()

  func run(_ bytes: [UInt8]) {
    let choice = Choice(bytes)
    switch self {
    case .page:
      var words = Words(bytes)
      let capture = words.capture()
      CaptureCheck.make(choice, of: capture, beside: words.capture())
    case .capture:
      let captures = readRepaired(bytes) { bytes throws(CaptureError) in
        try CaptureParser.captures(in: bytes)
      }
      guard let captures, let first = captures.first, let last = captures.last else { return }
      CaptureCheck.make(choice, of: first, beside: last)
    case .json: Self.json(bytes, choice)
    case .log: LogCheck.make(choice, of: bytes)
    case .udev:
      let capture = readRepaired(bytes) { bytes throws(CaptureError) in
        try UdevProperties.capture(inDatabase: bytes)
      }
      if let capture = capture ?? nil { CaptureCheck.make(choice, of: capture) }
    case .ggtt: GGTTCheck.make(choice, of: bytes)
    }
  }

  /// Several files, for they are compared with each other.
  private static func json(_ bytes: [UInt8], _ choice: Choice) {
    var evidence = HostInputs()
    for (index, part) in bytes.split(separator: 0).prefix(4).enumerated() {
      let repaired = readRepaired(Array(part)) { bytes throws(CaptureError) in
        _ = try CaptureParser.captures(in: bytes)
        return bytes
      }
      evidence.add(report: repaired ?? Array(part), from: "file \(index)")
    }
    let view = HostView(evidence)
    let renderers: [(HostView) -> String] = [
      { $0.text() }, { $0.json }, { $0.svg },
    ]
    for render in choice.of(renderers) { _ = render(view) }
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Made outside of the input, so that a wrong name is said at once.
  let target = Target.chosen
  unsafe target.run(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
