import CoreFixtures
import Testing
import VgtCore

@Suite struct `the balloon against a model that goes page by page` {
  /// Agrees in what is refused, and in the ranges and their order.
  private func verify(
    _ model: BalloonModel, seed: UInt64, sourceLocation: SourceLocation = #_sourceLocation
  ) -> BalloonModel.Answer {
    let page: UInt64 = 4096
    func bytes(_ start: Int, _ end: Int) -> GraphicsRange {
      GraphicsRange(start: UInt64(start) * page, end: UInt64(end) * page)
    }
    let ggtt = GGTT(total: UInt64(model.total) * page, aperture: UInt64(model.aperture) * page)
    let rule: BalloonRule = model.hasGuardPage ? .guardPage : .exact
    let answer = model.answer
    let note = Comment(rawValue: "seed \(seed): \(model)")
    do {
      let balloon = try Balloon(
        ggtt: ggtt,
        mappable: bytes(model.mappableBase, model.mappableBase + model.mappableSize),
        unmappable: bytes(model.unmappableBase, model.unmappableBase + model.unmappableSize),
        rule: rule)
      let ranges = balloon.ranges.map { Int($0.start / page)...Int($0.end / page) - 1 }
      #expect(answer == .ranges(ranges), note, sourceLocation: sourceLocation)
    } catch {
      #expect(answer == .refused(error.rawValue), note, sourceLocation: sourceLocation)
    }
    return answer
  }

  /// One of `edges`, or any number up to `limit`: borders that meet are where
  /// the rules differ, and chance seldom finds them.
  private func place(
    near edges: [Int], upTo limit: Int, using generator: inout SeededGenerator
  ) -> Int {
    if generator.once(in: 2) { return Int.random(in: 0...max(0, limit), using: &generator) }
    return max(0, generator.pick(edges) + generator.pick([-1, 0, 0, 0, 1]))
  }

  private func configuration(
    total: Int, using generator: inout SeededGenerator
  ) -> BalloonModel {
    let aperture =
      generator.once(in: 8) ? total : Int.random(in: 0...total, using: &generator)
    let mappableBase = place(near: [0, aperture], upTo: aperture, using: &generator)
    let mappableEnd = place(near: [mappableBase, aperture], upTo: aperture + 2, using: &generator)
    let unmappableBase = place(near: [aperture, total], upTo: total, using: &generator)
    let unmappableEnd = place(
      near: [unmappableBase, total, total - 1], upTo: total + 2, using: &generator)
    return BalloonModel(
      total: total, aperture: aperture, mappableBase: mappableBase,
      mappableSize: max(0, mappableEnd - mappableBase), unmappableBase: unmappableBase,
      unmappableSize: max(0, unmappableEnd - unmappableBase), hasGuardPage: generator.once(in: 2))
  }

  @Test func `agrees on 20,000 configurations of up to 4,096 pages`() {
    var seen: [String: Int] = [:]
    for seed in seeds(20_000) {
      var generator = SeededGenerator(seed: seed)
      // Few pages meet more edges; many meet more numbers.
      let total = Int.random(in: 0...generator.pick([4, 16, 64, 256, 4096]), using: &generator)
      let answer = verify(configuration(total: total, using: &generator), seed: seed)
      switch answer {
      case .refused(let reason): seen[reason, default: 0] += 1
      case .ranges(let ranges): seen["\(ranges.count) ranges", default: 0] += 1
      }
    }
    // The generator must reach every outcome often, or agreement means little.
    let outcomes = [
      "mappable-ends-past-aperture", "unmappable-starts-inside-aperture",
      "unmappable-ends-past-ggtt", "reservation-failed", "0 ranges", "1 ranges", "2 ranges",
      "3 ranges", "4 ranges",
    ]
    #expect(outcomes.filter { seen[$0, default: 0] < cases(300) } == [], "\(seen)")
    #expect(seen.count == outcomes.count, "\(seen)")
  }

  @Test func `agrees on 50 configurations of real size`() {
    for seed in seeds(50) {
      var generator = SeededGenerator(seed: seed << 32)
      let total = generator.pick([1 << 18, 1 << 19, 1 << 20])
      _ = verify(configuration(total: total, using: &generator), seed: seed << 32)
    }
  }

  @Test func `tells the real guest's ranges itself`() {
    let model = BalloonModel(
      total: 0x100000, aperture: 0x10000, mappableBase: 0x31C7, mappableSize: 0x4000,
      unmappableBase: 0xE7EF8, unmappableSize: 0x18000, hasGuardPage: false)
    #expect(
      model.answer
        == .ranges([0x10000...0xE7EF7, 0xFFEF8...0xFFFFF, 0...0x31C6, 0x71C7...0xFFFF]))
  }
}
