import CoreFixtures
import VgtCore
import VgtHost

/// Guests of one host, made by chance in units of cells.
struct GeneratedSet {
  struct Member {
    var id: UInt32
    var mappable: Range<Int>
    var unmappable: Range<Int>
    var fences: Int
  }

  let seed: Int
  let cellSize: UInt64
  /// Cells.
  let aperture: Int
  let total: Int
  private(set) var members: [Member] = []

  /// - Parameters:
  ///   - apertures: In cells, one of which is taken.
  ///   - total: Cells.
  init(seed: Int, cellSize: UInt64, apertures: [Int], total: Int) {
    self.seed = seed
    self.cellSize = cellSize
    self.total = total
    var random = SeededGenerator(seed: UInt64(seed))
    aperture = apertures.randomElement(using: &random) ?? total
    // Mostly as many as there can be, sometimes far more.
    let isCrowded = Int.random(in: 0..<4, using: &random) == 0
    let count = Int.random(in: 1...(isCrowded ? 64 : 7), using: &random)
    let isPacked = Int.random(in: 0..<4, using: &random) == 0
    var nextLow = 0
    var nextHigh = aperture
    for index in 0..<count {
      let low = Self.share(
        in: 0..<aperture, count: count, after: isPacked ? nextLow : nil, using: &random)
      let high = Self.share(
        in: aperture..<total, count: count, after: isPacked ? nextHigh : nil, using: &random)
      (nextLow, nextHigh) = (low.upperBound, high.upperBound)
      members.append(
        Member(
          id: UInt32(index + 1), mappable: low, unmappable: high,
          fences: Int.random(in: 0...8, using: &random)))
    }
  }

  /// A share inside `space`; behind the last one, with or without a hole, when
  /// `last` tells where that ends.
  private static func share(
    in space: Range<Int>, count: Int, after last: Int?, using random: inout SeededGenerator
  ) -> Range<Int> {
    guard !space.isEmpty else { return space.lowerBound..<space.lowerBound }
    let fullness = Int.random(in: 1...3, using: &random)
    let longest = max(1, min(space.count, fullness * space.count / (count + 1)))
    let length = Int.random(in: 0...longest, using: &random)
    if let last {
      let start = min(space.upperBound, last + Int.random(in: 0...2, using: &random))
      return start..<min(space.upperBound, start + length)
    }
    let start = Int.random(in: space.lowerBound...(space.upperBound - length), using: &random)
    return start..<start + length
  }

  var ggtt: GGTT { GGTT(total: UInt64(total) * cellSize, aperture: UInt64(aperture) * cellSize) }

  var pages: [VgtIf] {
    members.map { member in
      VgtIf(
        versionMajor: 1, versionMinor: 0, id: member.id, caps: [],
        mappable: share(member.mappable), unmappable: share(member.unmappable),
        fenceCount: UInt32(member.fences))
    }
  }

  private func share(_ cells: Range<Int>) -> Share {
    Share(
      base: UInt32(truncatingIfNeeded: UInt64(cells.lowerBound) * cellSize),
      size: UInt32(UInt64(cells.count) * cellSize))
  }

  var view: HostView {
    var evidence = HostInputs()
    for guest in guests { evidence.add(guest) }
    return HostView(evidence)
  }

  var guests: [VgtHost.Guest] {
    pages.enumerated().map { index, page in
      VgtHost.Guest(
        source: "\(index)", address: PCIAddress(domain: 0, bus: 0, device: 2, function: 0),
        host: HostIdentity(ggtt: ggtt, deviceID: 0x5912), pvInfo: page, verdict: .ok)
    }
  }

  var models: [CellModel] {
    var mappable = CellModel(.mappable, first: 0, count: aperture, cellSize: cellSize)
    var unmappable = CellModel(
      .unmappable, first: aperture, count: total - aperture, cellSize: cellSize)
    for (index, member) in members.enumerated() {
      mappable.give(member.mappable, to: index)
      unmappable.give(member.unmappable, to: index)
    }
    return [mappable, unmappable]
  }

  func books(lowKept: Int, highKept: Int) -> BookModel {
    BookModel(
      mappable: aperture - lowKept - members.reduce(0) { $0 + $1.mappable.count },
      unmappable: total - aperture - highKept - members.reduce(0) { $0 + $1.unmappable.count },
      fences: 32 - 4 - members.reduce(0) { $0 + $1.fences },
      freeIDs: 7 - members.count { (1...7).contains($0.id) })
  }
}
