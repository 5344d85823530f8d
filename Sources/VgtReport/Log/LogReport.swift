package import VgtLog

/// What kernel logs say of GVT-g; the renderers turn it into text.
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
    if boots.isEmpty { return .none }
    return boots.contains(where: \.boot.isFailure) ? .failed : .ok
  }

  package enum Verdict: String, Hashable, Sendable {
    /// No probe ended badly, and none contradicts its own shares.
    case ok
    /// No line of a GVT-g guest's driver.
    case none
    case failed
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
