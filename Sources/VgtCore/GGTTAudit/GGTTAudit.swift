/// What the GGTT's entries of a range hold, set against the guest's shares.
///
/// Takes the loads in order, equal ones at once, and keeps runs of entries of
/// one kind: the memory it needs beyond them is constant.
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
    package let range: GraphicsRange
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

  private let shares: [GraphicsRange]
  /// Where shares begin or end after `position`, ascending, and the end of
  /// `range`.
  private var borders: [UInt64]
  /// The graphics address of the next entry to come.
  private var position: UInt64
  /// Entries of the first load that lie before `range`.
  private var entriesToSkip: Int
  /// The runs that nothing is added to any more.
  private var closed: [Run] = []
  /// The run that ends at `position`; none at a border.
  private var open: OpenRun?
  /// The last entry.
  private var last: UInt64 = 0
  /// The first value that two present neighbours in a share were seen to share.
  /// No two pages of one object have the same address; outside the shares a host
  /// up to Linux 5.2 returns what anybody wrote there.
  private var filler: UInt64?

  /// - Parameters:
  ///   - range: Whole pages within the table's space.
  ///   - shares: The guest's shares; what lies outside `range` is left aside.
  package init(table: GGTTTable, range: GraphicsRange, shares: [GraphicsRange]) {
    self.table = table
    self.range = range
    self.shares = shares.map(\.wholePages).filter { !$0.isEmpty }
    borders =
      self.shares.flatMap { [$0.start, $0.end] }
      .filter { range.start < $0 && $0 < range.end }.sorted() + [range.end]
    position = range.start
    entriesToSkip = Int(range.start / GGTT.pageSize % table.entriesPerLoad)
  }

  /// A run whose end is not known yet.
  private struct OpenRun: Hashable, Sendable {
    let start: UInt64
    let kind: Kind
    var isFiller: Bool
    let startsAtBorder: Bool
  }

  /// By ascending address.
  package var runs: [Run] { closed + (open.map { [run($0, end: position)] } ?? []) }

  /// The part of `range` whose entries have come.
  package var covered: GraphicsRange { GraphicsRange(start: range.start, end: position) }
  package var entriesRead: UInt64 { covered.pageCount }
  package var isComplete: Bool { position == range.end }

  /// How many entries such runs have, in the shares or outside them.
  package func count(owned: Bool, where belongs: (Run) -> Bool) -> UInt64 {
    runs.reduce(0) { $0 + ($1.isOwned == owned && belongs($1) ? $1.range.pageCount : 0) }
  }

  package func count(_ kind: Kind, owned: Bool) -> UInt64 {
    count(owned: owned) { $0.kind == kind }
  }

  /// Takes the next loads, in order. What they hold beyond the end of `range`
  /// is left aside.
  package mutating func add(_ runs: [LoadRun]) {
    var index = extend(by: runs, from: 0)
    while index < runs.count {
      add(runs[index].load, times: runs[index].times)
      index = extend(by: runs, from: index + 1)
    }
  }

  /// Takes those loads that only make the open run longer: the pages of an
  /// object, most of what is not absent, each at an address of its own.
  ///
  /// - Returns: The index of the first that does more.
  private mutating func extend(by runs: [LoadRun], from start: Int) -> Int {
    guard table.entryBytes == 8, let open, open.kind == .present, !open.isFiller,
      let border = borders.first
    else { return start }
    // The entry before a border closes the run.
    let end = min(runs.count, start + Int((border - position) / GGTT.pageSize) - 1)
    // An absent entry is none of these.
    let filler = filler ?? 0
    var index = start
    while index < end {
      let entry = runs[index].load
      guard runs[index].times == 1, entry & 1 != 0, entry != .max, entry != last, entry != filler
      else { break }
      last = entry
      index += 1
    }
    position += UInt64(index - start) * GGTT.pageSize
    return index
  }

  /// Takes the next loads, which gave the same.
  ///
  /// - Parameters:
  ///   - load: What a 64-bit load gave.
  ///   - times: How many loads on end gave it, one or more: most of a table is
  ///     absent, or one page over and over.
  package mutating func add(_ load: UInt64, times: Int = 1) {
    guard table.entryBytes < 8 else {
      addEntries(load, count: times)
      return
    }
    // Little-endian: the low half is the first entry.
    let (low, high) = (load & 0xFFFF_FFFF, load >> 32)
    if low == high {
      addEntries(low, count: times * 2)
    } else {
      for _ in 0..<times {
        addEntries(low, count: 1)
        addEntries(high, count: 1)
      }
    }
  }

  private mutating func addEntries(_ entry: UInt64, count: Int) {
    var count = count - entriesToSkip
    entriesToSkip = max(0, -count)
    while let border = borders.first, count > 0 {
      let within = min(count, Int((border - position) / GGTT.pageSize))
      // Two shares may meet: then two borders are in one place.
      if within > 0 { addWithinBorders(entry, count: within) }
      count -= within
      guard position == border else { continue }
      close(at: position)
      borders.removeFirst()
    }
  }

  private func kind(of entry: UInt64) -> Kind {
    let allOnes: UInt64 = table.entryBytes == 8 ? .max : 0xFFFF_FFFF
    return entry & 1 == 0 ? .absent : entry == allOnes ? .allOnes : .present
  }

  /// Takes equal entries between which no border lies.
  private mutating func addWithinBorders(_ entry: UInt64, count: Int) {
    let kind = kind(of: entry)
    if kind == .present, filler == nil, isOwned(position) {
      if let open, entry == last {
        filler = entry
        takeLast(of: open)
      } else if count > 1 {
        filler = entry
      }
    }
    let isFiller = entry == filler
    if open?.kind != kind || open?.isFiller != isFiller {
      let startsAtBorder = open == nil
      close(at: position)
      open = OpenRun(
        start: position, kind: kind, isFiller: isFiller, startsAtBorder: startsAtBorder)
    }
    last = entry
    position += UInt64(count) * GGTT.pageSize
  }

  private func isOwned(_ address: UInt64) -> Bool {
    shares.contains { $0.contains(address) }
  }

  private mutating func close(at end: UInt64) {
    if let open { closed.append(run(open, end: end)) }
    open = nil
  }

  private func run(_ open: OpenRun, end: UInt64) -> Run {
    Run(
      range: GraphicsRange(start: open.start, end: end), kind: open.kind,
      isOwned: isOwned(open.start), isFiller: open.isFiller,
      startsAtBorder: open.startsAtBorder)
  }

  /// Makes the last entry of `run`, which is open, a run of filler.
  private mutating func takeLast(of run: OpenRun) {
    let start = position - GGTT.pageSize
    guard run.start < start else {
      open?.isFiller = true
      return
    }
    close(at: start)
    open = OpenRun(start: start, kind: run.kind, isFiller: true, startsAtBorder: false)
  }
}
