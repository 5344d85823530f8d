package import VgtCore
package import VgtLog

/// What kernel logs say of GVT-g.
package struct LogReport: Hashable, Sendable {
  package let boots: [Entry]

  /// One probe and where it was read.
  package struct Entry: Hashable, Sendable {
    /// The file's name as the user gave it; `-` for standard input.
    package let source: String
    package let boot: LogBoot

    package init(source: String, boot: LogBoot) {
      self.source = source
      self.boot = boot
    }
  }

  package init(boots: [Entry]) {
    self.boots = boots
  }

  package var verdict: Verdict {
    if boots.isEmpty { return .noVgpu }
    return boots.contains(where: \.boot.isFailure) ? .failed : .ok
  }
}

extension LogBoot {
  /// Whether the driver did not get its balloon, or not the one it should.
  package var isFailure: Bool {
    if agreement == .disagrees { return true }
    return switch outcome {
    case .ballooned, .detected, .unknown: false
    case .invalid, .failed, .refusedPPGTT, .refusedHWSP, .barNotMapped, .versionMismatch: true
    }
  }
}
