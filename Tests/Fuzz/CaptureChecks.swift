import VgtCore
import VgtHost
import VgtReport

/// What must hold of every capture.
enum CaptureCheck: CaseIterable {
  // The report of a form gives its capture again.
  case text, json, markdown, svg, udev
  /// A report by the rules of another kernel is made.
  case kernel
  // The host's view of it and of another guest is drawn.
  case hostText, hostJSON, hostSVG

  static func make(_ choice: Choice, of capture: Capture, beside other: Capture = .sample) {
    for check in choice.of(allCases) { check.make(capture, beside: other) }
  }

  private func make(_ capture: Capture, beside other: Capture) {
    switch self {
    case .text: Self.expectSame(capture, in: Self.report(capture).text())
    case .json:
      // Its strings are as they were found, in UTF-8.
      Self.expectSame(capture, in: Self.report(capture).json, isASCII: false)
    case .markdown: Self.expectSame(capture, in: Self.report(capture).markdown)
    case .svg: Self.expectSame(capture, in: Self.report(capture).svg)
    case .udev: Self.udev(capture)
    case .kernel:
      let kernel = KernelRelease("\(capture.revision % 8).\(capture.command ?? 0).0")
      let report = Report(
        devices: [Diagnosis(capture, kernel: kernel)], isFromCapture: false, kernelRelease: nil)
      Self.expectASCII(Array(report.text(coloured: true).utf8))
    case .hostText: _ = Self.host(capture, other).text()
    case .hostJSON: _ = Self.host(capture, other).json
    case .hostSVG: _ = Self.host(capture, other).svg
    }
  }

  private static func report(_ capture: Capture) -> Report {
    Report(
      devices: [Diagnosis(capture)], isFromCapture: true, kernelRelease: capture.kernelRelease)
  }

  private static func expectSame(_ capture: Capture, in text: String, isASCII: Bool = true) {
    let bytes = Array(text.utf8)
    if isASCII { expectASCII(bytes) }
    let again = try? CaptureParser.captures(in: bytes)
    expect(again == [capture], "the report gives \(again ?? []) and not \(capture)")
  }

  private static func expectASCII(_ text: [UInt8]) {
    expect(
      text.allSatisfy { $0 < 0x7F },
      "the report is not ASCII: \(String(decoding: text, as: UTF8.self))")
  }

  private static func udev(_ capture: Capture) {
    // udev never asks a driver, so it has no such lines as these.
    guard let properties = UdevProperties(Diagnosis(capture)), capture.lines.count <= 100
    else { return }
    let lines = properties.text.split(separator: "\n")
    expect(
      lines.allSatisfy { $0.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 } },
      "a property is not plain: \(lines)")
    let entry = lines.map { "E:\($0)\n" }.joined()
    let again = try? UdevProperties.capture(inDatabase: Array(entry.utf8))
    expect(again == capture, "the properties give \(again.debugDescription) and not \(capture)")
  }

  private static func host(_ captures: Capture...) -> HostView {
    var evidence = HostInputs()
    for (index, capture) in captures.enumerated() {
      evidence.add(captures: [capture], from: "file \(index)")
    }
    return HostView(evidence)
  }
}

/// What `read` makes of a text; where nothing but a checksum is wrong, as in
/// most mutations of a capture, of the text with the right one.
func readRepaired<Value>(
  _ bytes: [UInt8], _ read: ([UInt8]) throws(CaptureError) -> Value
) -> Value? {
  var bytes = bytes
  for _ in 0..<4 {
    do {
      return try read(bytes)
    } catch {
      guard case .checksum(let recorded, let computed, _) = error.reason,
        let place = bytes.firstRange(of: Array(recorded.hex(digits: 8).utf8))
      else { return nil }
      bytes.replaceSubrange(place, with: Array(computed.hex(digits: 8).utf8))
    }
  }
  return nil
}
