internal import VgtCore

extension GGTTReport: CommandResult {
  package static var title: String { "the guest's GGTT entries, checked against its share" }
  package static var noun: String { "audit" }

  package func write(to page: inout TextPage) {
    guard let audit, let diagnosis else { return }
    page.line()
    writeScope(audit, diagnosis, to: &page)
    writeCounts(audit, to: &page)
    for (name, share) in Self.shares(of: diagnosis) {
      if let read = share.intersection(audit.range) {
        writeShare(name, share, read: read, audit, to: &page)
      }
    }
    writeRuns(audit, to: &page)
    writeNotes(audit, to: &page)
  }

  /// More runs than this are left to JSON.
  private static let mostRuns = 32

  private func writeScope(_ audit: GGTTAudit, _ diagnosis: Diagnosis, to page: inout TextPage) {
    let platform = diagnosis.platform.map { ", \($0.name), generation \($0.generation)" }
    let vgpu = diagnosis.pvInfo.map { ", vGPU \($0.id)" }
    page.entry("GPU", "\(diagnosis.capture.address)\(platform ?? "")\(vgpu ?? "")")
    page.entry("GGTT", "\(bytesText(audit.table.total)): \(audit.table.entryCount) entries")
    let part =
      audit.isComplete
      ? "all read" : "\(audit.entriesRead) read, up to \(audit.covered.end.hex(digits: 9))"
    page.entry("range", "\(audit.range.text): \(audit.range.pageCount) entries, \(part)")
    if !audit.isComplete { page.entry("ended", "early: \(endingWords)") }
  }

  private static func shares(of diagnosis: Diagnosis) -> [(name: String, range: GraphicsRange)] {
    guard let pvInfo = diagnosis.pvInfo else { return [] }
    return [("mappable", pvInfo.mappable.range), ("unmappable", pvInfo.unmappable.range)]
  }

  private func writeCounts(_ audit: GGTTAudit, to page: inout TextPage) {
    page.heading("ENTRIES (one maps 4 KiB)")
    page.line("  " + "".rightPadded(24) + "own share".leftPadded(12) + "elsewhere".leftPadded(12))
    let rows: [(String, (GGTTAudit.Run) -> Bool)] = [
      ("present", { $0.kind == .present }),
      ("  in use", { $0.kind == .present && !$0.isFiller }),
      ("  filler (scratch page)", { $0.isFiller }),
      ("absent", { $0.kind == .absent }),
      ("all ones: access error", { $0.kind == .allOnes }),
    ]
    for (name, belongs) in rows {
      let counts = [true, false].map { "\(audit.count(owned: $0, where: belongs))".leftPadded(12) }
      page.line("  " + name.rightPadded(24) + counts[0] + counts[1])
    }
  }

  /// - Parameter read: What was asked for of the share.
  private func writeShare(
    _ name: String, _ share: GraphicsRange, read: GraphicsRange, _ audit: GGTTAudit,
    to page: inout TextPage
  ) {
    let map = GGTTMap(audit, of: read)
    let isWhole = read == share
    page.heading(
      "OWN \(name.uppercased()) SHARE\(isWhole ? "" : ", PART") \(read.text) ("
        + bytesText(read.size) + (isWhole ? ")" : " of \(bytesText(share.size)))"))
    let use = ShareUse(audit, of: read)
    for (name, pieces) in [("in use", use.used), ("free", use.free)] {
      page.entry(
        name,
        "\(pieces.bytes >> 10) KiB; pieces: \(pieces.count), the largest"
          + " \(pieces.largest >> 10) KiB")
    }
    page.line("  one character is \(bytesText(map.entriesPerCell * GGTT.pageSize)):")
    page.line("  \(GGTTMap.legend)")
    // An address and 64 characters fill a line.
    for line in map.lines { page.line(" \(line)") }
  }

  private func writeRuns(_ audit: GGTTAudit, to page: inout TextPage) {
    page.heading("RUNS (graphics addresses, ends are exclusive)")
    for run in audit.runs.prefix(Self.mostRuns) {
      page.line(
        "  \(run.range.start.hex(digits: 9))  \(run.range.end.hex(digits: 9))"
          + "\("\(run.range.size >> 10)".leftPadded(10)) KiB  \(run.words.rightPadded(8))"
          + "  \(run.isOwned ? "own" : "elsewhere")")
    }
    if audit.runs.count > Self.mostRuns {
      page.line("  ... and \(audit.runs.count - Self.mostRuns) more; --format json lists all,")
      page.line("  with no difference between filler and other present entries")
    }
  }

  private func writeNotes(_ audit: GGTTAudit, to page: inout TextPage) {
    page.heading("NOTES")
    page.entry(
      "", "An entry holds what this guest wrote: guest-physical addresses, never the host's.",
      indent: 1, column: 2)
    page.entry(
      "",
      audit.count(.present, owned: false) == 0
        ? "Outside the share, hosts since Linux 5.3 return zero whatever was written."
        : "Present entries outside the share are harmless: hosts up to Linux 5.2 return what the"
          + " guest once wrote there, hosts since 5.3 return zero. No access goes through them.",
      indent: 1, column: 2)
    if audit.runs.contains(where: \.isFiller) {
      page.entry(
        "",
        "Filler entries all point to one page, the driver's scratch page: that part of the share"
          + " is free.",
        indent: 1, column: 2)
    }
    if audit.runs.contains(where: { $0.kind == .allOnes }) {
      page.entry(
        "",
        "All ones is not an entry: the access failed; look for \"fail to emulate MMIO read\""
          + " in the host's log.",
        indent: 1, column: 2)
    }
  }
}

/// How much of a share is in use, and in how many pieces.
private struct ShareUse {
  struct Pieces {
    private(set) var bytes: UInt64 = 0
    private(set) var count = 0
    private(set) var largest: UInt64 = 0
    private var last: GraphicsRange?

    /// - Parameter range: After those that were added before.
    mutating func add(_ range: GraphicsRange) {
      let isContinued = last?.end == range.start
      let piece = GraphicsRange(start: isContinued ? last?.start ?? 0 : range.start, end: range.end)
      bytes += range.size
      count += isContinued ? 0 : 1
      largest = max(largest, piece.size)
      last = piece
    }
  }

  private(set) var used = Pieces()
  /// Filler and absent entries: side by side they make one piece.
  private(set) var free = Pieces()

  init(_ audit: GGTTAudit, of share: GraphicsRange) {
    // A part of a page at its border is nobody's.
    for run in audit.runs where run.isOwned && run.range.overlaps(share) {
      switch run.kind {
      case .present where !run.isFiller: used.add(run.range)
      case .present, .absent: free.add(run.range)
      case .allOnes: break
      }
    }
  }
}

extension GGTTAudit.Run {
  fileprivate var words: String {
    if isFiller { return "filler" }
    return switch kind {
    case .present: "present"
    case .absent: "absent"
    case .allOnes: "all ones"
    }
  }
}

extension GraphicsRange {
  fileprivate var text: String { "\(start.hex(digits: 9))-\(end.hex(digits: 9))" }
}
