import CoreFixtures
import Testing
import VgtCore

@Suite struct `the reader of the PV info page` {
  private static let healthyTrace = [
    "0x78000 64 0x4776544776544776",
    "0x78008 64 0x0000000100000001",
    "0x78010 32 0x0000001c",
    "0x78040 64 0x0400000008000000",
    "0x78048 64 0x1800000060000000",
    "0x78050 32 0x00000004",
  ]

  private func read(
    _ window: RecordingWindow
  ) throws(WindowError) -> (answer: PageAnswer, accesses: [Access]) {
    var reader = VgtIfReader()
    let answer = try reader.read(window)
    return (answer, reader.accesses)
  }

  @Test func `makes the six loads in order, each once`() throws {
    let window = RecordingWindow(Guest.healthy().accesses)
    _ = try read(window)
    #expect(window.trace == Self.healthyTrace)
  }

  @Test func `reports the loads that it made`() throws {
    let window = RecordingWindow(Guest.healthy().accesses)
    #expect(try read(window).accesses.map(\.description) == window.trace)
  }

  @Test func `aligns every load to its width`() throws {
    let window = RecordingWindow(Guest.healthy().accesses)
    let misaligned = try read(window).accesses.filter {
      Int($0.offset) % ($0.width.rawValue / 8) != 0
    }
    #expect(misaligned == [])
  }

  @Test func `decodes every field of a page whose bytes all differ`() throws {
    let answer = try read(
      RecordingWindow([
        Access(offset: 0x78000, width: .bits64, value: 0x4776_5447_7654_4776),
        Access(offset: 0x78008, width: .bits64, value: 0x0807_0605_0403_0201),
        Access(offset: 0x78010, width: .bits32, value: 0x1413_1211),
        Access(offset: 0x78040, width: .bits64, value: 0x2827_2625_2423_2221),
        Access(offset: 0x78048, width: .bits64, value: 0x3837_3635_3433_3231),
        Access(offset: 0x78050, width: .bits32, value: 0x4443_4241),
      ])
    ).answer
    #expect(
      answer
        == .present(
          VgtIf(
            versionMajor: 0x0201, versionMinor: 0x0403, id: 0x0807_0605,
            caps: Capabilities(rawValue: 0x1413_1211),
            mappable: Share(base: 0x2423_2221, size: 0x2827_2625),
            unmappable: Share(base: 0x3433_3231, size: 0x3837_3635), fenceCount: 0x4443_4241)))
  }

  @Test func `reads nothing after a wrong magic`() throws {
    let window = RecordingWindow(Guest.healthy().changing(\.magic, to: 0).accesses)
    #expect(try read(window).answer == .absent(magic: 0))
    #expect(window.trace == ["0x78000 64 0x0000000000000000"])
  }

  @Test(arguments: (0..<64).map { 0x4776_5447_7654_4776 ^ (1 as UInt64) << $0 })
  func `wants every bit of the magic`(magic: UInt64) throws {
    let window = RecordingWindow(Guest.healthy().changing(\.magic, to: magic).accesses)
    #expect(try read(window).answer == .absent(magic: magic))
  }

  @Test func `tells all ones from a wrong magic, and reads nothing after them`() throws {
    let window = RecordingWindow(Guest.healthy().changing(\.magic, to: .max).accesses)
    #expect(try read(window).answer == .allOnes)
    #expect(window.trace == ["0x78000 64 0xffffffffffffffff"])
  }

  @Test func `takes a device that answers ones from the second load on for one that is gone`()
    throws
  {
    let window = RecordingWindow([
      Access(offset: 0x78000, width: .bits64, value: 0x4776_5447_7654_4776),
      Access(offset: 0x78008, width: .bits64, value: .max),
    ])
    #expect(try read(window).answer == .allOnes)
  }

  @Test func `makes all six loads of a page whose version is unsupported`() throws {
    let guest = Guest.healthy().changing(\.pvInfo.versionMajor, to: 0)
    let window = RecordingWindow(guest.accesses)
    #expect(try read(window).answer == .unsupported(guest.pvInfo))
    #expect(window.trace.map { $0.prefix(10) } == Self.healthyTrace.map { $0.prefix(10) })
  }

  @Test(arguments: [(1, 0), (1, 65535), (2, 1), (65535, 0)] as [(UInt16, UInt16)])
  func `accepts version 1 and above, whatever the minor`(major: UInt16, minor: UInt16) throws {
    let guest = Guest.healthy().changing(\.pvInfo.versionMajor, to: major)
      .changing(\.pvInfo.versionMinor, to: minor)
    #expect(try read(RecordingWindow(guest.accesses)).answer == .present(guest.pvInfo))
  }

  @Test(arguments: Array([0x78000, 0x78008, 0x78010, 0x78040, 0x78048, 0x78050].enumerated()))
  func `stops at a load that gives no value, and keeps those before it`(
    index: Int, offset: UInt32
  ) {
    let window = RecordingWindow(Guest.healthy().accesses, failing: (offset, .busError))
    var reader = VgtIfReader()
    #expect(throws: WindowError.busError) { try reader.read(window) }
    #expect(window.trace == Array(Self.healthyTrace.prefix(index + 1)))
    #expect(reader.accesses.map(\.description) == Array(Self.healthyTrace.prefix(index)))
  }
}

@Suite struct `a window onto a capture` {
  @Test func `answers what was recorded`() throws {
    let window = CaptureWindow(Guest.healthy().accesses)
    #expect(try window.load(at: 0x78050, width: .bits32) == 4)
  }

  @Test func `refuses a load of another width`() {
    let window = CaptureWindow(Guest.healthy().accesses)
    #expect(throws: WindowError.notCaptured(offset: 0x78050, width: .bits64)) {
      try window.load(at: 0x78050, width: .bits64)
    }
  }

  @Test func `refuses a load that was not recorded`() {
    let window = CaptureWindow([])
    #expect(throws: WindowError.notCaptured(offset: 0x78000, width: .bits64)) {
      try window.load(at: 0x78000, width: .bits64)
    }
  }
}
