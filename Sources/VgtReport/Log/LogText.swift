internal import VgtCore
internal import VgtLog

extension LogReport: CommandResult {
  package static var title: String { "what the kernel log says of GVT-g" }

  package func write(to page: inout TextPage) {
    // A log of many boots says mostly the same of each.
    var numbers: [LogProbe: Int] = [:]
    for (index, entry) in boots.enumerated() {
      let place = "\(entry.source.printable), line \(entry.boot.line)"
      let boot = entry.boot.at(line: 0)
      let known = numbers[boot]
      if known == nil { page.line() }
      page.entry(
        "BOOT \(index + 1)", known.map { "\(place): same as BOOT \($0)" } ?? place, indent: 0,
        column: 9)
      guard known == nil else { continue }
      numbers[boot] = index + 1
      BootText(entry.boot).write(to: &page)
    }
    HostMessageText(self).write(to: &page)
  }

  /// How many probes ended how.
  package var headline: String {
    let given = inputs.count + unreadInputs
    return summary + (unreadInputs == 0 ? "" : "; not read: \(unreadInputs) of \(given) inputs")
  }

  private var summary: String {
    let boots = boots
    guard !boots.isEmpty else { return "no GVT-g guest messages found" }
    let count = boots.count
    let outcomes = LogOutcome.allCases.compactMap { outcome -> String? in
      let count = boots.count { $0.boot.outcome == outcome }
      return count == 0 ? nil : "\(count) \(outcome.rawValue)"
    }
    let agreements = LogAgreement.allCases.compactMap { agreement -> String? in
      let count = boots.count { $0.boot.agreement == agreement }
      return count == 0 ? nil : "\(count) \(agreement.rawValue)"
    }
    let later = boots.count { $0.boot.laterFailure != nil }
    return "\(count) \(count == 1 ? "boot" : "boots"): \(outcomes.joined(separator: ", "));"
      + " log against shares: \(agreements.joined(separator: ", "))"
      + (later == 0 ? "" : "; \(later) failed later")
  }
}

/// The part of the text that is about one probe.
private struct BootText {
  private let boot: LogProbe

  init(_ boot: LogProbe) {
    self.boot = boot
  }

  func write(to page: inout TextPage) {
    page.entry(
      "outcome", "\(boot.outcome.rawValue): \(boot.outcome.meaning)",
      colour: boot.outcome.colour(isFailure: boot.isFailure))
    page.entry("device", boot.device.map { "\($0)" } ?? "not named by this kernel's messages")
    page.entry("dialect", boot.dialect.rawValue)
    if boot.outcome.hasShares || boot.mappable != nil || boot.unmappable != nil {
      page.entry("mappable", boot.mappable.text)
      page.entry("unmappable", boot.unmappable.text)
    }
    if let rule = boot.rule { page.entry("rule", "\(rule.word): \(rule.meaning)") }
    if let type = boot.vgpuType {
      page.entry(
        "type",
        "_\(type.suffix) (\(bytesText(type.lowSize)) + \(bytesText(type.highSize)))"
          + (type.resolution.map { ", \($0)" } ?? ""))
    }
    if let owned = boot.ownedBytes {
      let reserved = boot.total.flatMap { $0 >= owned ? $0 - owned : nil }
      page.entry(
        "totals",
        "own \(bytesText(owned))" + (reserved.map { ", reserved \(bytesText($0))" } ?? ""))
    }
    if boot.aperture != nil || boot.total != nil {
      page.entry(
        "space",
        "aperture \(boot.aperture.map(bytesText) ?? "unknown"),"
          + " GGTT \(boot.total.map(bytesText) ?? "unknown"), by the ends of the ranges")
    }
    writeRanges(to: &page)
    page.entry(
      "agreement", "\(boot.agreement.rawValue): \(boot.agreement.meaning)",
      colour: boot.agreement.colour)
    if let failure = boot.laterFailure {
      page.entry(
        "then", "line \(failure.line): \(failure.meaning)", colour: boot.isFailure ? .red : .yellow)
    }
    if let remedy = boot.remedy { page.entry("what to do", remedy) }
  }

  private func writeRanges(to page: inout TextPage) {
    guard !boot.printed.isEmpty else { return }
    guard !boot.isMisordered else {
      page.line("  ranges in the log's order, which is not the driver's, ends exclusive")
      for range in boot.printed { page.line(row("", range, "")) }
      return
    }
    page.line("  ranges in the log's order, ends exclusive; ? cannot be read")
    for slot in BalloonSlot.allCases {
      let computed = boot.computed.first { $0.slot == slot }?.range
      guard let index = boot.places.firstIndex(of: slot), index < boot.printed.count else {
        if let computed { writeComputed(computed, at: slot, word: "not in the log", to: &page) }
        continue
      }
      let printed = boot.printed[index]
      let differs = printed.differs(from: computed)
      let word =
        differs
        ? "differs" : computed == nil ? "" : printed.isWhole ? "as computed" : "where legible"
      page.line(row(slot.rawValue, printed, word))
      if let computed, differs || !printed.isWhole {
        writeComputed(computed, at: nil, word: "computed", to: &page)
      }
    }
  }

  private func writeComputed(
    _ range: GraphicsRange, at slot: BalloonSlot?, word: String, to page: inout TextPage
  ) {
    let range = LogRange(start: range.start, end: range.end, kib: range.size / 1024)
    page.line(row(slot?.rawValue ?? "", range, word))
  }

  private func row(_ name: String, _ range: LogRange, _ word: String) -> String {
    let start = range.start.text.rightPadded(11)
    let end = range.end.text.rightPadded(11)
    let kib = (range.kib.map { "\($0)" } ?? "?").leftPadded(9)
    let line = "    \(name.rightPadded(16)) \(start) - \(end) \(kib) KiB"
    return word.isEmpty ? line : "\(line)  \(word)"
  }
}

extension LogRange {
  /// Whether a figure that can be read is another than computed.
  fileprivate func differs(from computed: GraphicsRange?) -> Bool {
    guard let computed else { return false }
    return start.map { $0 != computed.start } ?? false || end.map { $0 != computed.end } ?? false
      || kib.map { $0 != computed.size / 1024 } ?? false
  }
}

extension UInt64? {
  fileprivate var text: String { map { $0.hex() } ?? "?" }
}

extension LogShare? {
  fileprivate var text: String {
    guard let self else { return "not in the log, or cannot be read" }
    return "base \(self.base.text), size"
      + " \(self.size.map { "\($0 / 1024) KiB" } ?? "cut or damaged")"
  }
}
