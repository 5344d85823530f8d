import CoreFixtures
import Testing
import VgtCore
import VgtLog

struct SlotTests {
  /// Prints what the driver's algorithm does with random shares, as VgtCore has
  /// it, and reads it back.
  @Test(arguments: BalloonRule.allCases)
  func `the reader computes what the driver's algorithm does`(rule: BalloonRule) throws {
    var generator = SeededGenerator(seed: 1)
    var count = 0
    for _ in 0..<cases(2_000) {
      let ggtt = GGTT(
        total: 1 << UInt64.random(in: 30...32, using: &generator),
        aperture: 1 << UInt64.random(in: 26...29, using: &generator))
      let mappable = range(in: 0..<ggtt.aperture, &generator)
      let unmappable = range(in: ggtt.aperture..<ggtt.total, &generator)
      guard
        let balloon = try? Balloon(
          ggtt: ggtt, mappable: mappable, unmappable: unmappable, rule: rule)
      else { continue }
      count += 1
      let lines = balloon.ranges.map {
        "balloon space: range [ \($0.start.hex()) - \($0.end.hex()) ] \($0.size / 1024) KiB.\n"
      }
      let log =
        "Mappable graphic memory: base \(mappable.start.hex()) size \(mappable.size / 1024)KiB\n"
        + "Unmappable graphic memory: base \(unmappable.start.hex())"
        + " size \(unmappable.size / 1024)KiB\n" + lines.joined() + "VGT balloon successfully\n"
      let boot = try #require(read(log).first)
      #expect(boot.agreement == .agrees, "\(log)")
      #expect(boot.ranges == balloon.ranges, "\(log)")
      if boot.aperture != nil, boot.total != nil {
        #expect(boot.computed == balloon.reservations, "\(log)")
        #expect(boot.aperture == ggtt.aperture, "\(log)")
        #expect(boot.total == ggtt.total, "\(log)")
      }
    }
    #expect(count > cases(1_000))
  }

  private func range(in space: Range<UInt64>, _ generator: inout SeededGenerator) -> GraphicsRange {
    let pages = [space.lowerBound / 4096, space.upperBound / 4096].map { page in
      // Borders of the space are as likely as all else.
      Bool.random(using: &generator)
        ? page : .random(in: space.lowerBound / 4096...space.upperBound / 4096, using: &generator)
    }.sorted()
    return GraphicsRange(start: pages[0] * 4096, end: pages[1] * 4096)
  }
}
