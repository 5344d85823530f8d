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
      "VERDICT", "\(report.verdict.rawValue): \(report.headline)", indent: 0, column: 9,
      colour: report.verdict.colour)
    if report.isSample { page.line(Self.sampleNotice) }
    for device in report.devices {
      // Of a single device the verdict has said it all.
      page.heading(
        "DEVICE \(device.capture.address)"
          + (report.devices.count == 1 ? "" : ": \(device.headline)"))
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
    for essential in diagnosis.essentials {
      page.entry(essential.label, essential.text)
    }
    writeRanges(to: &page)
    if let map = diagnosis.map {
      page.heading("MAP (this guest's view; heights are not to scale)")
      TextMap(map).lines.forEach { page.line($0) }
    }
    if let words = DriverWords(diagnosis) {
      page.heading("THE DRIVER'S WORDS (\(words.ruleText))")
      words.lines.forEach { page.line("  " + $0) }
    }
    writeFindings(to: &page)
    page.heading("CAPTURE (vgt-balloon report --from FILE makes this report of it again)")
    diagnosis.capture.lines.forEach { page.line("  " + $0) }
  }

  /// What is whose; the shares alone where the driver does not balloon.
  private func writeRanges(to page: inout TextPage) {
    guard let content = diagnosis.page, let ggtt = diagnosis.ggtt else { return }
    page.heading("GRAPHICS ADDRESS SPACE (addresses, not memory; ends are exclusive)")
    let map = diagnosis.map
    let shares = [(content.mappable.range, true), (content.unmappable.range, false)]
    let rows =
      map?.regions.map { ($0.range, $0.isMappable, $0.use.rawValue) }
      ?? shares.map { ($0, $1, "assigned") }
    let sizes = SizeText(rows.map(\.0.size) + [ggtt.total])
    page.line("  start        end" + "size".leftPadded(24) + "  part        use")
    for (range, isMappable, use) in rows {
      page.line(
        "  \(range.start.hex(digits: 9))  \(range.end.hex(digits: 9))"
          + sizes.text(range.size).leftPadded(16)
          + "  \((isMappable ? "mappable" : "unmappable").rightPadded(10))  \(use)")
    }
    if let map {
      let guardPage = map.bytes(.guardPage)
      page.line(
        "  own \(sizes.number(map.bytes(.own))) + reserved \(sizes.number(map.bytes(.reserved)))"
          + (guardPage == 0 ? "" : " + guard page \(sizes.number(guardPage))")
          + " = GGTT \(sizes.text(ggtt.total))")
      page.line("  own: this guest's; reserved: the host's and others', kept off by i915")
    } else {
      page.line("  the driver reserves nothing around these; see CHECKS")
    }
    page.line("  mappable = aperture = visible = low GM; unmappable = hidden = high GM")
  }

  /// The worst first; of equals, what the driver tests first.
  private func writeFindings(to page: inout TextPage) {
    let bySeverity = Severity.allCases.reversed().map { severity in
      (severity, diagnosis.findings.filter { $0.severity == severity })
    }
    let counts = bySeverity.filter { !$1.isEmpty }.map { "\($1.count) \($0.label)" }
    page.heading("CHECKS (\(counts.joined(separator: ", ")))")
    for finding in bySeverity.flatMap(\.1) {
      page.entry(
        finding.severity.label, "\(finding.code.rawValue): \(finding.text)", column: 8,
        colour: finding.severity.colour)
      guard finding.severity > .ok else { continue }
      if let message = message(for: finding) {
        page.entry("", "i915 logs: \(message)", column: 10)
      }
      if let remedy = finding.code.reference.remedy, finding.code != .pageUnreadable {
        page.entry("", "what to do: \(remedy)", column: 10)
      }
    }
  }

  /// What the guest's kernel log shows of it.
  private func message(for finding: Finding) -> String? {
    switch finding.code {
    // The driver cannot read the page only where this tool cannot either.
    case .pageUnreadable where diagnosis.capture.unreadable != .barUnassigned: nil
    case .versionUnsupported: finding.code.reference.kernelMessage
    default: finding.severity > .info ? finding.code.reference.kernelMessage : nil
    }
  }
}

/// Sizes in one unit, so that a column of them adds up.
private struct SizeText {
  private let isInKiB: Bool

  /// - Parameter sizes: Bytes; KiB where that divides all of them.
  init(_ sizes: [UInt64]) {
    isInKiB = sizes.allSatisfy { $0 % 1024 == 0 }
  }

  func number(_ size: UInt64) -> UInt64 { isInKiB ? size >> 10 : size }

  func text(_ size: UInt64) -> String { "\(number(size)) \(isInKiB ? "KiB" : "bytes")" }
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
