internal import VgtCore

/// A report to be read by people and pasted into a mail or an issue.
package struct TextReport: Sendable {
  private let report: Report
  private let isColoured: Bool

  package init(_ report: Report, coloured isColoured: Bool = false) {
    self.report = report
    self.isColoured = isColoured
  }

  package var text: String {
    var page = TextPage(coloured: isColoured)
    page.line("\(Tool.title): what the GVT-g host gave this guest")
    page.line()
    page.entry(
      "VERDICT", "\(report.verdict.rawValue): \(report.sentence)", indent: 0, column: 9,
      colour: report.verdict.colour)
    if report.isSample { page.line(Self.sampleNotice) }
    for device in report.devices {
      DeviceText(device).write(to: &page)
    }
    page.line()
    page.line("\(Tool.title): end of report: \(report.verdict.rawValue)")
    return page.text
  }

  private static let sampleNotice = """
    SAMPLE   this is the embedded sample guest, not this machine. Its shares and
             ranges are those of a real guest of July 2021 (Linux 5.14-rc2, Kaby
             Lake); device id, caps, version and id are assumed.
    """
}

extension Verdict {
  var colour: TextPage.Colour {
    switch self {
    case .ok: .green
    case .failed: .red
    case .noVgpu: .blue
    case .unreadable: .yellow
    }
  }
}

/// The part of the text report that is about one device.
private struct DeviceText {
  private let diagnosis: Diagnosis

  init(_ diagnosis: Diagnosis) {
    self.diagnosis = diagnosis
  }

  func write(to page: inout TextPage) {
    page.heading("DEVICE \(diagnosis.capture.address): \(diagnosis.verdict.sentence)")
    for essential in diagnosis.essentials {
      page.entry(essential.label, essential.text)
    }
    if let map = diagnosis.map {
      writeRanges(map, to: &page)
      page.heading("MAP (guest's view, not to scale)")
      TextMap(map).lines.forEach { page.line($0) }
    }
    if let words = DriverWords(diagnosis) {
      page.heading("THE DRIVER'S WORDS (rule: \(words.rule.rawValue))")
      words.lines.forEach { page.line("  " + $0) }
    }
    writeFindings(to: &page)
    page.heading("CAPTURE (vgt-balloon report --from FILE makes this report of it again)")
    diagnosis.capture.lines.forEach { page.line("  " + $0) }
  }

  private func writeRanges(_ map: GraphicsMap, to page: inout TextPage) {
    page.heading("GRAPHICS ADDRESS SPACE (addresses, not memory; ends are exclusive)")
    for region in map.regions {
      let range = region.range
      page.line(
        "  \(range.start.hex(digits: 9))  \(range.end.hex(digits: 9))"
          + "\("\(range.size >> 10)".leftPadded(10)) KiB"
          + "  \(region.isMappable ? "mappable  " : "unmappable")  \(region.use.rawValue)")
    }
    let guardPage = map.bytes(.guardPage)
    page.line(
      "  own \(map.bytes(.own) >> 10) KiB + reserved \(map.bytes(.reserved) >> 10) KiB"
        + (guardPage == 0 ? "" : " + guard page \(guardPage >> 10) KiB")
        + " = GGTT \(map.ggtt.total >> 10) KiB")
    page.line("  mappable = aperture = visible = low GM; unmappable = hidden = high GM")
  }

  private func writeFindings(to page: inout TextPage) {
    page.heading("CHECKS")
    for finding in diagnosis.findings {
      page.entry(
        finding.severity.label, "\(finding.code.rawValue): \(finding.text)", column: 8,
        colour: finding.severity.colour)
      let reference = finding.code.reference
      guard finding.severity > .info else { continue }
      if let message = reference.kernelMessage {
        page.entry("", "the guest's kernel says: \(message)", column: 10)
      }
      if let remedy = reference.remedy, finding.code != .pageUnreadable {
        page.entry("", "what to do: \(remedy)", column: 10)
      }
    }
  }
}

extension Severity {
  /// Four letters for a list.
  fileprivate var label: String {
    switch self {
    case .ok: "PASS"
    case .info: "NOTE"
    case .warning: "WARN"
    case .failure: "FAIL"
    }
  }

  fileprivate var colour: TextPage.Colour {
    switch self {
    case .ok: .green
    case .info: .blue
    case .warning: .yellow
    case .failure: .red
    }
  }
}
