import Foundation
import Support
import Testing

/// `vgt-balloon ggtt` over a synthetic table.
struct GGTTTests {
  private static let page: UInt64 = 4096
  private static let mappable: UInt64 = 0x31C_7000
  private static let unmappable: UInt64 = 0xE7EF_8000

  /// What `ggtt --format json` prints.
  private struct Audit: Decodable, Hashable {
    var address: String?
    var range: Ends?
    var entriesRead: Int
    var presentOwned: Int
    var presentReserved: Int
    var allOnes: Int
    var runs: [Run]
    var complete: Bool

    struct Ends: Decodable, Hashable {
      var start: UInt64
      var end: UInt64
    }

    struct Run: Decodable, Hashable, CustomStringConvertible {
      var start: UInt64
      var end: UInt64
      var kind: String
      var owned: Bool

      /// `31c7000-31c8000 present own`
      var description: String {
        "\(String(start, radix: 16))-\(String(end, radix: 16)) \(kind) \(owned ? "own" : "others'")"
      }
    }
  }

  private func audit(
    _ bed: QuickBed, _ arguments: String..., under wrapper: [String] = []
  ) throws -> (audit: Audit, run: ToolRun) {
    let run = try bed.run(["ggtt", "--format", "json"] + arguments, under: wrapper)
    #expect(try JSONSchema.errors(in: [run.output], against: "ggtt") == [])
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return (try decoder.decode(Audit.self, from: Data(run.output.utf8)), run)
  }

  /// The 64-bit entries from a graphics address on, as bytes of BAR0.
  private static func entries(_ address: UInt64, _ entries: [UInt64]) -> [Int: [UInt8]] {
    [0x80_0000 + Int(address / page) * 8: entries.flatMap(bytes)]
  }

  private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func distinct(_ count: Int) -> [UInt64] {
    (0..<count).map { 0x2_0000_0001 + UInt64($0) * page }
  }

  /// As a driver leaves the table: its shares filled with one scratch page,
  /// two objects in the mappable one, one in the other.
  private static var driven: SyntheticFunction {
    let scratch: UInt64 = 0x1337_0001
    var low = [UInt64](repeating: scratch, count: 0x400_0000 / 4096)
    low.replaceSubrange(0..<300, with: distinct(300))
    low.replaceSubrange(5000..<7048, with: distinct(2048))
    var high = [UInt64](repeating: scratch, count: 0x1800_0000 / 4096)
    high.replaceSubrange(4096..<44096, with: distinct(40000))
    return .healthy.with(
      \.barBytes, entries(mappable, low).merging(entries(unmappable, high)) { $1 })
  }

