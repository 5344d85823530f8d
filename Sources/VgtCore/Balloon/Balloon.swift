/// How the driver treats the last page of the GGTT.
package enum BalloonRule: String, Hashable, Sendable, CaseIterable {
  /// The top range runs to the end. Source: Linux 4.12 and later
  /// `i915_vgpu.c`, `intel_vgt_balloon`.
  case exact
  /// The last page is a guard page outside the allocator: the top range ends
  /// before it, and a range that reaches it is refused. Source: Linux 4.1 to
  /// 4.11 `i915_vgpu.c`, `intel_vgt_balloon`.
  case guardPage = "guard-page"
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

/// The ranges that belong to others, reserved as the driver does when it
/// loads, and given back as it does when it is unloaded.
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
  package private(set) var reservations: [Reservation] = []

  /// The bytes of a GGTT page; the guard page is one of them.
  package static let pageSize: UInt64 = 4096

  /// Reserves what lies outside the two shares.
  ///
  /// Source: Linux 6.1 `i915_vgpu.c`, `intel_vgt_balloon`; for the guard page
  /// Linux 4.1 to 4.11.
  ///
  /// - Parameters:
  ///   - ggtt: The sizes of the whole space and of its aperture.
  ///   - mappable: The share in the aperture.
  ///   - unmappable: The share above it.
  ///   - rule: How the last page is treated.
  ///   - space: The space to reserve in; unchanged when this throws.
  /// - Throws: The first of the driver's tests that fails, or
  ///   `reservationFailed`.
  package init(
    ggtt: GGTT, mappable: GraphicsRange, unmappable: GraphicsRange, rule: BalloonRule,
    in space: inout GraphicsSpace
  ) throws(BalloonError) {
    guard mappable.end <= ggtt.aperture else { throw .mappableEndsPastAperture }
    guard unmappable.start >= ggtt.aperture else { throw .unmappableStartsInsideAperture }
    guard unmappable.end <= ggtt.total else { throw .unmappableEndsPastGGTT }

    self.rule = rule
    var filled = space
    for request in Self.requests(
      ggtt: ggtt, mappable: mappable, unmappable: unmappable, rule: rule)
    {
      do {
        try filled.reserve(request.range)
      } catch {
        throw .reservationFailed
      }
      reservations.append(request)
    }
    space = filled
  }

  /// The ranges that the driver asks its allocator for, in its order, once its
  /// tests have passed.
  package static func requests(
    ggtt: GGTT, mappable: GraphicsRange, unmappable: GraphicsRange, rule: BalloonRule
  ) -> [Reservation] {
    let top =
      switch rule {
      case .exact: ggtt.total
      case .guardPage: ggtt.total - min(ggtt.total, pageSize)
      }
    let borders: [(slot: BalloonSlot, start: UInt64, end: UInt64)] = [
      (.belowUnmappable, ggtt.aperture, unmappable.start),
      (.aboveUnmappable, unmappable.end, top),
      (.belowMappable, 0, mappable.start),
      (.aboveMappable, mappable.end, ggtt.aperture),
    ]
    return borders.filter { $0.start < $0.end }.map {
      Reservation(slot: $0.slot, range: GraphicsRange(start: $0.start, end: $0.end))
    }
  }

  /// Gives every range back, in the driver's order, and returns them in it.
  ///
  /// Source: Linux 6.1 `i915_vgpu.c`, `intel_vgt_deballoon`.
  ///
  /// - Throws: `GraphicsSpace.Refusal` when a range is not reserved in
  ///   `space`; `space` is then unchanged.
  @discardableResult
  package consuming func deballoon(
    _ space: inout GraphicsSpace
  ) throws(GraphicsSpace.Refusal) -> [Reservation] {
    let order = deballoonOrder
    var emptied = space
    for reservation in order {
      try emptied.remove(reservation.range)
    }
    space = emptied
    return order
  }

  /// The reservations in the order in which the driver gives them back.
  package var deballoonOrder: [Reservation] {
    BalloonSlot.deballoonOrder.compactMap { slot in reservations.first { $0.slot == slot } }
  }

  package var ranges: [GraphicsRange] { reservations.map(\.range) }

  /// Bytes.
  package var reservedBytes: UInt64 { reservations.reduce(0) { $0 + $1.range.size } }

  /// The space the driver's allocator covers under `rule`.
  package static func allocatorSpace(of ggtt: GGTT, rule: BalloonRule) -> GraphicsSpace {
    switch rule {
    case .exact: GraphicsSpace(size: ggtt.total)
    case .guardPage: GraphicsSpace(size: ggtt.total - min(ggtt.total, pageSize))
    }
  }
}
