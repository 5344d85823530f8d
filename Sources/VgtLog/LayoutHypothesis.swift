import VgtCore

/// One way to understand the printed ranges: a rule, the sizes of the space, and
/// which range is at which place; and how well the figures bear it out.
struct LayoutHypothesis: Hashable, Sendable {
  private(set) var slots: ExpectedRanges
  /// The place of each printed range.
  private(set) var places: [BalloonSlot]
  /// Figures that are not what they should be.
  private(set) var contradictions = 0
  /// Figures that are what they should be.
  private(set) var confirmations = 0
  /// Ranges that should be there and are not.
  private(set) var missing = 0
  /// Whether the ranges are right, but for their order.
  private(set) var isMisordered = false

  /// Smaller is better.
  private var rank: (Int, Int, Int) { (contradictions, missing, -confirmations) }

  /// The best explanation; where several are equally good, the sizes are given
  /// only if all have them in common.
  static func best(of draft: ProbeBuilder, dialect: DriverDialect) -> LayoutHypothesis? {
    let best = best(of: draft, draft.printed, dialect: dialect)
    guard let best, best.contradictions > 0 else { return best }
    for order in permutations(of: draft.printed) {
      guard var other = Self.best(of: draft, order, dialect: dialect), other.contradictions == 0
      else { continue }
      // What only their order would tell.
      other.places = []
      other.isMisordered = true
      return other
    }
    return best
  }

  private static func best(
    of draft: ProbeBuilder, _ printed: [LogRange], dialect: DriverDialect
  ) -> LayoutHypothesis? {
    guard !printed.isEmpty else { return nil }
    let all = rules(of: dialect, draft).flatMap { rule in
      allPlaces.filter { $0.count == printed.count }.flatMap { places in
        apertures(printed, at: places).map { aperture in
          LayoutHypothesis(draft, printed, rule: rule, aperture: aperture, places: places)
        }
      }
    }
    guard var best = all.min(by: { $0.rank < $1.rank }) else { return nil }
    for equal in all where equal.rank == best.rank {
      if equal.slots.aperture != best.slots.aperture { best.slots.aperture = nil }
      if equal.slots.total != best.slots.total { best.slots.total = nil }
    }
    return best
  }

  private static func permutations(of printed: [LogRange]) -> [[LogRange]] {
    guard let first = printed.first else { return [[]] }
    return permutations(of: Array(printed.dropFirst())).flatMap { rest in
      (0...rest.count).map { Array(rest[..<$0]) + [first] + Array(rest[$0...]) }
    }
  }

  private init(
    _ draft: ProbeBuilder, _ printed: [LogRange], rule: LogRule, aperture: UInt64?,
    places: [BalloonSlot]
  ) {
    self.places = places
    let top = places.firstIndex(of: .aboveUnmappable).flatMap { printed[$0].end }
    let total = top.map { rule == .mainline(.guardPage) ? $0 &+ GGTT.pageSize : $0 }
    slots = ExpectedRanges(
      rule: rule, mappable: draft.mappable, unmappable: draft.unmappable, aperture: aperture,
      total: total)
    if let aperture, !Self.isAperture(aperture) { contradictions += 1 }
    if let total, !Self.isTotal(total) { contradictions += 1 }
    for (range, place) in zip(printed, places) {
      compare(range, slots.expectation(place))
    }
    // A driver that failed printed nothing behind the range it failed at.
    let last = draft.outcome == .failed ? places.last : nil
    let reached = BalloonSlot.allCases.firstIndex { $0 == last } ?? BalloonSlot.allCases.count - 1
    missing = BalloonSlot.allCases[...reached].count { !places.contains($0) && isMissing($0) }
  }

  /// The rules of a dialect, the likeliest first.
  private static func rules(of dialect: DriverDialect, _ draft: ProbeBuilder) -> [LogRule] {
    switch dialect {
    case .xengt: return [.xengt(hasPPGTT: false), .xengt(hasPPGTT: true)]
    case .mainline:
      // The driver with the guard page fails at a range that reaches it.
      let end = draft.printed.last?.end
      let isRefused = draft.outcome == .failed && end.map(isTotal) == true
      return isRefused
        ? [.mainline(.guardPage), .mainline(.exact)] : [.mainline(.exact), .mainline(.guardPage)]
    }
  }

  /// Every way to put ranges at the four places in the driver's order.
  private static let allPlaces: [[BalloonSlot]] = BalloonSlot.allCases.reduce(into: [[]]) {
    places, slot in
    places += places.map { $0 + [slot] }
  }

  /// The sizes of the aperture that ranges at these places tell of.
  private static func apertures(_ printed: [LogRange], at places: [BalloonSlot]) -> [UInt64?] {
    let below = places.firstIndex(of: .belowUnmappable).flatMap { printed[$0].start }
    let above = places.firstIndex(of: .aboveMappable).flatMap { printed[$0].end }
    return below == nil || above == nil || below == above ? [below ?? above] : [below, above]
  }

  private mutating func compare(_ printed: LogRange, _ expected: ExpectedRanges.Expectation) {
    if expected.isPrinted == false { contradictions += 1 }
    compare(printed.start, expected.start)
    compare(printed.end, expected.end)
    // The driver computes the size of the very range that it prints.
    guard let start = printed.start ?? expected.start, let end = printed.end ?? expected.end else {
      return
    }
    if end > start {
      compare(printed.kib, (end - start) / 1024)
    } else {
      contradictions += 1
    }
  }

  private mutating func compare(_ printed: UInt64?, _ expected: UInt64?) {
    guard let printed, let expected else { return }
    if printed == expected { confirmations += 1 } else { contradictions += 1 }
  }

  private func isMissing(_ place: BalloonSlot) -> Bool {
    let expected = slots.expectation(place)
    if let isPrinted = expected.isPrinted { return isPrinted }
    // Without its range, a place tells nothing of the size it would end at; it
    // is empty when the share can reach that far.
    switch place {
    case .aboveUnmappable:
      guard let start = expected.start else { return false }
      return !Self.isTotal(start)
        && !(slots.rule == .mainline(.guardPage) && Self.isTotal(start &+ GGTT.pageSize))
    case .belowUnmappable:
      return slots.unmappable?.base.map { !Self.isAperture($0) } ?? false
    case .aboveMappable:
      return expected.start.map { !Self.isAperture($0) } ?? false
    case .belowMappable: return false
    }
  }

  /// Whether a BAR can have this size. The aperture is BAR2, or the whole GGTT.
  static func isAperture(_ bytes: UInt64) -> Bool {
    bytes >= 1 << 20 && bytes & (bytes - 1) == 0 || isTotal(bytes)
  }

  /// Whether a GGTT can have this size: a table of whole MiB, with entries of
  /// four or eight bytes, up to 4 GiB; or what GuC leaves of it.
  static func isTotal(_ bytes: UInt64) -> Bool {
    bytes > 0 && bytes <= 1 << 32 && bytes % (512 << 20) == 0 || bytes == DriverEra.gucTop
  }

  /// The size of a GGTT whose last share or range ends at `end`: up to Linux 4.11
  /// the last page is in neither.
  static func total(endingAt end: UInt64) -> UInt64? {
    [end, end &+ GGTT.pageSize].first(where: isTotal)
  }
}
