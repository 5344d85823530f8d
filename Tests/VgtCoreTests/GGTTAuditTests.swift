import CoreFixtures
import Testing
import VgtCore

@Suite struct `The audit of the GGTT's entries` {
  /// 64 MiB of graphics addresses: 16384 entries.
  private static let table = GGTTTable(generation: 9, total: 64 << 20)
  private static let page: UInt64 = 4096

  private static func pages(_ first: UInt64, _ end: UInt64) -> GraphicsRange {
    GraphicsRange(start: first * page, end: end * page)
  }

  private func audit(
    _ entries: [UInt64], shares: [GraphicsRange], at first: UInt64 = 0
  ) -> GGTTAudit {
    var audit = GGTTAudit(
      table: Self.table, range: Self.pages(first, first + UInt64(entries.count)), shares: shares)
    audit.add(entries)
    return audit
  }

  @Test(arguments: [
    (9, 4, 0x80_0000, 0x100_0000), (8, 2, 0x80_0000, 0xC0_0000),
    (7, 2, 0x20_0000, 0x40_0000), (7, 1, 0x20_0000, 0x30_0000),
  ])
  func `the window holds exactly the entries of the GGTT`(
    generation: Int, gibibytes: UInt64, start: UInt32, end: UInt32
  ) {
    let table = GGTTTable(generation: generation, total: gibibytes << 30)
    #expect(table.window == start..<end)
  }

  @Test func `entry n of generation 9 is at 8 MiB and 8 n`() {
    let loads = Self.table.loads(of: Self.pages(3, 10))
    #expect(loads.offset == (8 << 20) + 24)
    #expect(loads.count == 7)
  }

  @Test(arguments: [
    (0, 2, 0, 1), (1, 2, 0, 1), (0, 3, 0, 2), (1, 3, 0, 2), (2, 4, 8, 1), (5, 8, 16, 2),
  ])
  func `a load of generation 7 covers two entries`(
    first: UInt64, end: UInt64, offset: UInt32, count: Int
  ) {
    let table = GGTTTable(generation: 7, total: 2 << 30)
    let loads = table.loads(of: Self.pages(first, end))
    #expect(loads.offset == (2 << 20) + offset)
    #expect(loads.count == count)
  }

  @Test func `runs end at the borders of the shares`() {
    let audit = audit([0, 0, 0, 0, 0, 0], shares: [Self.pages(1, 3), Self.pages(3, 5)])
    #expect(audit.runs.map(\.range) == [(0, 1), (1, 3), (3, 5), (5, 6)].map(Self.pages))
    #expect(audit.runs.map(\.isOwned) == [false, true, true, false])
    #expect(audit.runs.allSatisfy { $0.kind == .absent && $0.startsAtBorder })
  }

  @Test func `two shares that meet have no run between them`() {
    let shares = [Self.pages(0, 3), Self.pages(3, 6)]
    var audit = GGTTAudit(table: Self.table, range: Self.pages(0, 6), shares: shares)
    audit.add(0, times: 6)
    #expect(audit.runs.map(\.range) == shares)
  }

  @Test func `bit 0 says present, and all ones is neither`() {
    let audit = audit([0x1001, 0x2000, .max, 0xFFFF_FFFF], shares: [])
    #expect(audit.runs.map(\.kind) == [.present, .absent, .allOnes, .present])
  }

