/// A graphics address space from which ranges are reserved and given back, as
/// the driver's allocator does (Linux 6.1 `drm_mm.c`, `drm_mm_reserve_node`).
package struct GraphicsSpace: Hashable, Sendable {
  /// Bytes; addresses run from 0 to here.
  package let size: UInt64
  /// What is reserved, by ascending address; no two overlap.
  package private(set) var reserved: [GraphicsRange] = []

  package enum Refusal: Error, Hashable, Sendable {
    /// The range holds no byte.
    case empty(GraphicsRange)
    /// The range ends beyond the space.
    case overrun(GraphicsRange, spaceSize: UInt64)
    /// The range shares a byte with one that is reserved.
    case overlap(GraphicsRange, with: GraphicsRange)
    /// Nothing with exactly these borders is reserved.
    case notReserved(GraphicsRange)
  }

  package init(size: UInt64) {
    self.size = size
  }

  /// Bytes reserved.
  package var reservedBytes: UInt64 { reserved.reduce(0) { $0 + $1.size } }

  /// Reserves exactly this range.
  ///
  /// - Throws: `Refusal` when it is empty, ends beyond the space or overlaps;
  ///   the space is then unchanged.
  package mutating func reserve(_ range: GraphicsRange) throws(Refusal) {
    guard !range.isEmpty else { throw .empty(range) }
    guard range.end <= size else { throw .overrun(range, spaceSize: size) }
    if let other = reserved.first(where: range.overlaps) { throw .overlap(range, with: other) }
    let place = reserved.firstIndex { $0.start > range.start } ?? reserved.endIndex
    reserved.insert(range, at: place)
  }

  /// Gives back a range that was reserved with these borders.
  ///
  /// - Throws: `Refusal.notReserved` when it was not.
  package mutating func remove(_ range: GraphicsRange) throws(Refusal) {
    guard let place = reserved.firstIndex(of: range) else { throw .notReserved(range) }
    reserved.remove(at: place)
  }
}
