/// What the GGTT's entries of a range hold, set against the guest's shares.
///
/// Takes the loads in order, any number at a time, and keeps runs of entries
/// of one kind: the memory it needs beyond them is constant.
package struct GGTTAudit: Hashable, Sendable {
  /// What an entry says.
  package enum Kind: String, Hashable, Sendable {
    /// Bit 0 is set. Source: Linux 6.1 `gt/intel_gtt.h`, `GEN8_PAGE_PRESENT`
    /// and `GEN6_PTE_VALID`.
    case present
    case absent
    /// Every bit is set: no driver writes such an entry, an access that failed
    /// reads so.
    case allOnes = "all-ones"
  }

  /// Neighbouring entries of one kind, on one side of every share border.
  package struct Run: Hashable, Sendable {
    /// Graphics addresses.
    package internal(set) var range: GraphicsRange
    package let kind: Kind
    /// Whether it lies in one of the guest's shares.
    package let isOwned: Bool
    /// Whether the entries are present and all lead to one and the same page:
    /// the driver's scratch page, with which some drivers fill what is not in
    /// use. Source: Linux 6.1 `gt/intel_ggtt.c`, `gen6_ggtt_clear_range` and
    /// `gen8_ggtt_clear_range`; `gen8_gmch_probe` wants the latter only under
    /// VT-d's scanout workaround.
    package let isFiller: Bool
    /// Whether a share begins or ends here, or the range: what stands before
    /// may be of the same kind.
    package let startsAtBorder: Bool
  }

  package let table: GGTTTable
  /// The graphics addresses whose entries are looked at.
  package let range: GraphicsRange
  /// By ascending address.
  package private(set) var runs: [Run] = []

  private let shares: [GraphicsRange]
  /// Where shares begin or end after `position`, ascending, and the end of
  /// `range`.
  private var borders: [UInt64]
  /// The graphics address of the next entry to come.
  private var position: UInt64
  /// Entries of the first load that lie before `range`.
  private var entriesToSkip: Int
  /// Whether the next entry starts a run whatever it holds.
  private var isAtBorder = true
  /// The last entry.
  private var last: UInt64 = 0
  /// The first value that two present neighbours were seen to share. No two
  /// pages of one object have the same address.
  private var filler: UInt64?

  /// - Parameters:
  ///   - range: Whole pages within the table's space.
  ///   - shares: The guest's shares; what lies outside `range` is left aside.
  package init(table: GGTTTable, range: GraphicsRange, shares: [GraphicsRange]) {
    self.table = table
    self.range = range
    self.shares = shares.map(\.wholePages)
    borders =
      self.shares.flatMap { [$0.start, $0.end] }
      .filter { range.start < $0 && $0 < range.end }.sorted() + [range.end]
    position = range.start
    entriesToSkip = Int(range.start / Balloon.pageSize % table.entriesPerLoad)
  }

  /// The part of `range` whose entries have come.
  package var covered: GraphicsRange { GraphicsRange(start: range.start, end: position) }
  package var entriesRead: UInt64 { covered.size / Balloon.pageSize }
  package var isComplete: Bool { position == range.end }

  /// How many entries are of `kind`, in the shares or outside them.
  package func count(_ kind: Kind, owned: Bool) -> UInt64 {
    runs.reduce(0) {
      $0 + ($1.kind == kind && $1.isOwned == owned ? $1.range.size / Balloon.pageSize : 0)
    }
  }

  /// Takes the next loads, in order. What they hold beyond the end of `range`
  /// is left aside.
  ///
  /// - Parameter union: What `loads` give by bitwise or, where that is known:
  ///   most of a table is absent, and then no entry needs a look.
  package mutating func add(_ loads: [UInt64], union: UInt64 = .max) {
    let isAbsent = union & table.presentBits == 0
    let entries = table.entriesPerLoad == 1 ? loads : Self.halves(of: loads)
    var rest = entries.dropFirst(entriesToSkip)
    entriesToSkip -= entries.count - rest.count
    while let border = borders.first, !rest.isEmpty {
      let segment = rest.prefix(Int((border - position) / Balloon.pageSize))
      // Two shares may meet: then two borders are in one place.
      if !segment.isEmpty { addWithinBorders(segment, isAbsent: isAbsent) }
      rest = rest[segment.endIndex...]
      guard position == border else { continue }
      borders.removeFirst()
      isAtBorder = true
    }
  }

  /// The 32-bit entries of 64-bit little-endian loads.
  private static func halves(of loads: [UInt64]) -> [UInt64] {
    loads.flatMap { [$0 & 0xFFFF_FFFF, $0 >> 32] }
  }

  /// Takes entries between which no border lies: leading ones of one kind at a
  /// time, or all of them where they are known to be absent.
  private mutating func addWithinBorders(_ entries: ArraySlice<UInt64>, isAbsent: Bool) {
    let allOnes: UInt64 = table.entryBytes == 8 ? .max : 0xFFFF_FFFF
    let isOwned = shares.contains { $0.contains(position) }
    if isAbsent {
      append(.absent, count: entries.count, isOwned: isOwned)
      last = entries.last ?? last
      return
    }
    var rest = entries
    while let first = rest.first {
      let count: Int
      if first & 1 == 0 {
        count = rest.leadingCount { $0 & 1 }
        append(.absent, count: count, isOwned: isOwned)
      } else if first == allOnes {
        count = rest.leadingCount { $0 ^ allOnes }
        append(.allOnes, count: count, isOwned: isOwned)
      } else if first == filler {
        count = rest.leadingCount { $0 ^ first }
        append(.present, count: count, isOwned: isOwned, isFiller: true)
      } else if filler == nil, first == last, !isAtBorder {
        filler = first
        takeBackLast()
        count = rest.leadingCount { $0 ^ first }
        append(.present, count: count + 1, isOwned: isOwned, isFiller: true)
      } else {
        count = leadingPresent(rest, allOnes: allOnes)
        append(.present, count: count, isOwned: isOwned)
      }
      last = rest[rest.startIndex + count - 1]
      rest = rest.dropFirst(count)
    }
  }

  /// How many leading entries are present and lead to pages of their own.
  private func leadingPresent(_ entries: ArraySlice<UInt64>, allOnes: UInt64) -> Int {
    guard let filler else {
      var previous: UInt64 = 0
      return entries.prefix { entry in
        defer { previous = entry }
        return entry & 1 == 1 && entry != allOnes && entry != previous
      }.count
    }
    return entries.prefix { $0 & 1 == 1 && $0 != allOnes && $0 != filler }.count
  }

  private mutating func append(
    _ kind: Kind, count: Int, isOwned: Bool, isFiller: Bool = false
  ) {
    let end = position + UInt64(count) * Balloon.pageSize
    if !isAtBorder, let run = runs.last, run.kind == kind, run.isFiller == isFiller {
      runs[runs.count - 1].range = GraphicsRange(start: run.range.start, end: end)
    } else {
      runs.append(
        Run(
          range: GraphicsRange(start: position, end: end), kind: kind, isOwned: isOwned,
          isFiller: isFiller, startsAtBorder: isAtBorder))
    }
    position = end
    isAtBorder = false
  }

  /// Undoes the last entry, which lies after the last border.
  private mutating func takeBackLast() {
    guard let run = runs.popLast() else { return }
    position -= Balloon.pageSize
    if run.range.start < position {
      runs.append(run)
      runs[runs.count - 1].range = GraphicsRange(start: run.range.start, end: position)
    } else {
      isAtBorder = run.startsAtBorder
    }
  }
}

extension GraphicsRange {
  /// The whole pages within: an entry whose page lies partly outside is not
  /// counted in.
  fileprivate var wholePages: GraphicsRange {
    let page = Balloon.pageSize
    let first = (start + page - 1) / page * page
    return GraphicsRange(start: first, end: Swift.max(first, end / page * page))
  }
}

extension ArraySlice<UInt64> {
  /// How many leading elements give 0. Whole blocks come first: the processor
  /// looks at several elements of one at a time.
  fileprivate func leadingCount(_ difference: (UInt64) -> UInt64) -> Int {
    let block = 64
    var rest = self
    while rest.count >= block {
      var any: UInt64 = 0
      for index in rest.startIndex..<(rest.startIndex + block) { any |= difference(rest[index]) }
      if any != 0 { break }
      rest = rest[(rest.startIndex + block)...]
    }
    let end = rest.firstIndex { difference($0) != 0 } ?? endIndex
    return end - startIndex
  }
}
