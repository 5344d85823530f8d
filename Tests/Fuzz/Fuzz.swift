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
    switch self {
    case .page: Self.page(bytes)
    case .capture: Self.capture(bytes)
    case .json: Self.json(bytes)
    case .log: Self.log(bytes)
    case .udev: Self.udev(bytes)
    case .ggtt: Self.ggtt(bytes)
    }
  }

  private static func page(_ bytes: [UInt8]) {
    var words = Words(bytes)
    // A platform without a page is not worth most of the inputs.
    let ids: [UInt16] = [0x1912, 0x5912, 0x0412, 0x1612, 0x9A49]
    var capture = Capture(
      kernelRelease: "\(words.next(below: 7)).\(words.next(below: 20)).0",
      address: PCIAddress(domain: 0, bus: 0, device: 2, function: 0),
      deviceID: ids[Int(words.next(below: 5))], revision: 6, classCode: 0x030000,
      backend: .sysfs)
    capture.command = 0x407
    capture.gmchControl = UInt16(truncatingIfNeeded: words.next())
    capture.bar0 = BAR(address: 0xFD00_0000, size: 16 << 20)
    let size = UInt64(1) << words.next(below: 36)
    capture.bar2 = BAR(address: 0xC000_0000, size: size)
    capture.driver = words.next(below: 2) == 0 ? "i915" : nil
    capture.accesses = Register.all.map { register in
      let value = register == .magic ? VgtIf.magic : words.next()
      let mask = register.width.allOnes
      return Access(offset: register.offset, width: register.width, value: value & mask)
    }
    exercise(capture)
  }

  private static func capture(_ bytes: [UInt8]) {
    guard let captures = try? CaptureParser.captures(in: bytes) else { return }
    captures.forEach(exercise)
  }

  /// Every renderer; and the capture must survive its own text.
  private static func exercise(_ capture: Capture) {
    let report = Report(
      devices: [Diagnosis(capture)], isFromCapture: true, kernelRelease: capture.kernelRelease)
    let text = TextReport(report).text
    precondition(!text.utf8.contains { $0 > 126 }, "the text is not ASCII")
    for text in [text, JSONReport(report).text, MarkdownReport(report).text] {
      let again = try? CaptureParser.captures(in: Array(text.utf8))
      precondition(again == [capture], "the report does not give its capture again")
    }
    _ = SVGReport(report).text
    _ = UdevProperties(Diagnosis(capture))?.text
  }

  private static func json(_ bytes: [UInt8]) {
    var evidence = HostEvidence()
    // Several files: they are compared with each other.
    for (index, part) in bytes.split(separator: 0).prefix(4).enumerated() {
      evidence.add(report: Array(part), from: "file \(index)")
    }
    let view = HostView(evidence)
    _ = [HostText(view).text, HostJSON(view).text, HostSVG(view).text]
  }

  private static func log(_ bytes: [UInt8]) {
    let whole = boots(bytes, portion: max(1, bytes.count))
    precondition(boots(bytes, portion: 7) == whole, "portions change what is read")
    let report = LogReport(boots: whole.map { LogReport.Entry(source: "-", boot: $0) })
    _ = [LogText(report).text, LogJSON(report).text]
  }

  private static func boots(_ bytes: [UInt8], portion: Int) -> [LogBoot] {
    var reader = LogReader()
    for start in stride(from: 0, to: bytes.count, by: portion) {
      reader.read(Array(bytes[start..<min(start + portion, bytes.count)]))
    }
    return reader.finish()
  }

  private static func udev(_ bytes: [UInt8]) {
    guard let capture = try? UdevProperties.capture(inDatabase: bytes) else { return }
    exercise(capture)
  }

  private static func ggtt(_ bytes: [UInt8]) {
    var words = Words(bytes)
    let table = GGTTTable(generation: words.next(below: 2) == 0 ? 7 : 9, total: 1 << 30)
    let pages = table.entryCount
    let start = words.next(below: pages)
    let end = start + words.next(below: min(4096, pages - start)) + 1
    let shares = (0..<2).map { _ in
      let base = UInt64(UInt32(truncatingIfNeeded: words.next()))
      return GraphicsRange(start: base, end: base + words.next(below: 1 << 32))
    }
    let range = GraphicsRange(start: start * 4096, end: end * 4096)
    var audit = GGTTAudit(table: table, range: range, shares: shares)
    let loads = table.loads(of: range).count
    for _ in 0..<loads where !words.isEmpty {
      audit.add((0...words.next(below: 3)).map { _ in words.next() })
    }
    precondition(audit.runs.first?.range.start ?? range.start == range.start)
    precondition(audit.runs.last?.range.end ?? range.start == audit.covered.end)
    precondition(audit.runs.reduce(0) { $0 + $1.range.size } == audit.covered.size)
    let report = GGTTReport(Diagnosis(.sample), audit, ending: .interrupted)
    _ = [GGTTText(report).text, GGTTJSON(report).text]
  }
}

/// Numbers out of an input, which are 0 after its end.
private struct Words {
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    self.bytes = bytes[...]
  }

  var isEmpty: Bool { bytes.isEmpty }

  mutating func next() -> UInt64 {
    let word = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    bytes = bytes.dropFirst(8)
    return word
  }

  mutating func next(below limit: UInt64) -> UInt64 { next() % limit }
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Made outside of the input, so that a wrong name is said at once.
  let target = Target.chosen
  unsafe target.run(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
