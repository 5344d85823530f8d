/// What the running driver says of the balloon, and whether it agrees with
/// what was computed.
package struct DriverCheck: Hashable, Sendable {
  /// The ranges its log printed at its last probe of the device, in order.
  package var log: Answer<[GraphicsRange]>
  /// Its answer to `DRM_IOCTL_I915_GEM_GET_APERTURE`.
  package var aperture: Answer<ApertureSize>
  /// Its answer to `I915_PARAM_NUM_FENCES_AVAIL`.
  package var fences: Answer<UInt32>

  package init(
    log: Answer<[GraphicsRange]>, aperture: Answer<ApertureSize>, fences: Answer<UInt32>
  ) {
    self.log = log
    self.aperture = aperture
    self.fences = fences
  }

  /// Nothing was asked, for one reason.
  package static func notAsked(_ reason: AbsentReason) -> DriverCheck {
    DriverCheck(log: .absent(reason), aperture: .absent(reason), fences: .absent(reason))
  }

  /// One answer, judged.
  ///
  /// No constraint on `Value`: the Swift runtime would look for conformances
  /// in all of the binary, a quarter of the instructions of a whole report.
  package enum Answer<Value> {
    case agrees(Value)
    case disagrees(Value)
    case absent(AbsentReason)
    case unreadable(UnreadableReason)

    /// The stable word for it.
    package var outcome: String {
      switch self {
      case .agrees: "agrees"
      case .disagrees: "disagrees"
      case .absent: "absent"
      case .unreadable: "unreadable"
      }
    }

    /// What the driver said, whether it agrees or not.
    package var value: Value? {
      switch self {
      case .agrees(let value), .disagrees(let value): value
      case .absent, .unreadable: nil
      }
    }
  }

  /// Why there is no answer to compare.
  package enum AbsentReason: String, Hashable, Sendable, CaseIterable {
    /// No driver is bound, or one that is not i915.
    case noDriver = "no-driver"
    /// There is no valid balloon to compare with.
    case noBalloon = "no-balloon"
    /// The kernel log no longer holds the driver's probe of this device.
    case noLines = "no-lines"
    /// The driver probed this device without ballooning.
    case notBallooned = "not-ballooned"
    /// The driver has no DRM node for this device.
    case noNode = "no-node"
    /// The way the page was reached asks no driver, or the sample has none.
    case notAsked = "not-asked"
  }

  /// Why the answer could not be had.
  package enum UnreadableReason: String, Hashable, Sendable, CaseIterable {
    case permission
    case error
  }
}

/// The answer of `DRM_IOCTL_I915_GEM_GET_APERTURE`, in bytes.
package struct ApertureSize: Hashable, Sendable {
  /// The whole GGTT.
  package var size: UInt64
  /// The size less what is reserved and pinned.
  package var available: UInt64

  package init(size: UInt64, available: UInt64) {
    self.size = size
    self.available = available
  }
}

/// What the driver was heard to say, before it is compared.
package struct DriverStatement: Hashable, Sendable {
  package var log: DriverCheck.Heard<[GraphicsRange]>
  package var aperture: DriverCheck.Heard<ApertureSize>
  package var fences: DriverCheck.Heard<UInt32>

  package init(
    log: DriverCheck.Heard<[GraphicsRange]>, aperture: DriverCheck.Heard<ApertureSize>,
    fences: DriverCheck.Heard<UInt32>
  ) {
    self.log = log
    self.aperture = aperture
    self.fences = fences
  }
}

extension DriverCheck.Answer: Equatable where Value: Equatable {}
extension DriverCheck.Answer: Hashable where Value: Hashable {}
extension DriverCheck.Answer: Sendable where Value: Sendable {}
extension DriverCheck.Heard: Equatable where Value: Equatable {}
extension DriverCheck.Heard: Hashable where Value: Hashable {}
extension DriverCheck.Heard: Sendable where Value: Sendable {}

extension DriverCheck {
  /// One answer of the driver, not yet judged.
  package enum Heard<Value> {
    case said(Value)
    case absent(AbsentReason)
    case unreadable(UnreadableReason)

    fileprivate func judged(_ agrees: (Value) -> Bool) -> Answer<Value> {
      switch self {
      case .said(let value): agrees(value) ? .agrees(value) : .disagrees(value)
      case .absent(let reason): .absent(reason)
      case .unreadable(let reason): .unreadable(reason)
      }
    }
  }

  /// Sets what the driver said against a page.
  ///
  /// The log may follow either rule: which one the driver has, only its log
  /// tells.
  package init(_ statement: DriverStatement, page: VgtIf, ggtt: GGTT) {
    log = statement.log.judged { printed in
      BalloonRule.allCases.contains {
        Diagnosis.balloon(page, in: ggtt, rule: $0).balloon?.ranges == printed
      }
    }
    let owned = page.mappable.range.size + page.unmappable.range.size
    aperture = statement.aperture.judged { $0.size == ggtt.total && $0.available <= owned }
    fences = statement.fences.judged { $0 == page.fenceCount }
  }
}
