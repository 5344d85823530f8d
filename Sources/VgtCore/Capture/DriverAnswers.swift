/// What the running driver says of the balloon.
package struct DriverAnswers: Hashable, Sendable {
  /// The ranges its log printed at its last probe of the device, in order.
  package var log: DriverAnswer<[GraphicsRange]>
  /// Its answer to `DRM_IOCTL_I915_GEM_GET_APERTURE`.
  package var aperture: DriverAnswer<ApertureSize>
  /// Its answer to `I915_PARAM_NUM_FENCES_AVAIL`.
  package var fences: DriverAnswer<UInt32>
  /// Whether a diagnosis has set them against the page. A report that is read
  /// back says again what was found then.
  package internal(set) var areCompared = true

  package init(
    log: DriverAnswer<[GraphicsRange]>, aperture: DriverAnswer<ApertureSize>,
    fences: DriverAnswer<UInt32>
  ) {
    self.log = log
    self.aperture = aperture
    self.fences = fences
  }

  /// The answers as they were heard, for a diagnosis to compare.
  package static func heard(
    log: DriverAnswer<[GraphicsRange]>, aperture: DriverAnswer<ApertureSize>,
    fences: DriverAnswer<UInt32>
  ) -> DriverAnswers {
    var answers = DriverAnswers(log: log, aperture: aperture, fences: fences)
    answers.areCompared = false
    return answers
  }

  /// Nothing was asked, for one reason.
  package static func notAsked(_ reason: AbsentReason) -> DriverAnswers {
    DriverAnswers(log: .absent(reason), aperture: .absent(reason), fences: .absent(reason))
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

/// One answer of the driver, or why there is none.
///
/// No constraint on `Value`: the Swift runtime would look for conformances in
/// all of the binary, a quarter of the instructions of a whole report.
package enum DriverAnswer<Value> {
  /// Whether it agrees with what was computed; `nil` until it is compared.
  case said(Value, agrees: Bool?)
  case absent(DriverAnswers.AbsentReason)
  case unreadable(DriverAnswers.UnreadableReason)

  /// The stable word for it.
  package var outcome: String {
    switch self {
    case .said(_, agrees: true): "agrees"
    case .said(_, agrees: false): "disagrees"
    case .said(_, agrees: nil): "said"
    case .absent: "absent"
    case .unreadable: "unreadable"
    }
  }

  /// What the driver said, whether it agrees or not.
  package var value: Value? {
    if case .said(let value, _) = self { value } else { nil }
  }
}

extension DriverAnswer: Equatable where Value: Equatable {}
extension DriverAnswer: Hashable where Value: Hashable {}
extension DriverAnswer: Sendable where Value: Sendable {}

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
