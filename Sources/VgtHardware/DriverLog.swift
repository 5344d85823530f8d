internal import SystemPackage
internal import VgtCore
internal import VgtLog

/// What the kernel's messages tell of the driver's last probe of a function.
///
/// Only worth asking while the driver is bound: earlier probes stay in the log.
enum DriverLog {
  /// The ranges that the driver printed, from the kernel's ring; from the
  /// journal where the ring no longer has them.
  static func ranges(printedFor address: PCIAddress) -> DriverCheck.Heard<[GraphicsRange]> {
    var ring = LogReader()
    var refusal: Errno?
    do {
      try KernelLog.readRing { ring.read($0) }
    } catch {
      refusal = error
    }
    if let heard = heard(ring.finish().lastProbe(of: address)) { return heard }

    var journal = LogReader()
    KernelLog.readJournal { journal.read($0) }
    if let heard = heard(journal.finish().lastProbe(of: address)) { return heard }
    return refusal.map { .unreadable(DriverCheck.UnreadableReason($0)) } ?? .absent(.noLines)
  }

  /// `nil` where the log no longer holds the probe, or not all of it.
  private static func heard(_ probe: LogBoot?) -> DriverCheck.Heard<[GraphicsRange]>? {
    guard let probe else { return nil }
    return switch probe.outcome {
    case .ballooned: probe.ranges.map { .said($0) }
    case .unknown: nil
    case .invalid, .failed, .refusedPPGTT, .refusedHWSP, .barNotMapped, .versionMismatch,
      .detected:
      .absent(.notBallooned)
    }
  }
}

extension DriverCheck.UnreadableReason {
  init(_ errno: Errno) {
    self = errno == .permissionDenied || errno == .notPermitted ? .permission : .error
  }
}
