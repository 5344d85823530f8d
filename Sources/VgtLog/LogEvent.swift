internal import VgtCore

/// One message that bears on a probe.
struct LogEvent: Hashable, Sendable {
  var kind: Kind
  /// Counted from 1.
  var line: Int
  var device: PCIAddress?
  /// `nil` where both dialects have the words.
  var dialect: DriverDialect?
  /// What identifies the record, where the log has times.
  var stamp: RecordPrefix.Stamp?

  enum Kind: Hashable, Sendable {
    case detected
    /// Something that only a guest's driver says.
    case evidence
    case heading
    case mappable(LogShare)
    case unmappable(LogShare)
    case range(LogRange)
    case ended(LogOutcome)
    /// What i915 says of any probe that fails.
    case failure(LaterFailure.Kind, errno: UInt64?)
    /// A part of a range that is not known as one, or a gap in the log.
    case fragment
    case kernelStart
    case oops
    case warning
    case stoppedInDriver
    case storedPart(UInt64)
    case host(HostMessage.Kind, vgpu: UInt32?, figures: [UInt64])
    case displayFunction(UInt16)
    case report(hasEnd: Bool)
    case reportEnd
  }

  /// Whether all figures of the message are there, as the running kernel prints
  /// them.
  var isWhole: Bool {
    switch kind {
    case .mappable(let share), .unmappable(let share): share.isWhole
    case .range(let range): range.isWhole
    default: true
    }
  }

  /// How many lines apart a log that holds each record twice may have the two:
  /// a console wraps them.
  private static let neighbours = 3

  /// Whether a log that holds each record twice has this one twice.
  func repeats(_ other: LogEvent) -> Bool {
    guard kind == other.kind, device == other.device else { return false }
    switch (stamp?.kernelTime, other.stamp?.kernelTime) {
    case (let time?, let otherTime?): return time == otherTime
    case (nil, nil) where stamp != nil && other.stamp != nil:
      return stamp == other.stamp
    default: return abs(line - other.line) <= Self.neighbours
    }
  }
}
