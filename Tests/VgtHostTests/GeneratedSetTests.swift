import CoreFixtures
import Testing
import VgtCore
import VgtHost

@Suite struct `Ten thousand generated sets of guests` {
  /// Cells of 1 KiB, four to a page: shares begin and end inside pages too.
  private static func small(_ seed: Int) -> GeneratedSet {
    GeneratedSet(seed: seed, cellSize: kib, apertures: [0, 16, 32, 48, 96], total: 96)
  }

  /// Cells of 32 MiB, of which every real share is a multiple.
  private static func real(_ seed: Int) -> GeneratedSet {
    GeneratedSet(seed: seed, cellSize: 32 * mib, apertures: [4, 8, 16, 32, 64], total: 128)
  }

  @Test func `have the holes of a model that counts cell by cell`() {
    let wrong = (0..<cases(10_000)).filter { seed in
      let set = Self.small(seed)
      let holes = set.view.spaces.flatMap { space in
        space.holes.map { CellModel.Hole(kind: space.kind, start: $0.start, end: $0.end) }
      }
      return holes != set.models.flatMap(\.holes)
    }
    #expect(wrong == [])
  }

  @Test func `have the overlaps of a model that counts cell by cell`() {
    let wrong = (0..<cases(10_000)).filter { seed in
      let set = Self.small(seed)
      let overlaps = set.view.overlaps.map {
        CellModel.Overlap(
          kind: $0.kind, first: $0.first, second: $0.second, start: $0.range.start,
          end: $0.range.end)
      }
      let expected = set.models.flatMap(\.overlaps)
      return overlaps.count != expected.count || Set(overlaps) != Set(expected)
    }
    #expect(wrong == [])
  }

  @Test func `tile both spaces without a hole, each region with the model's owners`() {
    let wrong = (0..<cases(10_000)).filter { seed in
      let set = Self.small(seed)
      let owners = set.view.spaces.flatMap(\.regions).flatMap { region in
        let bits = region.owners.reduce(UInt64(0)) { $0 | 1 << $1 }
        return Array(repeating: bits, count: Int(region.range.size / kib))
      }
      return owners != set.models.flatMap(\.cells)
    }
    #expect(wrong == [])
  }

  @Test func `leave room, at page borders, for as many small types as the model can lay in`() {
    let types = [(1, 2), (2, 1), (3, 5)].map { low, high in
      VgpuType(
        suffix: low, lowSize: UInt64(low) * 4 * kib, highSize: UInt64(high) * 4 * kib,
        fences: UInt64(low))
    }
    let reserve = HostReserve(
      mappable: 8 * kib, unmappable: 12 * kib, fences: 4, allFences: 32, ids: 1...7)
    let wrong = (0..<cases(10_000)).filter { seed in
      let set = Self.small(seed)
      let (models, spaces) = (set.models, set.view.spaces)
      let account = HostAllocation(set.ggtt, guests: set.guests, reserve: reserve)
      let books = set.books(lowKept: 8, highKept: 12)
      return types.contains { type in
        let fit = TypeCapacity(type, allocation: account, spaces: spaces)
        let (low, high) = (Int(type.lowSize / kib), Int(type.highSize / kib))
        let limits = BookModel(
          mappable: .max, unmappable: .max, fences: books.fences, freeIDs: books.freeIDs)
        let contiguous = min(
          models[0].room(for: low, alignment: 4), models[1].room(for: high, alignment: 4),
          limits.count(0, 0, Int(type.fences)))
        return fit.contiguous != contiguous
          || fit.accounting != books.count(low, high, Int(type.fences))
      }
    }
    #expect(wrong == [])
  }

  @Test func `leave room for as many real types as the model can lay in`() {
    let sizes = [(2, 12), (4, 16), (8, 32), (16, 64)]
    let wrong = (0..<cases(10_000)).filter { seed in
      let set = Self.real(seed)
      let models = set.models
      let books = set.books(lowKept: 4, highKept: 12)
      let limits = BookModel(
        mappable: .max, unmappable: .max, fences: books.fences, freeIDs: books.freeIDs)
      let expected = sizes.map { low, high in
        [
          min(
            models[0].room(for: low, alignment: 1), models[1].room(for: high, alignment: 1),
            limits.count(0, 0, 4)),
          books.count(low, high, 4),
        ]
      }
      return set.view.fits.map { [$0.contiguous, $0.accounting] } != expected
    }
    #expect(wrong == [])
  }

  @Test func `hold every case that matters`() {
    let small = (0..<cases(2_000)).map(Self.small)
    #expect(small.contains { $0.members.count == 1 })
    #expect(small.contains { $0.members.count == 64 })
    #expect(small.count { $0.view.overlaps.isEmpty } > cases(200))
    #expect(small.count { !$0.view.overlaps.isEmpty } > cases(200))
    #expect(small.count { $0.view.spaces.contains { !$0.holes.isEmpty } } > cases(200))
    let real = (0..<cases(2_000)).map(Self.real)
    #expect(real.count { $0.view.fits.contains { $0.contiguous > 0 } } > cases(200))
    #expect(real.count { $0.view.fits.contains { $0.accounting > 0 } } > cases(200))
    #expect(real.count { $0.view.fits.contains { $0.contiguous != $0.accounting } } > cases(200))
  }
}
