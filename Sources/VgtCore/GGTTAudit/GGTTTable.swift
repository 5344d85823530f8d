/// The GGTT as BAR0 shows it: entry n at `start` + n × `entryBytes`.
///
/// Source: Linux 6.1 `gt/intel_ggtt.c`, `ggtt_probe_common`: the upper half of
/// BAR0. The window ends with the entries that the GGTT has.
package struct GGTTTable: Hashable, Sendable {
  /// Bytes of graphics address space that the entries map.
  package let total: UInt64
  /// 8 from generation 8 on, 4 before.
  package let entryBytes: UInt64
  /// Bytes from the start of BAR0.
  package let start: UInt32

  /// - Parameter total: At most 4 GiB, which the driver's own limit is.
  package init(generation: Int, total: UInt64) {
    self.total = min(total, 1 << 32)
    let layout = GenerationLayout(generation: generation)
    entryBytes = layout.entryBytes
    start = layout.tableStart
  }

  package var entryCount: UInt64 { total / GGTT.pageSize }

  /// The bytes of BAR0 that hold the entries: whole pages, as 1 GiB of
  /// graphics addresses or more has.
  package var window: Range<UInt32> { start..<(start + UInt32(entryCount * entryBytes)) }

  /// The graphics addresses of all entries.
  package var space: GraphicsRange { GraphicsRange(start: 0, end: total) }

  /// The entries that one 64-bit load holds: 1, or 2 of generation 7.
  package var entriesPerLoad: UInt64 { 8 / entryBytes }

  /// The aligned 64-bit loads that cover the entries of `range`: where the
  /// first one is in BAR0, and how many.
  ///
  /// - Parameter range: Whole pages within `space`.
  package func loads(of range: GraphicsRange) -> (offset: UInt32, count: Int) {
    guard !range.isEmpty else { return (start, 0) }
    let first = range.start / GGTT.pageSize / entriesPerLoad
    let end = (range.end / GGTT.pageSize + entriesPerLoad - 1) / entriesPerLoad
    return (start + UInt32(first * 8), Int(end - first))
  }
}
