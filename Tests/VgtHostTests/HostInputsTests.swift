import CoreFixtures
import Testing
import VgtCore
import VgtHost
import VgtReport

extension Capture {
  private func report(_ render: (Report) -> String) -> [UInt8] {
    let report = Report(
      devices: [Diagnosis(self)], isFromCapture: false, kernelRelease: kernelRelease)
    return Array(render(report).utf8)
  }

  var textReport: [UInt8] { report { $0.text() } }
  var jsonReport: [UInt8] { report { $0.json } }
}

extension HostInputs {
  init(_ report: [UInt8]) {
    self.init()
    add(report: report, from: "report")
  }

  var reasons: [InputProblem.Reason] { problems.map(\.reason) }
}

extension [UInt8] {
  func replacing(_ old: String, with new: String) -> [UInt8] {
    Array(String(decoding: self, as: UTF8.self).replacing(old, with: new).utf8)
  }
}

@Suite struct `An input of host` {
  @Test(arguments: [Capture.healthy.textReport, Capture.healthy.jsonReport])
  func `may be a text or a JSON report`(report: [UInt8]) {
    let evidence = HostInputs(report)
    #expect(evidence.guests.map(\.mappable.base) == [0x31C_7000])
    #expect(evidence.problems == [])
  }

  @Test func `may be Markdown, quoted in a mail`() {
    let text = String(decoding: Capture.healthy.textReport, as: UTF8.self)
    let quoted = "> ```\n" + text.split(separator: "\n").map { "> \($0)\n" }.joined() + "> ```\n"
    #expect(HostInputs(Array(quoted.utf8)).guests.count == 1)
  }

  @Test func `may hold the reports of several guests`() {
    let evidence = HostInputs(Capture.healthy.textReport + Capture.second.jsonReport)
    #expect(evidence.guests.map(\.id) == [1, 2])
  }

  @Test func `is refused with more than 64 captures`() {
    let report = Capture.healthy.bytes
    #expect(HostInputs(Array(repeatElement(report, count: 64).joined())).guests.count == 64)
    #expect(
      HostInputs(Array(repeatElement(report, count: 65).joined())).reasons
        == [.tooManyCaptures(limit: 64)])
  }

  @Test(arguments: ["2", "10", "1.1", "0"])
  func `is refused when its JSON has another schema version`(version: String) {
    let report = Capture.healthy.jsonReport.replacing(
      "\"schema_version\": 1,", with: "\"schema_version\": \(version),")
    let evidence = HostInputs(report)
    #expect(evidence.reasons == [.otherSchema(version)])
    #expect(evidence.guests == [])
  }

  @Test(arguments: [
    "Here is the vgt-balloon capture: see below.\n",
    "The line driver_fences: agrees/4 looks odd.\n",
    "I also have JSON, schema_version: 3.\n",
    "> {\n> \"schema_version\": 1,\n3 more lines cut\n",
  ])
  func `is read whatever is said of it around it`(prose: String) {
    let report = Capture.healthy.textReport
    #expect(HostInputs(Array(prose.utf8) + report).guests.count == 1)
    #expect(HostInputs(report + Array("\n\(prose)".utf8)).guests.count == 1)
  }

  @Test func `is refused when its capture has a newer version`() {
    let report = Capture.healthy.textReport.replacing("capture: 2", with: "capture: 3")
    guard case .damaged(let damage) = HostInputs(report).reasons.first else {
      Issue.record("the capture was taken")
      return
    }
    #expect(damage.reason == .unknownVersion("3"))
  }

  @Test func `is refused wherever its capture is cut`() {
    let report = Capture.healthy.bytes
    // The last byte is a line break behind the checksum.
    let wrong = (1..<report.count - 1).filter { length in
      let evidence = HostInputs(Array(report.prefix(length)))
      return !evidence.guests.isEmpty || evidence.problems.filter(\.isUnusable).isEmpty
    }
    #expect(wrong == [])
  }

  @Test func `is refused when one digit of its capture is another`() {
    let report = Capture.healthy.textReport.replacing("0x0000001c", with: "0x0000001d")
    #expect(HostInputs(report).problems.map(\.isUnusable) == [true])
  }

  @Test func `is empty when it has no byte`() {
    #expect(HostInputs([]).reasons == [.empty])
  }

  @Test func `is binary when it has bytes that no text has`() {
    #expect(HostInputs([0x7F, 0x45, 0x4C, 0x46, 0x00, 0x01]).reasons == [.binary])
  }

  @Test func `holds no capture when it is some other text`() {
    #expect(HostInputs(Array("hello\n".utf8)).reasons == [.noCapture])
  }

  @Test func `never stops the tool, whatever it holds`() {
    var random = SeededGenerator(seed: 6)
    let report = Capture.healthy.textReport
    for _ in 0..<cases(1_000) {
      var mangled = report
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let place = Int.random(in: 0..<mangled.count, using: &random)
        mangled[place] = UInt8.random(in: 0...255, using: &random)
      }
      let evidence = HostInputs(mangled)
      let view = HostView(evidence)
      // What the checksum lets pass is the guest itself.
      if let guest = view.guests.first, guest.mappable.base != 0x31C_7000 {
        Issue.record("a damaged capture was taken: \(String(decoding: mangled, as: UTF8.self))")
      }
    }
  }
}
