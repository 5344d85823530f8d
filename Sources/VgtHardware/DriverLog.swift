internal import SystemPackage
internal import VgtCore
internal import VgtLog

/// What the kernel's messages tell of the driver's last probe of a function,
/// opened but not yet read.
///
/// Only worth asking while the driver is bound: earlier probes stay in the log.
struct DriverLog: ~Copyable {
  private let ring: KernelRing?
  private let refusal: Errno?
  /// Only where the ring may no longer have what it had.
  private let journal: KernelJournal?

  init() {
    do {
      let opened = try KernelRing()
      journal = opened.isWhole ? nil : KernelJournal()
      ring = consume opened
      refusal = nil
    } catch {
      journal = KernelJournal()
      ring = nil
      refusal = error
    }
  }

  /// The ranges that the driver printed, from the kernel's ring; from the
  /// journal where the ring no longer has them.
  consuming func ranges(
    printedFor address: PCIAddress
  ) -> DriverAnswer<[GraphicsRange]> {
    var refusal = refusal
    if let ring {
      var reader = LogReader()
      do {
        try ring.read { reader.read($0) }
      } catch {
        refusal = error
      }
      if let heard = Self.heard(reader.finish().lastProbe(of: address)) { return heard }
    }
    if let journal {
      var reader = LogReader()
      journal.read { reader.read($0) }
      if let heard = Self.heard(reader.finish().lastProbe(of: address)) { return heard }
    }
    return refusal.map { .unreadable(DriverAnswers.UnreadableReason($0)) } ?? .absent(.noLines)
  }

  /// `nil` where the log no longer holds the probe, or not all of it.
  private static func heard(_ probe: LogBoot?) -> DriverAnswer<[GraphicsRange]>? {
    guard let probe else { return nil }
    return switch probe.outcome {
    case .ballooned: probe.ranges.map { .said($0, agrees: nil) }
    case .unknown: nil
    case .invalid, .failed, .refusedPPGTT, .refusedHWSP, .barNotMapped, .versionMismatch,
      .detected:
      .absent(.notBallooned)
    }
  }
}

extension DriverAnswers.UnreadableReason {
  init(_ errno: Errno) {
    self = errno == .permissionDenied || errno == .notPermitted ? .permission : .error
  }
}
