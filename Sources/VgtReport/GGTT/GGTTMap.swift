package import VgtCore

/// What the entries of one share hold, drawn: one character stands for equally
/// many entries, lines of 64.
package struct GGTTMap: Sendable {
  package static let legend =
    "# in use  + partly  . filler (free)  _ absent  ! all ones  ? not read"

  private let audit: GGTTAudit
  private let share: GraphicsRange
  private static let columns: UInt64 = 64
  private static let mostRows: UInt64 = 8

  /// - Parameter share: The part of a share that was looked at.
  package init(_ audit: GGTTAudit, of share: GraphicsRange) {
    self.audit = audit
    self.share = share
  }

  /// Entries for each character: a power of two.
  package var entriesPerCell: UInt64 {
    var scale: UInt64 = 1
    while share.pageCount > scale * Self.columns * Self.mostRows { scale *= 2 }
    return scale
  }

  /// Each line begins with the graphics address of its first entry.
  package var lines: [String] {
    let cells = cells
    return stride(from: 0, to: cells.count, by: Int(Self.columns)).map { first in
      let address = share.start + UInt64(first) * entriesPerCell * GGTT.pageSize
      let line = cells[first..<min(first + Int(Self.columns), cells.count)]
      return "\(address.hex(digits: 8)) \(String(line))"
    }
  }

  private var cells: [Character] {
    var tallies = [Tally](repeating: Tally(), count: cellCount)
    for run in audit.runs where run.isOwned && run.range.overlaps(share) {
      let start = max(run.range.start, share.start) - share.start
      let end = min(run.range.end, share.end) - share.start
      let cellSize = entriesPerCell * GGTT.pageSize
      for cell in Int(start / cellSize)...Int((end - 1) / cellSize) {
        tallies[cell].add(run)
      }
    }
    return tallies.map(\.character)
  }

  private var cellCount: Int {
    let cellSize = entriesPerCell * GGTT.pageSize
    return Int((share.size + cellSize - 1) / cellSize)
  }

  /// Which kinds of entries a cell holds.
  private struct Tally {
    var hasUsed = false
    var hasFiller = false
    var hasAbsent = false
    var hasOnes = false

    mutating func add(_ run: GGTTAudit.Run) {
      switch run.kind {
      case .present where run.isFiller: hasFiller = true
      case .present: hasUsed = true
      case .absent: hasAbsent = true
      case .allOnes: hasOnes = true
      }
    }

    var character: Character {
      if hasOnes { return "!" }
      if hasUsed { return hasFiller || hasAbsent ? "+" : "#" }
      if hasFiller { return "." }
      return hasAbsent ? "_" : "?"
    }
  }
}
