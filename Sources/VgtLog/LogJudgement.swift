import VgtCore

extension LogProbe {
  /// Judges a probe whose messages are all there are.
  init(_ draft: ProbeBuilder) {
    let dialect = draft.dialect ?? .mainline
    let explanation = LayoutHypothesis.best(of: draft, dialect: dialect)
    line = draft.line
    device = draft.device
    self.dialect = dialect
    outcome = draft.outcome ?? (draft.hasBallooned ? .unknown : .detected)
    mappable = draft.mappable.legible
    unmappable = draft.unmappable.legible
    printed = draft.printed
    places = explanation?.places ?? []
    agreement = Self.agreement(draft, dialect: dialect, explanation)
    isMisordered = explanation?.isMisordered == true
    laterFailure = draft.laterFailure
    let isWholeSpace = explanation == nil && agreement == .agrees && outcome == .ballooned
    rule = explanation?.slots.rule ?? (isWholeSpace ? .mainline(.exact) : nil)
    aperture = explanation?.slots.aperture
    total = explanation?.slots.total
    computed = BalloonSlot.allCases.compactMap { slot in
      explanation?.slots.expectation(slot).range.map { Balloon.Reservation(slot: slot, range: $0) }
    }
  }

  private static func agreement(
    _ draft: ProbeBuilder, dialect: DriverDialect, _ explanation: LayoutHypothesis?
  ) -> LogAgreement {
    let isImpossible = dialect == .mainline && draft.isImpossible
    switch draft.outcome {
    case .invalid:
      return draft.printed.isEmpty ? isImpossible ? .agrees : .notCheckable : .disagrees
    case .ballooned where isImpossible: return .disagrees
    default: break
    }
    guard let explanation else {
      return dialect == .mainline && draft.isWholeSpace ? .agrees : .notCheckable
    }
    if explanation.contradictions > 0 || explanation.isMisordered { return .disagrees }
    if draft.lacksRange, explanation.missing > 0 { return .disagrees }
    guard draft.mappable.legible != nil || draft.unmappable.legible != nil,
      explanation.confirmations > 0
    else { return .notCheckable }
    let isLegible =
      draft.printed.allSatisfy(\.isWhole) && draft.mappable?.isWhole == true
      && draft.unmappable?.isWhole == true
    return isLegible && explanation.missing == 0 ? .agrees : .agreesWhereLegible
  }
}

extension ProbeBuilder {
  /// Whether the driver's tests fail for every size that a space can have.
  /// Source: Linux 6.1 `i915_vgpu.c`, `intel_vgt_balloon`.
  fileprivate var isImpossible: Bool {
    if let end = mappable?.end, let base = unmappable?.base, end > base { return true }
    return [mappable?.end, unmappable?.end].contains { $0.map { $0 > 1 << 32 } ?? false }
  }

  /// Whether a range that is missing was not printed, as opposed to not read.
  fileprivate var lacksRange: Bool {
    outcome == .ballooned && !isBroken && mappable?.isWhole == true && unmappable?.isWhole == true
      && printed.allSatisfy { $0.start != nil || $0.end != nil }
  }

  /// Whether the shares are the whole space, so that nothing is reserved.
  fileprivate var isWholeSpace: Bool {
    guard outcome == .ballooned, mappable?.base == 0, let end = unmappable?.end else {
      return false
    }
    return mappable?.end == unmappable?.base && LayoutHypothesis.total(endingAt: end) != nil
  }
}

extension LogShare? {
  /// `nil` when no figure can be read.
  fileprivate var legible: LogShare? {
    flatMap { $0.base == nil && $0.size == nil ? nil : $0 }
  }
}
