import VgtCore

/// What a driver makes of two shares, as far as their figures and the sizes of
/// the space are known: the ranges of the four places, unknown ends left open.
///
/// Sources: Linux 6.1 and 4.1 `i915_vgpu.c`, `intel_vgt_balloon`; KVMGT-kernel
/// `i915_gem_gtt.c`, `i915_balloon`.
struct ExpectedRanges: Hashable, Sendable {
  let rule: LogRule
  let mappable: LogShare?
  let unmappable: LogShare?
  var aperture: UInt64?
  var total: UInt64?

  /// Bytes that XenGT keeps for the page directories of the PPGTT: 512 pages
  /// (`GEN6_PPGTT_PD_ENTRIES`).
  static let directoryBytes: UInt64 = 512 * GGTT.pageSize

  /// One place: where its range starts and ends, and whether there is one.
  struct Expectation: Hashable {
    let start: UInt64?
    let end: UInt64?
    /// `nil` where it cannot be told.
    let isPrinted: Bool?

    var range: GraphicsRange? {
      guard isPrinted == true, let start, let end, start < end else { return nil }
      return GraphicsRange(start: start, end: end)
    }
  }

  func expectation(_ slot: BalloonSlot) -> Expectation {
    let (start, end): (UInt64?, UInt64?) =
      switch slot {
      case .belowUnmappable: (aperture, unmappable?.base)
      case .aboveUnmappable: (startAboveUnmappable, top)
      case .belowMappable: (0, mappable?.base)
      case .aboveMappable: (startAboveMappable, aperture)
      }
    var isPrinted: Bool?
    if let start, let end { isPrinted = start < end }
    if case .xengt = rule, slot == .aboveUnmappable || slot == .aboveMappable { isPrinted = true }
    return Expectation(start: start, end: end, isPrinted: isPrinted)
  }

  /// Where the allocator ends.
  private var top: UInt64? {
    rule == .mainline(.guardPage) ? total.map { $0 - min($0, GGTT.pageSize) } : total
  }

  private var startAboveUnmappable: UInt64? {
    switch rule {
    case .mainline: unmappable?.end
    case .xengt(let hasPPGTT): Self.startAfter(unmappable, mayHoldDirectories: hasPPGTT)
    }
  }

  private var startAboveMappable: UInt64? {
    switch rule {
    case .mainline: mappable?.end
    case .xengt(hasPPGTT: false): Self.startAfter(mappable, mayHoldDirectories: false)
    case .xengt(hasPPGTT: true):
      // The directories go here only when the other share was too small.
      unmappable?.size.flatMap { size in
        Self.startAfter(mappable, mayHoldDirectories: size < Self.directoryBytes)
      }
    }
  }

  /// The end of what XenGT leaves of a share: a guard page and perhaps the page
  /// directories are taken from its end.
  private static func startAfter(_ share: LogShare?, mayHoldDirectories: Bool) -> UInt64? {
    guard let share, let base = share.base, var size = share.size, share.end != nil else {
      return nil
    }
    if mayHoldDirectories, size >= directoryBytes { size -= directoryBytes }
    if size > GGTT.pageSize { size -= GGTT.pageSize }
    return base + size
  }
}
