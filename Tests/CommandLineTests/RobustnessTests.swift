import Support
import CoreFixtures
import Testing
import VgtCore
import VgtReport

/// Never a crash and never a hang, whatever the page or the file holds.
struct RobustnessTests {
  /// The statuses that a report may have, for input of any kind.
  private static let statuses: Set<Int32> = [0, 1, 2, 3]

  /// 10,000 pages through all that is pure, 100 by a seed.
  @Test(arguments: 1...cases(100))
  func `any page is reported, within 76 columns of ASCII, and decodes again`(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<100 {
      let capture = random.randomCapture()
      let report = Report(
        devices: [Diagnosis(capture)], isFromCapture: false, kernelRelease: capture.kernelRelease)
      let text = report.text()
      let unfit = text.split(separator: "\n").filter {
        $0.utf8.count > 76 || !$0.allSatisfy(\.isASCII)
      }
      #expect(unfit == [], "seed \(seed)")
      let decoded = try? CaptureParser.captures(in: Array(text.utf8))
      #expect(decoded == [capture], "seed \(seed)")
      #expect(report.json.utf8.count > 1000)
    }
  }

  /// 400 pages by the binary, 20 functions to a machine.
  @Test(arguments: 1...cases(20))
  func `any page is read by the binary`(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let functions = (0..<20).map { index in
      SyntheticFunction.healthy
        .with(\.address, "0000:\(index + 10):00.0").with(\.page, random.infoPage())
    }
    let bed = try QuickBed(SyntheticMachine(functions))
    let run = try bed.run("--format", random.pick(PasteTests.formats))
    #expect(Self.statuses.contains(run.status), "seed \(seed)")
    #expect(run.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("vgt-balloon: ") })
  }

  /// Mutated reports, by the binary; thousands more run in VgtCoreTests.
  @Test(arguments: 1...cases(200))
  func `any input ends in a report or in one line`(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let report = try Self.samples.get()[seed % PasteTests.formats.count]
    let run = try Tool.run(["--from", "-"], input: random.mutated(Array(report.utf8)))
    if run.status == 65 {
      #expect(run.output == "", "seed \(seed)")
      #expect(run.messages.count == 1, "seed \(seed)")
    } else {
      #expect(Self.statuses.contains(run.status), "seed \(seed): \(run.status)")
      #expect(run.errors == "", "seed \(seed)")
    }
  }

  private static let samples = Result {
    try PasteTests.formats.map { try Tool.run(["--sample", "--format", $0]).output }
  }

  /// What could make a parser go over its input again and again: 10 MB for the
  /// release binary, 1 MB for the slow debug one. The limit is on the data that
  /// the process may have, in bytes.
  @Test(arguments: [
    "vgt-balloon capture: 1\n", "vgt-balloon capture:", "v", "vgt-", "=", "=3", "=76=67=74", "\\",
    "&", "&gt", "\u{1B}[", "> ", "\n", "\u{0}", "driver_range: 0x0-0x0\n", "sample: ",
  ])
  func `megabytes of anything end in one line and in little memory`(piece: String) throws {
    let size = Tool.isOptimised ? 10_000_000 : 1_000_000
    let input = Array(String(repeating: piece, count: size / piece.utf8.count).utf8)
    let folder = try ScratchFolder()
    try folder.write(input, to: "input")
    let run = try Tool.shell(
      #"exec prlimit --data=134217728 "$TOOL" --from "$1""#, folder.path("input"))
    #expect(run.status == 65)
    #expect(run.messages.count == 1)
  }

  @Test func `the same report 64 times in one file is one device`() throws {
    let run = try Self.runSample(times: 64)
    #expect(run.status == 0)
    #expect(try run.report().devices.count == 1)
  }

  @Test func `more than 64 reports in one file are one line and status 65`() throws {
    let run = try Self.runSample(times: 65)
    #expect(run.status == 65)
    #expect(run.output == "")
    #expect(run.messages.count == 1)
  }

  private static func runSample(times: Int) throws -> ToolRun {
    let sample = try samples.get()[0]
    return try Tool.run(
      ["--from", "-", "--format", "json"],
      input: Array(String(repeating: sample, count: times).utf8))
  }

  @Test func `input without an end is refused at 256 MiB`() throws {
    let run = try Tool.shell(#"yes | "$TOOL" --from -"#)
    #expect(run.status == 65)
    #expect(
      run.errors == """
        vgt-balloon: standard input has more than 256 MiB; cut the report out of it

        """)
  }
}

extension SeededGenerator {
  /// A page of random words; half of them with the right magic and version.
  fileprivate mutating func infoPage() -> InfoPage {
    var page = InfoPage()
    if once(in: 4) { page.magic = next() }
    if once(in: 4) { page.versionMajor = UInt16.random(in: 0 ... .max, using: &self) }
    page.versionMinor = UInt16.random(in: 0 ... .max, using: &self)
    page.id = UInt32.random(in: 0 ... .max, using: &self)
    page.caps = UInt32.random(in: 0 ... .max, using: &self)
    page.mappableBase = UInt32.random(in: 0 ... .max, using: &self) >> pick([0, 4, 12])
    page.mappableSize = UInt32.random(in: 0 ... .max, using: &self) >> pick([0, 4, 12])
    page.unmappableBase = UInt32.random(in: 0 ... .max, using: &self)
    page.unmappableSize = UInt32.random(in: 0 ... .max, using: &self) >> pick([0, 1, 12])
    page.fenceCount = UInt32.random(in: 0 ... .max, using: &self) >> pick([0, 28])
    return page
  }

  /// A capture of a random page, on one of three platforms.
  fileprivate mutating func randomCapture() -> Capture {
    var guest = Guest.healthy()
    let page = infoPage()
    guest.magic = page.magic
    guest.pvInfo = VgtIf(
      versionMajor: page.versionMajor, versionMinor: page.versionMinor, id: page.id,
      caps: Capabilities(rawValue: page.caps),
      mappable: Share(base: page.mappableBase, size: page.mappableSize),
      unmappable: Share(base: page.unmappableBase, size: page.unmappableSize),
      fenceCount: page.fenceCount)
    guest.surroundings.deviceID = pick([0x0412, 0x1616, 0x5912])
    guest.surroundings.gmchControl = UInt16.random(in: 0 ... .max, using: &self)
    return guest.capture
  }

  /// Up to a dozen bytes changed, cut out, doubled or moved; or noise alone.
  fileprivate mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    if once(in: 10) {
      return (0..<Int.random(in: 0...100_000, using: &self)).map { _ in
        UInt8.random(in: 0 ... .max, using: &self)
      }
    }
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...12, using: &self) {
      let start = Int.random(in: 0...bytes.count, using: &self)
      let end = min(bytes.count, start + Int.random(in: 0...(once(in: 3) ? 2000 : 4), using: &self))
      switch Int.random(in: 0..<4, using: &self) {
      case 0:
        for index in start..<end { bytes[index] = UInt8.random(in: 0 ... .max, using: &self) }
      case 1: bytes.removeSubrange(start..<end)
      case 2: bytes.insert(contentsOf: bytes[start..<end], at: start)
      default:
        let moved = bytes[start..<end]
        bytes.removeSubrange(start..<end)
        bytes.insert(contentsOf: moved, at: Int.random(in: 0...bytes.count, using: &self))
      }
    }
    return bytes
  }
}
