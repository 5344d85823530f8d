/// How the driver treats the last page of the GGTT.
package enum BalloonRule: String, Hashable, Sendable, CaseIterable {
  /// The top range runs to the end. Source: Linux 4.12 and later
  /// `i915_vgpu.c`, `intel_vgt_balloon`.
  case exact
  /// The last page is a guard page outside the allocator: the top range ends
  /// before it, and a range that reaches it is refused. Source: Linux 4.1 to
  /// 4.11 `i915_vgpu.c`, `intel_vgt_balloon`.
  case guardPage = "guard-page"

  /// Where the driver's allocator ends.
  package func end(of ggtt: GGTT) -> UInt64 {
    switch self {
    case .exact: ggtt.total
    case .guardPage: ggtt.total - min(ggtt.total, GGTT.pageSize)
    }
  }
}

/// The four places where the driver may reserve a range.
///
/// The order of the cases is the order in which the driver reserves (Linux 6.1
/// `i915_vgpu.c`, `intel_vgt_balloon`).
package enum BalloonSlot: String, Hashable, Sendable, CaseIterable {
  case belowUnmappable = "below-unmappable"
  case aboveUnmappable = "above-unmappable"
  case belowMappable = "below-mappable"
  case aboveMappable = "above-mappable"

  /// The order in which the driver gives them back: its array from 0 to 3
  /// (Linux 6.1 `i915_vgpu.c`, `intel_vgt_deballoon`).
  package static let deballoonOrder: [BalloonSlot] = [
    .belowMappable, .aboveMappable, .belowUnmappable, .aboveUnmappable,
  ]
}

/// Why the driver refuses to balloon.
package enum BalloonError: String, Error, Hashable, Sendable, CaseIterable {
  case mappableEndsPastAperture = "mappable-ends-past-aperture"
  case unmappableStartsInsideAperture = "unmappable-starts-inside-aperture"
  case unmappableEndsPastGGTT = "unmappable-ends-past-ggtt"
  /// The allocator refused a range; the driver undid the earlier ones.
  case reservationFailed = "reservation-failed"
}

/// The ranges that belong to others, as the driver reserves them when it loads.
package struct Balloon: Hashable, Sendable {
  /// One range reserved.
  package struct Reservation: Hashable, Sendable {
    package let slot: BalloonSlot
    package let range: GraphicsRange

    package init(slot: BalloonSlot, range: GraphicsRange) {
      self.slot = slot
      self.range = range
    }
  }

  package let rule: BalloonRule
  /// In the driver's order. Places that need no range are left out.
  package let reservations: [Reservation]

  /// Reserves what lies outside the two shares.
  ///
  /// The driver's tests leave ranges that are not empty and do not overlap, so
  /// its allocator refuses one only where it reaches the guard page.
  ///
  /// Source: Linux 6.1 `i915_vgpu.c`, `intel_vgt_balloon`; for the guard page
  /// Linux 4.1 to 4.11.
  ///
  /// - Parameters:
  ///   - ggtt: The sizes of the whole space and of its aperture.
  ///   - mappable: The share in the aperture.
  ///   - unmappable: The share above it.
  ///   - rule: How the last page is treated.
  /// - Throws: The first of the driver's tests that fails, or
  ///   `reservationFailed`.
  package init(
    ggtt: GGTT, mappable: GraphicsRange, unmappable: GraphicsRange, rule: BalloonRule
  ) throws(BalloonError) {
    guard mappable.end <= ggtt.aperture else { throw .mappableEndsPastAperture }
    guard unmappable.start >= ggtt.aperture else { throw .unmappableStartsInsideAperture }
    guard unmappable.end <= ggtt.total else { throw .unmappableEndsPastGGTT }

    let requests = Self.requests(
      ggtt: ggtt, mappable: mappable, unmappable: unmappable, rule: rule)
    guard requests.allSatisfy({ $0.range.end <= rule.end(of: ggtt) }) else {
      throw .reservationFailed
    }
    self.rule = rule
    reservations = requests
  }

  /// The ranges that the driver asks its allocator for, in its order, once its
  /// tests have passed.
  package static func requests(
    ggtt: GGTT, mappable: GraphicsRange, unmappable: GraphicsRange, rule: BalloonRule
  ) -> [Reservation] {
    var requests: [Reservation] = []
    func request(_ slot: BalloonSlot, _ start: UInt64, _ end: UInt64) {
      guard start < end else { return }
      requests.append(Reservation(slot: slot, range: GraphicsRange(start: start, end: end)))
    }
    request(.belowUnmappable, ggtt.aperture, unmappable.start)
    request(.aboveUnmappable, unmappable.end, rule.end(of: ggtt))
    request(.belowMappable, 0, mappable.start)
    request(.aboveMappable, mappable.end, ggtt.aperture)
    return requests
  }

  /// The reservations in the order in which the driver gives them back.
  package var deballoonOrder: [Reservation] {
    BalloonSlot.deballoonOrder.compactMap { slot in reservations.first { $0.slot == slot } }
  }

  package var ranges: [GraphicsRange] { reservations.map(\.range) }

  /// Bytes.
  package var reservedBytes: UInt64 { reservations.reduce(0) { $0 + $1.range.size } }
}
