// The driver's three tests of the shares, and the ranges it reserves. The first
// test that fails is the balloon's error, but all are found. Source:
// Linux 6.1 `i915_vgpu.c`, `intel_vgt_balloon`.

extension Check {
  static let balloon = [
    mappableInsideAperture, mappableEndsPastAperture, unmappableAboveAperture,
    unmappableStartsInsideAperture, unmappableInsideGGTT, unmappableEndsPastGGTT, reserved,
    reservationFailed,
  ]

  package static let mappableInsideAperture = Check(
    "mappable-inside-aperture", .ok, "The mappable share ends inside the aperture.", says: .range
  ) { mappableEnd($0, isInside: true) }

  package static let mappableEndsPastAperture = Check(
    BalloonError.mappableEndsPastAperture.rawValue, .failure,
    "The mappable share ends past the aperture.", says: .invalid, do: hostBug("aperture")
  ) { mappableEnd($0, isInside: false) }

  private static func mappableEnd(_ diagnosis: Diagnosis, isInside: Bool) -> String? {
    guard let (pvInfo, ggtt) = diagnosis.ballooned else { return nil }
    let end = pvInfo.mappable.range.end
    guard (end <= ggtt.aperture) == isInside else { return nil }
    return "the mappable share ends at \(end.hex()), \(isInside ? "within" : "past") the aperture"
      + " (to \(ggtt.aperture.hex()))"
  }

  package static let unmappableAboveAperture = Check(
    "unmappable-above-aperture", .ok, "The unmappable share starts at or above the aperture.",
    says: .range
  ) { unmappableStart($0, isAbove: true) }

  package static let unmappableStartsInsideAperture = Check(
    BalloonError.unmappableStartsInsideAperture.rawValue, .failure,
    "The unmappable share starts inside the aperture.",
    says: .invalid, do: hostBug("aperture")
  ) { unmappableStart($0, isAbove: false) }

  private static func unmappableStart(_ diagnosis: Diagnosis, isAbove: Bool) -> String? {
    guard let (pvInfo, ggtt) = diagnosis.ballooned else { return nil }
    let start = pvInfo.unmappable.range.start
    guard (start >= ggtt.aperture) == isAbove else { return nil }
    return "the unmappable share starts at \(start.hex()), \(isAbove ? "above" : "inside") the"
      + " aperture (to \(ggtt.aperture.hex()))"
  }

  package static let unmappableInsideGGTT = Check(
    "unmappable-inside-ggtt", .ok, "The unmappable share ends inside the GGTT.", says: .range
  ) { unmappableEnd($0, isInside: true) }

  package static let unmappableEndsPastGGTT = Check(
    BalloonError.unmappableEndsPastGGTT.rawValue, .failure,
    "The unmappable share ends past the GGTT.", says: .invalid, do: hostBug("GGTT"),
    unless: { $0.fitsWithoutGuC ? gucCutsGGTT.remedy : nil }
  ) { unmappableEnd($0, isInside: false) }

  private static func unmappableEnd(_ diagnosis: Diagnosis, isInside: Bool) -> String? {
    guard let (pvInfo, ggtt) = diagnosis.ballooned else { return nil }
    let end = pvInfo.unmappable.range.end
    guard (end <= ggtt.total) == isInside else { return nil }
    return "the unmappable share ends at \(end.hex()), \(isInside ? "within" : "past") the GGTT"
      + (diagnosis.fitsWithoutGuC ? " as GuC leaves it" : "") + " (to \(ggtt.total.hex()))"
  }

  package static let reserved = Check(
    "reserved", .ok, "Every range outside the shares can be reserved.", says: .ballooned
  ) { diagnosis in
    guard diagnosis.ballooned != nil, let balloon = diagnosis.balloon?.balloon else { return nil }
    let count = balloon.reservations.count
    return "every range outside the shares can be reserved: \(count)"
      + " \(count == 1 ? "range" : "ranges") (of at most 4), \(bytesText(balloon.reservedBytes))"
      + " in all"
  }

  package static let reservationFailed = Check(
    BalloonError.reservationFailed.rawValue, .failure,
    "The driver's allocator refuses a range that reaches the guard page; all is undone.",
    says: .balloonFailed, do: "run a guest kernel 4.12 or later, which has no guard page"
  ) { diagnosis in
    guard let (_, ggtt) = diagnosis.ballooned, diagnosis.balloon?.error == .reservationFailed else {
      return nil
    }
    return "a range runs to the GGTT's end \(ggtt.total.hex()), over the guard page that drivers"
      + " before 4.12 keep there"
  }

  private static func hostBug(_ part: String) -> String {
    "report this as a host bug: the shares it assigned do not fit its " + part
  }
}

extension Diagnosis {
  /// Whether the unmappable share ends in what GuC takes off the GGTT.
  fileprivate var fitsWithoutGuC: Bool {
    guard let (pvInfo, used) = ballooned, let ggtt else { return false }
    let end = pvInfo.unmappable.range.end
    return end > used.total && end <= ggtt.total
  }

  /// What is ballooned; `nil` where no driver comes to it.
  fileprivate var ballooned: (VgtIf, GGTT)? {
    guard let pvInfo, let ggtt = driverGGTT, ggtt.total > 0, balloon != nil else { return nil }
    return (pvInfo, ggtt)
  }
}