  @Test func `an empty table is absent throughout, and sound`() throws {
    let (audit, run) = try audit(QuickBed(.healthy))
    #expect(run.status == 0)
    #expect(run.errors == "")
    #expect(audit.address == "0000:00:02.0")
    #expect(audit.range == Audit.Ends(start: 0, end: 1 << 32))
    #expect(audit.entriesRead == 1_048_576)
    #expect(audit.complete)
    #expect(
      audit.runs.map(\.description) == [
        "0-31c7000 absent others'", "31c7000-71c7000 absent own",
        "71c7000-e7ef8000 absent others'", "e7ef8000-ffef8000 absent own",
        "ffef8000-100000000 absent others'",
      ])
  }

  @Test func `entries that a driver wrote lie in the shares`() throws {
    let (audit, run) = try audit(QuickBed(Self.driven))
    #expect(run.status == 0)
    #expect(audit.presentOwned == 16384 + 98304)
    #expect(audit.presentReserved == 0)
    #expect(
      audit.runs.filter { $0.kind == "present" }.map(\.description) == [
        "31c7000-71c7000 present own", "e7ef8000-ffef8000 present own",
      ])
  }

  @Test func `the text shows what is in use and what is filler`() throws {
    let run = try QuickBed(Self.driven).run("ggtt")
    #expect(run.status == 0)
    #expect(try Golden("ggtt.txt").difference(from: run.output) == nil)
    #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 76 })
  }

  @Test func `present entries of others are counted and no fault`() throws {
    let function = SyntheticFunction.healthy.with(
      \.barBytes, Self.entries(0x1000_0000, Self.distinct(5)))
    let (audit, run) = try audit(QuickBed(function))
    #expect(run.status == 0)
    #expect(audit.presentReserved == 5)
    #expect(audit.runs.map(\.description).contains("10000000-10005000 present others'"))
  }

  /// A host up to Linux 5.2 returns what was written there.
  @Test func `like entries of others are not the driver's scratch page`() throws {
    let function = SyntheticFunction.ballooned.with(
      \.barBytes[0x80_0000], Self.entries(0, [0x5001, 0x5001])[0x80_0000])
    let run = try QuickBed(function).run("ggtt")
    #expect(run.output.contains("  0x000000000  0x000002000         8 KiB  present   elsewhere"))
    #expect(run.output.contains("filler    own"))
  }

  @Test func `a part of a page at a share's border is nobody's`() throws {
    let function = SyntheticFunction.healthy.with(\.page.mappableBase, 0x31C_7100)
    let run = try QuickBed(function).run("ggtt")
    #expect(run.output.contains("free       65532 KiB; pieces: 1"))
  }

  @Test func `a part of a share is called a part`() throws {
    let run = try QuickBed(Self.driven).run("ggtt", "--range", "0x31c6000-0x31c8000")
    #expect(
      run.output.contains(
        "OWN MAPPABLE SHARE, PART 0x0031c7000-0x0031c8000 (4 KiB of 64 MiB)"))
  }

  @Test(arguments: [(0x31C_7000, 2), (0x1000_0000, 0)] as [(UInt64, Int32)])
  func `all ones is a failure in the own share only`(address: UInt64, status: Int32) throws {
    let function = SyntheticFunction.healthy.with(\.barBytes, Self.entries(address, [.max]))
    let (audit, run) = try audit(QuickBed(function))
    #expect(run.status == status)
    #expect(audit.allOnes == 1)
  }

  @Test func `a table that answers ones throughout cannot be told`() throws {
    let ones = [UInt64](repeating: .max, count: 1 << 18)
    let function = SyntheticFunction.healthy
      .with(\.gmchControl, 0x0040).with(\.page.unmappableBase, 0x1000_0000)
      .with(\.barBytes, Self.entries(0, ones))
    let (audit, run) = try audit(QuickBed(function))
    #expect(run.status == 3)
    #expect(audit.allOnes == 1 << 18)
  }

  @Test func `a range is read and nothing else`() throws {
    let function = SyntheticFunction.healthy.with(
      \.barBytes, Self.entries(Self.mappable - Self.page, Self.distinct(3)))
    let (audit, run) = try audit(
      QuickBed(function), "--range", "0x31c7000-0x31ca000")
    #expect(run.status == 0)
    #expect(audit.entriesRead == 3)
    #expect(
      audit.runs.map(\.description) == [
        "31c7000-31c9000 present own", "31c9000-31ca000 absent own",
      ])
  }

  @Test func `a table that ends past BAR0 is not read`() throws {
    let function = SyntheticFunction.healthy
      .with(\.deviceID, 0x0412).with(\.gmchControl, 0x0300)
      .with(\.bar0, .init(address: 0xFD00_0000, size: 0x40_0000, flags: 0x14_0204))
    let run = try QuickBed(function).run("ggtt")
    #expect(run.status == 3)
    #expect(run.errors.contains("its table ends past BAR0"))
  }

  @Test func `an entry of Haswell is four bytes wide`() throws {
    let entries: [UInt32] = [0x1001, 0x2001, 0, 0xFFFF_FFFF]
    let share = SyntheticFunction.healthy
      .with(\.deviceID, 0x0412).with(\.gmchControl, 0x0200)
      .with(\.bar0, .init(address: 0xFD00_0000, size: 0x40_0000, flags: 0x14_0204))
      .with(\.page.unmappableBase, 0x1000_0000)
    let offset = 0x20_0000 + Int((Self.mappable + Self.page) / Self.page) * 4
    let function = share.with(\.barBytes, [offset: entries.flatMap(Self.bytes)])
    let (audit, run) = try audit(
      QuickBed(function), "--range", "0x31c8000-0x31cc000")
    #expect(run.status == 2)
    #expect(audit.entriesRead == 4)
    #expect(
      audit.runs.map(\.description) == [
        "31c8000-31ca000 present own", "31ca000-31cb000 absent own",
        "31cb000-31cc000 all-ones own",
      ])
  }

  @Test func `through /dev/mem the answer is the same`() throws {
    let machine = SyntheticMachine(Self.driven).with(\.devMem, .memory)
    let bed = try QuickBed(machine)
    let (sysfs, _) = try audit(bed)
    let (devmem, _) = try audit(bed, "--backend", "devmem")
    #expect(sysfs == devmem)
  }

  @Test(arguments: [
    ("0x1000", "is not a range"), ("1000-2000", "is not a range"),
    ("0x2000-0x1000", "is not a range"),
    ("0x1000-0x1000", "is not a range"), ("0x-0x1000", "is not a range"),
    ("0x1000-0x2000-0x3000", "is not a range"), ("0xg000-0x10000", "is not a range"),
    ("0x1000-0x11111111111111000", "is not a range"), ("0x1000-0x1800", "not whole pages"),
    ("0x800-0x1000", "not whole pages"), ("0x1000-0x100001000", "ends past the GGTT"),
  ])
  func `a range that cannot be is wrong usage`(range: String, words: String) throws {
    let run = try QuickBed(.healthy).run("ggtt", "--range", range)
    #expect(run.status == 64)
    #expect(run.output == "")
    #expect(run.errors.contains(words))
  }

  @Test(
    arguments: [
      (SyntheticMachine([]), 1), (SyntheticMachine([]).with(\.hasPCITree, false), 3),
      (SyntheticMachine(.healthy.with(\.page, .filled(with: 0))), 1),
      (SyntheticMachine(.healthy.with(\.command, 0)), 3),
      (SyntheticMachine(.healthy.with(\.resource0, .length(0x80_0000))), 3),
      (SyntheticMachine(.healthy.with(\.page.caps, 0)), 2),
    ] as [(SyntheticMachine, Int32)])
  func `the status is that of the device, and JSON comes all the same`(
    machine: SyntheticMachine, status: Int32
  ) throws {
    let (_, run) = try audit(QuickBed(machine))
    #expect(run.status == status)
  }

  @Test func `of several vGPUs one must be chosen`() throws {
    let bed = try QuickBed(.healthy, .healthy.with(\.address, "0000:00:03.0"))
    let run = try bed.run("ggtt")
    #expect(run.status == 64)
    #expect(
      run.errors
        == "vgt-balloon: several vGPUs: 0000:00:02.0, 0000:00:03.0; choose one with --device\n")
    let (audit, chosen) = try audit(bed, "--device", "00:03.0")
    #expect(chosen.status == 0)
    #expect(audit.address == "0000:00:03.0")
  }

  @Test func `exactly the table is mapped, read-only, after the page`() throws {
    let bed = try QuickBed(.healthy)
    _ = try bed.run(["ggtt"], under: bed.strace(["-e", "trace=mmap"]))
    let trace = String(decoding: bed.read("trace") ?? [], as: UTF8.self)
    let maps = trace.split(separator: "\n").filter { $0.contains("resource0") }
    try #require(maps.count == 2)
    #expect(maps[0].contains(" mmap(NULL, 4096, PROT_READ, MAP_SHARED, "))
    #expect(maps[1].contains(" mmap(NULL, 8388608, PROT_READ, MAP_SHARED, "))
    #expect(maps[1].contains(", 0x800000) = "))
  }

  @Test func `an output file that exists is said before anything is read`() throws {
    let bed = try QuickBed(.healthy)
    let run = try bed.run(
      ["ggtt", "--output", bed.path("taken")], under: bed.strace(["-e", "trace=openat"]),
      after: "echo old >\"$BED/taken\"")
    #expect(run.status == 74)
    #expect(bed.read("taken").map { String(decoding: $0, as: UTF8.self) } == "old\n")
    let trace = String(decoding: bed.read("trace") ?? [], as: UTF8.self)
    #expect(!trace.contains("resource0"))
  }

  // MARK: Long work

  /// How many calls of `rt_sigaction` come until SIGTERM is caught: that is
  /// where the entries begin.
  private func callsUntilReading(_ bed: QuickBed) throws -> Int {
    _ = try bed.run(["ggtt"], under: bed.strace(["-e", "trace=rt_sigaction"]))
    let calls = String(decoding: bed.read("trace") ?? [], as: UTF8.self).split(separator: "\n")
    let index = try #require(calls.firstIndex { $0.contains("rt_sigaction(SIGTERM, {") })
    return index + 1
  }

  @Test func `Ctrl-C ends with what was found so far`() throws {
    let bed = try QuickBed(.healthy)
    let inject = "inject=rt_sigaction:signal=SIGINT:when=\(try callsUntilReading(bed))"
    let (audit, run) = try audit(bed, under: bed.strace(["-e", inject]))
    #expect(run.status == 3)
    #expect(!audit.complete)
    #expect(audit.entriesRead == 0)
    #expect(
      run.errors == """
        vgt-balloon: interrupted after 0 of 1048576 entries; \
        go on with --range 0x0-0x100000000

        """)
  }

  @Test func `on a terminal a bar shows rate and time left after a second`() throws {
    let bed = try QuickBed(.healthy)
    // The clock starts before the handlers are set. Ctrl-C comes while the bar
    // is drawn for the first time, so the end is wiped and said too.
    let delay = "inject=rt_sigaction:delay_enter=1200000:when=\(try callsUntilReading(bed))"
    let strace = bed.strace(["-e", delay, "-e", "inject=write:signal=SIGINT:when=1"])
    let run = try bed.run(["ggtt", "--format", "json"], under: strace, isOnTerminal: true)
    let bar = try #require(run.output.split(separator: "\r").first { $0.hasPrefix("[") })
    #expect(bar.hasPrefix("[....................] 0 % 1024 of 1048576 entries, "))
    #expect(bar.contains(/entries, [0-9]+\/s, [0-9]+ s left/))
    #expect(run.output.contains("\r\u{1B}[Kvgt-balloon: interrupted after 1024 of 1048576 entries"))
    #expect(run.output.contains("\"entries_read\": 1024,"))
    #expect(run.output.contains("\"complete\": false"))
    #expect(run.status == 3)
  }

  @Test func `where no terminal is, no bar is drawn`() throws {
    let bed = try QuickBed(.healthy)
    let delay = "inject=rt_sigaction:delay_enter=1200000:when=\(try callsUntilReading(bed))"
    let (audit, run) = try audit(bed, under: bed.strace(["-e", delay]))
    #expect(run.errors == "")
    #expect(audit.complete)
  }
}
