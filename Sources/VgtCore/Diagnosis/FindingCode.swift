/// Everything that a diagnosis can find. The raw value is the stable code.
///
/// The order is the order of the reference: first what the driver tests, then
/// what the page says, then what surrounds it.
package enum FindingCode: String, Hashable, Sendable, CaseIterable {
  // Is it a vGPU?
  case pageValid = "page-valid"
  case noPage = "no-page"
  case platformUnlisted = "platform-unlisted"
  case versionUnsupported = "version-unsupported"
  case pageUnreadable = "page-unreadable"

  // What the driver tests before it balloons.
  case fullPPGTT = "full-ppgtt"
  case fullPPGTTMissing = "full-ppgtt-missing"
  case hwspEmulation = "hwsp-emulation"
  case hwspEmulationMissing = "hwsp-emulation-missing"
  case ggttUnknown = "ggtt-unknown"
  case ggttEmpty = "ggtt-empty"
  case bar2Missing = "bar2-missing"
  case apertureOutOfRange = "aperture-out-of-range"
  case apertureClamped = "aperture-clamped"
  case mappableInsideAperture = "mappable-inside-aperture"
  case mappableEndsPastAperture = "mappable-ends-past-aperture"
  case unmappableAboveAperture = "unmappable-above-aperture"
  case unmappableStartsInsideAperture = "unmappable-starts-inside-aperture"
  case unmappableInsideGGTT = "unmappable-inside-ggtt"
  case unmappableEndsPastGGTT = "unmappable-ends-past-ggtt"
  case reserved
  case reservationFailed = "reservation-failed"

  // What the page says and the driver does not test.
  case shareEmpty = "share-empty"
  case shareUnaligned = "share-unaligned"
  case shareCoversAll = "share-covers-all"
  case fencesValid = "fences-valid"
  case fencesNone = "fences-none"
  case fencesTooMany = "fences-too-many"
  case idUnusual = "id-unusual"
  case hugeGTTMissing = "huge-gtt-missing"
  case capsUnknown = "caps-unknown"
  case capsVendor = "caps-vendor"
  case vgpuType = "vgpu-type"
  case vgpuTypeUnknown = "vgpu-type-unknown"
  case acrnShares = "acrn-shares"

  // What this kernel's driver makes of it.
  case kernelBeforeGVT = "kernel-before-gvt"
  case kernelHaswellOnly = "kernel-haswell-only"
  case kernelWantsExactVersion = "kernel-wants-exact-version"
  case kernelUnloadOops = "kernel-unload-oops"

  // What the running driver says.
  case driverBound = "driver-bound"
  case driverNone = "driver-none"
  case driverOther = "driver-other"
  case driverNotAware = "driver-not-aware"
  case logAgrees = "log-agrees"
  case logDisagrees = "log-disagrees"
  case logAbsent = "log-absent"
  case logUnreadable = "log-unreadable"
  case apertureAgrees = "aperture-agrees"
  case apertureDisagrees = "aperture-disagrees"
  case apertureAbsent = "aperture-absent"
  case apertureUnreadable = "aperture-unreadable"
  case fencesAgree = "fences-agree"
  case fencesDisagree = "fences-disagree"
  case fencesAbsent = "fences-absent"
  case fencesUnreadable = "fences-unreadable"
}

/// How much a finding weighs.
package enum Severity: String, Hashable, Sendable, CaseIterable, Comparable {
  /// A test that passed.
  case ok
  case info
  /// Doubtful, but the driver loads and balloons.
  case warning
  /// The driver refuses, or contradicts the page.
  case failure

  package static func < (left: Severity, right: Severity) -> Bool { left.weight < right.weight }

  private var weight: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// One thing found, with its numbers.
package struct Finding: Hashable, Sendable {
  package let code: FindingCode
  package let severity: Severity
  /// One sentence, ASCII, without the remedy.
  package let text: String

  package init(_ code: FindingCode, _ severity: Severity, _ text: String) {
    self.code = code
    self.severity = severity
    self.text = text.ascii
  }
}
