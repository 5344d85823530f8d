package import VgtCore

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
      DeviceText(device, in: report).write(to: &page)
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
  private let report: Report

  init(_ diagnosis: Diagnosis, in report: Report) {
    self.diagnosis = diagnosis
    self.report = report
  }

  func write(to page: inout TextPage) {
    page.heading("DEVICE \(diagnosis.capture.address): \(diagnosis.verdict.sentence)")
    writeFunction(to: &page)
    writePage(to: &page)
    if let map = diagnosis.map {
      writeRanges(map, to: &page)
      page.heading("MAP (guest's view, not to scale)")
      TextMap(map).lines.forEach { page.line($0) }
    }
    DriverWords(diagnosis).write(to: &page)
    writeFindings(to: &page)
    page.heading("CAPTURE (vgt-balloon report --from FILE makes this report of it again)")
    diagnosis.capture.lines.forEach { page.line("  " + $0) }
  }

  private func writeFunction(to page: inout TextPage) {
    let capture = diagnosis.capture
    let platform = diagnosis.platform.map { "Intel \($0.name), generation \($0.generation)" }
    let ids = "8086:\(capture.deviceID.hex(digits: 4).dropFirst(2))"
    page.entry(
      "GPU", "\(platform ?? "Intel"), \(ids) revision \(capture.revision.hex(digits: 2))")
    let way =
      report.isFromCapture ? "a capture, made through \(capture.backend)" : "\(capture.backend)"
    page.entry(
      "driver", "\(capture.driver ?? "none"), kernel \(capture.kernelRelease), read through \(way)")
    page.entry(
      "config",
      "COMMAND \(capture.command?.hex(digits: 4) ?? "unreadable"),"
        + " GMCH control \(capture.gmchControl?.hex(digits: 4) ?? "unreadable")")
    page.entry("BAR0", capture.bar0?.text ?? "no address")
    page.entry(
      "BAR2", capture.bar2.map { "\($0.text): the host's aperture has this size" } ?? "no address")
    if let total = diagnosis.ggttTotal {
      let aperture = diagnosis.ggtt.map { ", the first \(bytesText($0.aperture)) are the aperture" }
      page.entry("GGTT", "\(bytesText(total))\(aperture ?? "")")
    }
  }

  private func writePage(to page: inout TextPage) {
    guard let content = diagnosis.page else { return }
    page.entry(
      "vGPU",
      "id \(content.id): \"vgpu \(content.id)\" in the host's log is this guest;"
        + " type \(diagnosis.vgpuType ?? "unknown")")
    let names = content.caps.names + (content.caps.unknown == 0 ? [] : ["unknown bits"])
    page.entry(
      "interface",
      "version \(content.versionMajor).\(content.versionMinor), caps \(content.caps.rawValue.hex())"
        + (names.isEmpty ? "" : " (\(names.joined(separator: ", ")))"))
    page.entry("fences", "\(content.fenceCount)")
    page.entry("mappable", content.mappable.text)
    page.entry("unmappable", content.unmappable.text)
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

/// The words that the driver logs for this page, as it loads and unloads.
private struct DriverWords {
  private let diagnosis: Diagnosis

  init(_ diagnosis: Diagnosis) {
    self.diagnosis = diagnosis
  }

  /// Words: Linux 6.1 `i915_vgpu.c`, `intel_vgt_balloon`, `vgt_balloon_space`,
  /// `intel_vgt_deballoon`, `vgt_deballoon_space`.
  func write(to page: inout TextPage) {
    guard let content = diagnosis.page, let outcome = diagnosis.balloon else { return }
    page.heading("THE DRIVER'S WORDS (rule: \(outcome.rule.rawValue))")
    page.line("  on load:")
    page.line("    VGT ballooning configuration:")
    page.line("    Mappable graphic memory: \(Self.words(content.mappable))")
    page.line("    Unmappable graphic memory: \(Self.words(content.unmappable))")
    switch outcome.result {
    case .failure(.reservationFailed): page.line("    VGT balloon fail")
    case .failure: page.line("    Invalid ballooning configuration!")
    case .success(let balloon):
      for range in balloon.ranges {
        page.line(
          "    balloon space: range [ \(range.start.hex()) - \(range.end.hex()) ]"
            + " \(range.size >> 10) KiB.")
      }
      page.line("    VGT balloon successfully")
      page.line("  on unload (debug level):")
      page.line("    VGT deballoon.")
      for range in balloon.deballoonOrder.map(\.range) {
        page.line(
          "    deballoon space: range [\(range.start.hex()) - \(range.end.hex())]"
            + " \(range.size >> 10) KiB.")
      }
    }
  }

  private static func words(_ share: Share) -> String {
    "base \(share.base.hex()) size \(share.size / 1024)KiB"
  }
}

extension BAR {
  fileprivate var text: String { "\(address.hex()), \(bytesText(size))" }
}

extension Share {
  fileprivate var text: String { "base \(base.hex(digits: 8)), \(bytesText(UInt64(size)))" }
}

extension Severity: Comparable {
  package static func < (left: Severity, right: Severity) -> Bool {
    left.weight < right.weight
  }

  private var weight: Int { Self.allCases.firstIndex(of: self) ?? 0 }

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
