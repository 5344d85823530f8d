import VgtCore

/// One message of the driver.
struct LogEvent: Hashable, Sendable {
  var kind: Kind
  /// Counted from 1.
  var line: Int
  var device: PCIAddress?
  /// `nil` where both dialects have the words.
  var dialect: LogDialect?
  /// What identifies the record, where the log has times.
  var stamp: UInt64?

  enum Kind: Hashable, Sendable {
    case detected
    /// Something that only a guest's driver says.
    case evidence
    case versionMismatch
    case barNotMapped
    case refusedPPGTT
    case refusedHWSP
    case heading
    case mappable(LogShare)
    case unmappable(LogShare)
    case range(LogRange)
    case ballooned
    case failed
    case invalid
  }

  /// Whether a log that keeps each record twice has this one twice.
  func repeats(_ other: LogEvent) -> Bool {
    stamp != nil && stamp == other.stamp && kind == other.kind && device == other.device
  }
}
