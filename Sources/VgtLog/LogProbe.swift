package import VgtCore

/// One probe of one device, as a kernel log tells it: what was claimed, what
/// follows from it, and whether the two agree.
package struct LogProbe: Hashable, Sendable {
  /// Counted from 1: where the first message of the probe stands.
  package internal(set) var line: Int
  /// `nil` where the messages carry no address: before Linux 5.7, and in XenGT.
  package let device: PCIAddress?
  package let dialect: DriverDialect
  package let outcome: LogOutcome
  /// The share in the aperture; `nil` when no figure of it can be read.
  package let mappable: LogShare?
  /// The share above the aperture; `nil` when no figure of it can be read.
  package let unmappable: LogShare?
  /// The ranges in the order of the log.
  package let printed: [LogRange]
  /// The place of each printed range, by the best explanation of them.
  package let places: [BalloonSlot]
  /// The rule that explains the printed ranges; where none does, the one that
  /// comes nearest.
  package let rule: LogRule?
  /// Bytes; inferred from the ends of the printed ranges.
  package let aperture: UInt64?
  /// Bytes of the whole GGTT; inferred from the ends of the printed ranges.
  package let total: UInt64?
  /// What `rule` makes of the shares, in the driver's order, as far as it can
  /// be told.
  package let computed: [Balloon.Reservation]
  package let agreement: LogAgreement
  /// Whether the log has the ranges in another order than the driver's.
  package let isMisordered: Bool
  /// What went wrong after the driver's last word on the balloon.
  package let laterFailure: LaterFailure?

  /// The type whose shares have these sizes.
  package var vgpuType: VgpuType? {
    guard dialect == .mainline, let low = mappable?.size, let high = unmappable?.size else {
      return nil
    }
    return VgpuType.all.first { $0.lowSize == low && $0.highSize == high }
  }

  /// The bytes of both shares; `nil` where a size cannot be read, or is none.
  package var ownedBytes: UInt64? {
    guard let low = mappable?.size, let high = unmappable?.size else { return nil }
    let (sum, overflow) = low.addingReportingOverflow(high)
    return overflow ? nil : sum
  }

  /// Whether the driver did not get its balloon, or not the one it should, or
  /// failed after it.
  package var isFailure: Bool {
    if agreement == .disagrees { return true }
    switch outcome {
    case .ballooned: return laterFailure != nil
    // An oops tells that the driver was stopped, not how its probe would have
    // ended.
    case .detected, .unknown: return laterFailure.map { $0.kind != .oops } ?? false
    case .invalid, .failed, .refusedPPGTT, .refusedHWSP, .barNotMapped, .versionMismatch:
      return true
    }
  }

  /// Whether the log does not tell how the probe ended.
  package var isOpen: Bool { !isFailure && (outcome == .detected || outcome == .unknown) }

  /// The same probe at another place.
  package func at(line: Int) -> LogProbe {
    var copy = self
    copy.line = line
    return copy
  }
}

/// What i915, or the kernel, says of a probe after the balloon.
package struct LaterFailure: Hashable, Sendable {
  /// Counted from 1.
  package let line: Int
  package let kind: Kind
  /// As a positive number; `nil` where the message has none, or is cut.
  package internal(set) var errno: UInt64?

  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case deviceInit = "device-init"
    case pageTable = "page-table"
    case gmadrSize = "gmadr-size"
    case oops
  }
}

/// A share as the driver announces it, in bytes; a figure is `nil` where the
/// log is cut or damaged.
package struct LogShare: Hashable, Sendable {
  package internal(set) var base: UInt64?
  package internal(set) var size: UInt64?

  package init(base: UInt64? = nil, size: UInt64? = nil) {
    self.base = base
    self.size = size
  }

  package var isWhole: Bool { base != nil && size != nil }

  /// Exclusive; `nil` where it cannot be told.
  var end: UInt64? {
    guard let base, let size else { return nil }
    let (end, overflow) = base.addingReportingOverflow(size)
    return overflow ? nil : end
  }
}

/// A range as the driver prints it before reserving it; a figure is `nil` where
/// the log is cut or damaged.
package struct LogRange: Hashable, Sendable {
  package internal(set) var start: UInt64?
  /// Exclusive.
  package internal(set) var end: UInt64?
  /// Units of 1024 bytes.
  package internal(set) var kib: UInt64?

  package init(start: UInt64? = nil, end: UInt64? = nil, kib: UInt64? = nil) {
    self.start = start
    self.end = end
    self.kib = kib
  }

  package var isWhole: Bool { start != nil && end != nil && kib != nil }

  /// The range, when both ends can be read and make one.
  package var range: GraphicsRange? {
    guard let start, let end, start <= end else { return nil }
    return GraphicsRange(start: start, end: end)
  }
}

/// How the driver reserves.
package enum LogRule: Hashable, Sendable {
  case mainline(BalloonRule)
  /// With guard pages inside the shares, and the page directories of the PPGTT
  /// where it is used. Source: KVMGT-kernel `i915_gem_gtt.c`, `i915_balloon`.
  case xengt(hasPPGTT: Bool)

  /// The stable word for it.
  package var word: String {
    switch self {
    case .mainline(let rule): rule.rawValue
    case .xengt: "xengt"
    }
  }
}

/// How the probe ended, as far as the log tells.
package enum LogOutcome: String, Hashable, Sendable, CaseIterable {
  case ballooned
  /// The driver refused the configuration.
  case invalid
  /// A range could not be reserved.
  case failed
  /// Capability bit 2 is missing.
  case refusedPPGTT = "refused-ppgtt"
  /// Capability bit 3 is missing.
  case refusedHWSP = "refused-hwsp"
  /// BAR0 could not be mapped to look for the page.
  case barNotMapped = "bar-not-mapped"
  case versionMismatch = "version-mismatch"
  /// A vGPU was found, and the log says no more of it.
  case detected
  /// The log ends before the driver said how it went.
  case unknown
}

/// Whether the printed ranges follow from the claimed shares.
package enum LogAgreement: String, Hashable, Sendable, CaseIterable {
  case agrees
  /// What can be read agrees; some of it cannot be read.
  case agreesWhereLegible = "agrees-where-legible"
  case disagrees
  /// The log does not hold both the shares and the ranges.
  case notCheckable = "not-checkable"
}
