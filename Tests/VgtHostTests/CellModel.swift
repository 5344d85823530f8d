import VgtCore
import VgtHost

/// One space as an array of cells, each with the set of guests that it was
/// given to: everything is counted, nothing computed from borders.
struct CellModel {
  /// Bit n: guest n has the cell.
  private(set) var cells: [UInt64]
  let kind: GGTT.Part
  /// The space's first cell.
  let first: Int
  let cellSize: UInt64

  init(_ kind: GGTT.Part, first: Int, count: Int, cellSize: UInt64) {
    self.kind = kind
    self.first = first
    self.cellSize = cellSize
    cells = Array(repeating: 0, count: count)
  }

  /// Gives guest `guest` what of these cells lies in the space.
  mutating func give(_ share: Range<Int>, to guest: Int) {
    for cell in share.clamped(to: first..<first + cells.count) {
      cells[cell - first] |= 1 << guest
    }
  }

  struct Hole: Hashable {
    var kind: GGTT.Part
    var start: UInt64
    var end: UInt64
  }

  /// The runs of cells that nobody has.
  var holes: [Hole] {
    var holes: [Hole] = []
    var wasFree = false
    for (cell, owners) in cells.enumerated() {
      let end = UInt64(first + cell + 1) * cellSize
      if owners == 0, wasFree {
        holes[holes.count - 1].end = end
      } else if owners == 0 {
        holes.append(Hole(kind: kind, start: end - cellSize, end: end))
      }
      wasFree = owners == 0
    }
    return holes
  }

  struct Overlap: Hashable {
    var kind: GGTT.Part
    var first: Int
    var second: Int
    var start: UInt64
    var end: UInt64
  }

  /// For every two guests, from the first to behind the last cell that both
  /// have.
  var overlaps: Set<Overlap> {
    var runs: [Int: (start: Int, end: Int)] = [:]
    for (cell, owners) in cells.enumerated() {
      var others = owners
      while others.nonzeroBitCount > 1 {
        let one = others.trailingZeroBitCount
        others &= others - 1
        var rest = others
        while rest != 0 {
          runs[one << 8 | rest.trailingZeroBitCount, default: (cell, cell)].end = cell + 1
          rest &= rest - 1
        }
      }
    }
    return Set(
      runs.map { pair, run in
        Overlap(
          kind: kind, first: pair >> 8, second: pair & 0xFF,
          start: UInt64(first + run.start) * cellSize, end: UInt64(first + run.end) * cellSize)
      })
  }

  /// Lays shares into free cells, from the lowest, until no more goes in.
  ///
  /// - Parameters:
  ///   - length: Cells of one share.
  ///   - alignment: A share begins at a multiple of so many cells.
  func room(for length: Int, alignment: Int) -> UInt64 {
    var count: UInt64 = 0
    var cell = 0
    while cell + length <= cells.count {
      if (first + cell) % alignment != 0 || cells[cell] != 0 {
        cell += 1
      } else if cells[cell..<cell + length].allSatisfy({ $0 == 0 }) {
        count += 1
        cell += length
      } else {
        cell += 1
      }
    }
    return count
  }
}

/// The host's books, run forward: creates vGPUs until one is refused.
struct BookModel {
  var mappable: Int
  var unmappable: Int
  var fences: Int
  var freeIDs: Int

  mutating func create(_ low: Int, _ high: Int, _ fenceCount: Int) -> Bool {
    guard freeIDs >= 1, fences >= fenceCount, mappable >= low, unmappable >= high else {
      return false
    }
    mappable -= low
    unmappable -= high
    fences -= fenceCount
    freeIDs -= 1
    return true
  }

  func count(_ low: Int, _ high: Int, _ fenceCount: Int) -> UInt64 {
    var books = self
    var count: UInt64 = 0
    while books.create(low, high, fenceCount) { count += 1 }
    return count
  }
}