  @Test(arguments: [(0, 0x1001), (.max, 0), (0x2001, 0x3001)] as [(UInt64, UInt64)])
  func `one other entry is found wherever it stands among equal ones`(
    usual: UInt64, other: UInt64
  ) {
    let count = 200
    // The first two say what filler is.
    for place in 2..<count {
      var entries = [UInt64](repeating: usual, count: count)
      entries[place] = other
      let after = place + 1 < count ? [(place + 1, count)] : []
      #expect(
        audit(entries, shares: [Self.pages(0, 200)]).runs.map(\.range)
          == ([(0, place), (place, place + 1)] + after).map { Self.pages(UInt64($0), UInt64($1)) })
    }
  }

  @Test func `an entry of generation 7 is half a load, the low half first`() {
    let table = GGTTTable(generation: 7, total: 2 << 30)
    var audit = GGTTAudit(table: table, range: Self.pages(0, 4), shares: [])
    audit.add([0x0000_0000_0000_1001, 0xFFFF_FFFF_0000_0000])
    #expect(audit.runs.map(\.kind) == [.present, .absent, .allOnes])
    #expect(audit.runs.map(\.range) == [(0, 1), (1, 3), (3, 4)].map(Self.pages))
  }

  @Test func `a range that begins in the middle of a load leaves its first half aside`() {
    let table = GGTTTable(generation: 7, total: 2 << 30)
    var audit = GGTTAudit(table: table, range: Self.pages(1, 2), shares: [])
    audit.add(0x0000_1001_0000_0000)
    #expect(audit.entriesRead == 1)
    #expect(audit.runs.map(\.kind) == [.present])
    #expect(audit.isComplete)
  }

  @Test func `neighbours with one address are filler, and so is that address from then on`() {
    let audit = audit(
      [0x1001, 0x5001, 0x5001, 0x5001, 0x2001, 0x5001, 0x3001], shares: [Self.pages(0, 7)])
    #expect(audit.runs.map(\.isFiller) == [false, true, false, true, false])
    #expect(
      audit.runs.map(\.range) == [(0, 1), (1, 4), (4, 5), (5, 6), (6, 7)].map(Self.pages))
    #expect(audit.count(.present, owned: true) == 7)
  }

  @Test func `a share border between two like entries makes no filler`() {
    let audit = audit([0x5001, 0x5001, 0x6001], shares: [Self.pages(1, 3)])
    #expect(audit.runs.map(\.isFiller) == [false, false])
  }

  @Test func `a share with a border inside a page owns only whole pages`() {
    let share = GraphicsRange(start: 0x800, end: 0x2800)
    let audit = audit([1, 3, 5], shares: [share])
    #expect(audit.runs.map(\.isOwned) == [false, true, false])
    #expect(audit.runs[1].range == Self.pages(1, 2))
  }

  @Test func `an audit that ends early says how far it came`() {
    var audit = GGTTAudit(table: Self.table, range: Self.pages(0, 100), shares: [])
    audit.add([1, 3, 5])
    #expect(!audit.isComplete)
    #expect(audit.entriesRead == 3)
    #expect(audit.covered == Self.pages(0, 3))
  }

  @Test func `what is beyond the range is left aside`() {
    var audit = GGTTAudit(table: Self.table, range: Self.pages(0, 2), shares: [])
    audit.add([1, 0, .max])
    #expect(audit.runs.map(\.kind) == [.present, .absent])
    #expect(audit.isComplete)
  }

  /// Entry by entry, without runs, borders or portions: what the audit must
  /// come to.
  @Test(arguments: seeds(200))
  func `runs are those that a look at one entry after the other gives`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let generation = seed % 3 == 0 ? 7 : 9
    let perLoad = generation == 7 ? 2 : 1
    let ones: UInt64 = generation == 7 ? 0xFFFF_FFFF : .max
    let table = GGTTTable(generation: generation, total: 1 << 30)
    let first = UInt64.random(in: 0..<64, using: &random)
    let count = Int.random(in: 1..<300, using: &random)
    let range = Self.pages(first, first + UInt64(count))
    let shares = (0..<2).map { _ in
      let start = UInt64.random(in: 0..<300, using: &random)
      return Self.pages(start, start + UInt64.random(in: 0..<100, using: &random))
    }
    let loads = table.loads(of: range)
    var serial: UInt64 = 1
    let words = (0..<loads.count * perLoad).map { _ -> UInt64 in
      serial += 2
      return [0, 0, 2, ones, serial, serial, serial, 1].randomElement(using: &random) ?? 0
    }
    let values =
      perLoad == 1
      ? words
      : stride(from: 0, to: words.count, by: 2).map { words[$0] | words[$0 + 1] << 32 }

    var audit = GGTTAudit(table: table, range: range, shares: shares)
    var rest = values[...]
    var runs: [LoadRun] = []
    while !rest.isEmpty {
      // Some of the equal ones, or all.
      let equal = rest.prefix { $0 == rest.first }.count
      let times = Int.random(in: 1...equal, using: &random)
      runs.append(LoadRun(load: rest[rest.startIndex], times: times))
      rest = rest.dropFirst(times)
    }
    let half = Int.random(in: 0...runs.count, using: &random)
    audit.add(Array(runs[..<half]))
    audit.add(Array(runs[half...]))
    var single = GGTTAudit(table: table, range: range, shares: shares)
    single.add(values)
    #expect(audit == single)

    let skipped = Int(range.start / Self.page) % perLoad
    let kinds = words[skipped..<(skipped + count)].map { word -> GGTTAudit.Kind in
      word == ones ? .allOnes : word % 2 == 1 ? .present : .absent
    }
    let found = audit.runs.flatMap { run in
      (0..<run.range.size / Self.page).map { _ in run.kind }
    }
    #expect(found == kinds)
    for run in audit.runs {
      for address in stride(from: run.range.start, to: run.range.end, by: 4096) {
        #expect(run.isOwned == shares.contains { $0.start <= address && address < $0.end })
      }
    }
    #expect(audit.runs.first?.range.start == range.start)
    #expect(audit.runs.last?.range.end == range.end)
    for (left, right) in zip(audit.runs, audit.runs.dropFirst()) {
      #expect(left.range.end == right.range.start)
      let isBorder = shares.contains {
        !$0.isEmpty && ($0.start == right.range.start || $0.end == right.range.start)
      }
      #expect(left.kind != right.kind || left.isFiller != right.isFiller || isBorder)
    }
  }
}
