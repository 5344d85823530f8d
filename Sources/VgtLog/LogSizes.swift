internal import VgtCore

extension LogProbe {
  /// The sizes of the space in bytes, as far as the log tells: by the ends of the
  /// ranges, and where no range was reserved because a share reaches the end of
  /// its part, by the share.
  package var sizes: (aperture: UInt64?, total: UInt64?) {
    var (aperture, total) = (aperture, total)
    if outcome == .ballooned, agreement == .agrees {
      if aperture == nil, let base = unmappable?.base, LayoutHypothesis.isAperture(base) {
        aperture = base
      }
      total = total ?? unmappable?.end.flatMap(LayoutHypothesis.total)
    }
    // With the GuC the driver stops short of the end.
    if total == DriverEra.gucTop { total = nil }
    if let aperture, let total, aperture > total { return (nil, nil) }
    return (aperture, total)
  }
}
