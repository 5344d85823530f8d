/// A half-open range of graphics addresses, in bytes.
package struct GraphicsRange: Hashable, Sendable {
  package let start: UInt64
  /// Exclusive; never below `start`.
  package let end: UInt64

  /// - Precondition: `start <= end`.
  package init(start: UInt64, end: UInt64) {
    precondition(start <= end, "a range ends before it starts")
    self.start = start
    self.end = end
  }

  /// Bytes.
  package var size: UInt64 { end - start }
  package var isEmpty: Bool { start == end }

  package func overlaps(_ other: GraphicsRange) -> Bool { intersection(other) != nil }

  package func contains(_ address: UInt64) -> Bool {
    start <= address && address < end
  }

  /// The bytes in both; `nil` when there are none.
  package func intersection(_ other: GraphicsRange) -> GraphicsRange? {
    let (start, end) = (max(start, other.start), min(end, other.end))
    return start < end ? GraphicsRange(start: start, end: end) : nil
  }

  /// The whole pages of the GGTT within; empty, at a page's border, where there
  /// is none.
  package var wholePages: GraphicsRange {
    let page = GGTT.pageSize
    let first = (start + page - 1) / page * page
    return GraphicsRange(start: first, end: max(first, end / page * page))
  }

  /// Whether both borders are those of pages.
  package var isWholePages: Bool { (start | end) % GGTT.pageSize == 0 }

  /// How many pages it is long; a part of one does not count.
  package var pageCount: UInt64 { size / GGTT.pageSize }
}

extension GraphicsRange: LosslessStringConvertible {
  /// Parses `START-END`, both `0x` and hex digits, as `description` prints them.
  package init?(_ text: String) {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let start = UInt64(hex: ends[0]), let end = UInt64(hex: ends[1]),
      start <= end
    else { return nil }
    self.init(start: start, end: end)
  }

  package var description: String { "\(start.hex())-\(end.hex())" }
}
