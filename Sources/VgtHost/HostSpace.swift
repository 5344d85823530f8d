package import VgtCore

/// One of the two spaces of a host, tiled without a hole by what its guests'
/// shares make of it.
package struct HostSpace: Hashable, Sendable {
  /// Addresses that the same guests have.
  package struct Region: Hashable, Sendable {
    package let range: GraphicsRange
    /// Indices of guests, ascending: none in a hole, several in an overlap.
    package let owners: [Int]
  }

  /// Addresses that two guests were given.
  package struct Overlap: Hashable, Sendable {
    package let kind: GGTT.Part
    package let range: GraphicsRange
    /// Indices of guests, `first < second`.
    package let first: Int
    package let second: Int
  }

  package let kind: GGTT.Part
  /// By ascending address; empty when the space is.
  package let regions: [Region]
  /// By ascending address, then by guest.
  package let overlaps: [Overlap]

  /// - Parameters:
  ///   - range: The whole space.
  ///   - shares: One for each guest, inside `range`; `nil` for a guest that has
  ///     none here.
  package init(_ kind: GGTT.Part, range: GraphicsRange, shares: [GraphicsRange?]) {
    self.kind = kind
    let placed = shares.enumerated().compactMap { index, share in share.map { (index, $0) } }
      .sorted { ($0.1.start, $0.0) < ($1.1.start, $1.0) }
    let borders = Set([range.start, range.end] + placed.flatMap { [$0.1.start, $0.1.end] }).sorted()

    var regions: [Region] = []
    var overlaps: [Overlap] = []
    var waiting = placed[...]
    var active: [(index: Int, share: GraphicsRange)] = []
    for (start, end) in zip(borders, borders.dropFirst()) {
      active.removeAll { $0.share.end <= start }
      while let (index, share) = waiting.first, share.start == start {
        waiting.removeFirst()
        for other in active {
          let common = GraphicsRange(start: start, end: min(share.end, other.share.end))
          overlaps.append(
            Overlap(
              kind: kind, range: common, first: min(index, other.index),
              second: max(index, other.index)))
        }
        active.append((index, share))
      }
      regions.append(
        Region(
          range: GraphicsRange(start: start, end: end), owners: active.map(\.index).sorted()))
    }
    self.regions = regions
    self.overlaps = overlaps.sorted {
      ($0.range.start, $0.range.end, $0.first, $0.second)
        < ($1.range.start, $1.range.end, $1.first, $1.second)
    }
  }

  /// What no guest has: the host's own memory, and free memory.
  package var holes: [GraphicsRange] { regions.filter(\.owners.isEmpty).map(\.range) }
}
