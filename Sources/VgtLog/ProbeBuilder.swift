internal import VgtCore

/// A probe while its messages come in.
struct ProbeBuilder: Hashable, Sendable {
  private(set) var line: Int
  private(set) var last: LogEvent
  private(set) var device: PCIAddress?
  private(set) var dialect: DriverDialect?
  /// What the driver said in the end.
  private(set) var outcome: LogOutcome?
  private(set) var mappable: LogShare?
  private(set) var unmappable: LogShare?
  private(set) var printed: [LogRange] = []
  private var headings = 0
  private(set) var laterFailure: LaterFailure?
  /// Whether some lines between the shares and the outcome are lost or broken.
  private(set) var isBroken = false
  private var isDetected = false
  /// Whether the log runs from new to old, as `journalctl -r` prints it: the
  /// driver's last message came first.
  private(set) var isBackward = false
  private var isComplete = false

  /// Linux 6.1 `i915_vgpu.c`, `bl_info.space`.
  private static let mostRanges = 4

  init(_ event: LogEvent) {
    line = event.line
    last = event
    take(event)
  }

  /// Whether nothing more can follow.
  var isEnded: Bool { isBackward ? isComplete : outcome != nil }

  var hasBallooned: Bool {
    headings > 0 || mappable != nil || unmappable != nil || !printed.isEmpty
  }

  /// Whether it may be of this function, as far as both are known.
  func mayBe(of device: PCIAddress?) -> Bool {
    device == nil || self.device == nil || self.device == device
  }

  /// Whether the event belongs to this probe and does not start another.
  func accepts(_ event: LogEvent) -> Bool {
    if let dialect, let other = event.dialect, dialect != other { return false }
    if isBackward { return acceptsBackward(event.kind) }
    switch event.kind {
    case .detected, .ended(.versionMismatch), .ended(.barNotMapped): return false
    // kvmgt says so long after the balloon.
    case .evidence: return true
    case .ended(.refusedPPGTT), .ended(.refusedHWSP): return !isEnded && !hasBallooned
    case .heading:
      // XenGT prints two.
      return !isEnded && mappable == nil && unmappable == nil && printed.isEmpty
        && (headings == 0 || headings == 1 && event.dialect == .xengt && dialect == .xengt)
    case .mappable:
      return isEnded ? startsBackward : mappable == nil && printed.isEmpty
    case .unmappable:
      return isEnded ? startsBackward : unmappable == nil && printed.isEmpty
    case .range: return isEnded ? startsBackward : printed.count < Self.mostRanges
    case .ended(.ballooned), .ended(.failed): return !isEnded
    case .ended(.invalid): return !isEnded && printed.isEmpty
    default: return false
    }
  }

  /// Whether there is only a last message, which cannot be where a probe
  /// starts.
  private var startsBackward: Bool {
    guard !hasBallooned, !isDetected else { return false }
    return outcome == .ballooned || outcome == .failed || outcome == .invalid
  }

  private func acceptsBackward(_ kind: LogEvent.Kind) -> Bool {
    guard !isComplete else { return false }
    return switch kind {
    case .detected, .evidence: true
    case .heading: !isDetected && headings < 2
    case .mappable: mappable == nil && headings == 0
    case .unmappable: unmappable == nil && mappable == nil && headings == 0
    case .range:
      printed.count < Self.mostRanges && unmappable == nil && mappable == nil && headings == 0
    default: false
    }
  }

  mutating func take(_ event: LogEvent) {
    last = event
    device = device ?? event.device
    dialect = dialect ?? event.dialect
    switch event.kind {
    case .detected:
      isDetected = true
      isComplete = isBackward
    case .evidence: isDetected = isDetected || !isEnded
    case .heading: headings += 1
    case .mappable(let share):
      isBackward = isBackward || outcome != nil
      mappable = share
    case .unmappable(let share):
      isBackward = isBackward || outcome != nil
      unmappable = share
    case .range(let range):
      isBackward = isBackward || outcome != nil
      printed.insert(range, at: isBackward ? 0 : printed.count)
    case .ended(let outcome): self.outcome = outcome
    default: break
    }
  }

  mutating func fail(_ failure: LaterFailure) {
    if let first = laterFailure {
      // The first is the cause; a further one may know the error.
      laterFailure?.errno = first.errno ?? failure.errno
    } else {
      laterFailure = failure
    }
  }

  mutating func lose() { isBroken = isBroken || !isEnded }
}
