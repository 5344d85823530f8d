/// What the driver computes under each rule, each computed when it is first
/// asked for and then kept.
struct Balloons {
  private let compute: (BalloonRule) -> Diagnosis.BalloonOutcome
  private var outcomes: [Diagnosis.BalloonOutcome] = []

  init(_ compute: @escaping (BalloonRule) -> Diagnosis.BalloonOutcome) {
    self.compute = compute
  }

  mutating func outcome(_ rule: BalloonRule) -> Diagnosis.BalloonOutcome {
    if let known = outcomes.first(where: { $0.rule == rule }) { return known }
    let outcome = compute(rule)
    outcomes.append(outcome)
    return outcome
  }

  /// Whether some rule allows a balloon, and answers can be compared with it.
  mutating func isAnyValid() -> Bool {
    for rule in BalloonRule.allCases where outcome(rule).balloon != nil { return true }
    return false
  }

  /// The rule under which the driver prints these ranges, in this order.
  mutating func rule(explaining printed: [GraphicsRange]) -> BalloonRule? {
    for rule in BalloonRule.allCases where outcome(rule).balloon?.ranges == printed { return rule }
    return nil
  }
}

extension DriverAnswers {
  /// Sets the answers against a page, by what the driver asked can answer.
  ///
  /// - Parameter isExplained: Whether some rule gives these ranges; which one
  ///   the driver has, only its log tells.
  mutating func compare(
    with pvInfo: VgtIf, in ggtt: GGTT, era: DriverEra,
    isExplained: ([GraphicsRange]) -> Bool
  ) {
    log.compare(isExplained)
    aperture.compare {
      $0.size == ggtt.total
        && (!era.has(.subtractsBalloon) || $0.available <= pvInfo.ownedBytes)
    }
    fences.compare { $0 == pvInfo.fenceCount }
    areCompared = true
  }
}

extension DriverAnswer {
  fileprivate mutating func compare(_ agrees: (Value) -> Bool) {
    if case .said(let value, _) = self { self = .said(value, agrees: agrees(value)) }
  }
}
