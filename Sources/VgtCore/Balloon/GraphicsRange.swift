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

  package func overlaps(_ other: GraphicsRange) -> Bool {
    start < other.end && other.start < end
  }

  package func contains(_ address: UInt64) -> Bool {
    start <= address && address < end
  }
}

extension GraphicsRange: CustomStringConvertible {
  package var description: String { "\(start.hex())-\(end.hex())" }
}
