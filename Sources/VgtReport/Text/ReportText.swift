internal import VgtCore

extension Report: CommandResult {
  package static var title: String { "what the GVT-g host gave this guest" }

  package func write(to page: inout TextPage) {
    if isSample { page.line(Self.sampleNotice) }
    if repeatedCaptures > 0 {
      page.entry(
        "NOTE",
        repeatedCaptures == 1
          ? "one capture is in the input twice and shown once"
          : "\(repeatedCaptures) captures repeat an earlier one and are left out",
        indent: 0, column: 9)
    }
    if devices.count > 1 {
      for (index, device) in devices.enumerated() {
        page.entry("", "\(name(index)) \(device.verdict.rawValue): \(device.headline)", column: 9)
      }
    }
    for line in absenceLines { page.entry("", line, column: 9) }
    for (index, device) in devices.enumerated() {
      page.heading("DEVICE \(name(index))")
      DeviceText(device).write(to: &page)
    }
  }

  /// Guests mostly have the same address.
  private func name(_ index: Int) -> String {
    "\(devices[index].capture.address)"
      + (sources.isEmpty ? "" : " in \(sources[index].printable)")
  }

  private static let sampleNotice = """
    SAMPLE   this is the embedded sample guest, not this machine. Its shares and
             ranges are those of a real guest of July 2021 (Linux 5.14-rc2, Kaby
             Lake); device id, caps, version and id are assumed.
    """
}

/// The part of the text report that is about one device.
private struct DeviceText {
  private let diagnosis: Diagnosis
  private let map: AddressMap?
  /// Computed once; `nil` without a page.
  private let probe: ExpectedProbe?

  init(_ diagnosis: Diagnosis) {
    self.diagnosis = diagnosis
    map = AddressMap(diagnosis)
    probe = diagnosis.expectedProbe
  }

  func write(to page: inout TextPage) {
    for attribute in diagnosis.attributes {
      page.entry(attribute.label, attribute.text)
    }
    writeRanges(to: &page)
    writeMap(to: &page)
    if let probe {
      let expected = ExpectedMessages(probe, of: diagnosis)
      page.heading(expected.heading)
      expected.lines.forEach { page.entry("", $0.text, column: $0.indent) }
    }
    writeFindings(to: &page)
    page.heading("CAPTURE (to reproduce this report: vgt-balloon --from FILE)")
    diagnosis.capture.lines.forEach { page.line("  " + $0) }
  }

  /// What is whose.
  private func writeRanges(to page: inout TextPage) {
    guard let map else { return }
    page.heading("GRAPHICS ADDRESS SPACE (addresses, not memory; ends are exclusive)")
    let sizes = SizeText(map.regions.map(\.range.size) + [map.ggtt.total])
    page.line("  start        end          " + "size".leftPadded(16) + "  part        use")
    for region in map.regions {
      let row =
        "  \(region.range.start.hex(digits: 9))  \(region.range.end.hex(digits: 9))  "
        + sizes.text(region.range.size).leftPadded(16) + "  \(region.partName.rightPadded(10))  "
      // A guard page that is refused is longer.
      if row.utf8.count + region.label.utf8.count > TextPage.width {
        page.line(row.rightTrimmed)
        page.line("    " + region.label)
      } else {
        page.line(row + region.label)
      }
    }
    let isBallooned = probe?.ending.isBallooned == true
    if !isBallooned {
      page.line("  the driver of this kernel reserves nothing; see CHECKS")
    }
    if diagnosis.balloon?.balloon != nil {
      let guardPage = map.bytes(.guardPage)
      page.entry(
        "",
        "own \(sizes.number(map.bytes(.own))) + reserved \(sizes.number(map.bytes(.reserved)))"
          + (guardPage == 0 ? "" : " + guard page \(sizes.number(guardPage))")
          + " = GGTT \(sizes.text(map.ggtt.total))", column: 2)
      page.entry(
        "",
        "own: assigned to this guest; reserved: owned by the host or other guests,"
          + (isBallooned
            ? " fenced off by i915" : " to be fenced off by a driver that balloons"),
        column: 2)
    }
    page.line("  mappable = aperture = visible = low GM; unmappable = hidden = high GM")
  }

  private func writeMap(to page: inout TextPage) {
    guard let map else { return }
    page.heading("MAP (this guest's view; heights are not to scale)")
    TextMap.drawings(of: map).joined().forEach { page.line($0) }
  }

  /// The worst first; ties: what the driver tests first.
  private func writeFindings(to page: inout TextPage) {
    var counts: [String] = []
    var sorted: [Finding] = []
    for severity in Severity.allCases.reversed() {
      let findings = diagnosis.findings(severity)
      if !findings.isEmpty { counts.append("\(findings.count) \(severity.label)") }
      sorted += findings
    }
    page.heading("CHECKS (\(counts.joined(separator: ", ")))")
    for finding in sorted {
      page.entry(
        finding.severity.label, "\(finding.check.code): \(finding.text)", column: 8,
        colour: finding.severity.colour)
      let isLogged = finding.severity > .info || finding.check == .versionUnsupported
      if isLogged, let message = diagnosis.kernelMessage(of: finding, in: probe) {
        page.entry("", "i915 logs: \(message)", column: 10)
      }
      if let remedy = diagnosis.remedy(of: finding) {
        page.entry("", "what to do: \(remedy)", column: 10)
      }
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
