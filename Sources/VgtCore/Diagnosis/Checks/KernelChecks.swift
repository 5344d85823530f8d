// What the driver of this kernel makes of it. Sources: `DriverEra.Trait`.

extension Check {
  static let kernel = [
    kernelBeforeGVT, kernelHaswellOnly, kernelWantsExactVersion, kernelBackport,
    kernelIgnoresFailure, kernelCleanupOops, errorCapturePageMissing, gucCutsGGTT, gucReservesTop,
    kernelUnloadOops,
  ]

  package static let kernelBeforeGVT = Check(
    "kernel-before-gvt", .failure,
    "The driver of this kernel (before 4.1) does not look for a vGPU: it drives this one as a"
      + " whole GPU and reserves nothing.",
    do: "run a guest kernel 4.8 or later"
  ) { diagnosis in
    diagnosis.era.has(.looksForVgpu)
      ? nil
      : "mainline's driver of \(diagnosis.kernel.text) does not look for a vGPU and reserves"
        + " nothing"
  }

  package static let kernelHaswellOnly = Check(
    "kernel-haswell-only", .failure,
    "The driver of this kernel (4.1 to 4.7) looks for a vGPU on Haswell only: it drives this one"
      + " as a whole GPU and reserves nothing.",
    do: "run a guest kernel 4.8 or later"
  ) { diagnosis in
    diagnosis.era.has(.looksOnHaswellOnly) && diagnosis.platform?.generation != 7
      ? "mainline's driver of \(diagnosis.kernel.text) looks for a vGPU on Haswell only" : nil
  }

  package static let kernelWantsExactVersion = Check(
    "kernel-wants-exact-version", .failure,
    "The driver of this kernel (before 4.12) accepts interface version 1.0 only, and drives this"
      + " vGPU as a whole GPU.",
    says: .versionMismatch, do: "run a guest kernel 4.12 or later"
  ) { diagnosis in
    guard let pvInfo = diagnosis.pvInfo, !diagnosis.era.accepts(pvInfo) else { return nil }
    return "mainline's driver of \(diagnosis.kernel.text) accepts version 1.0 only, not"
      + " \(pvInfo.versionMajor).\(pvInfo.versionMinor)"
  }

  package static let kernelBackport = Check(
    "kernel-backport", .info,
    "Mainline's driver of this release does not balloon, but this one did: it was carried over"
      + " from a newer kernel, and is judged as the newest."
  ) { diagnosis in
    diagnosis.isBackport
      ? "mainline's driver of \(diagnosis.kernel.text) does not balloon, but this one did: it is"
        + " a newer one"
      : nil
  }

  package static let kernelIgnoresFailure = Check(
    "kernel-ignores-failure", .failure,
    "The driver of this kernel (4.1 to 4.8) goes on when the balloon fails, with nothing reserved:"
      + " it uses graphics addresses of the host and of other guests.",
    do: "do not load i915 in this guest: its writes can reach what other guests display; then"
      + " report the shares as a host bug"
  ) { diagnosis in
    diagnosis.era.has(.ignoresFailedBalloon) && diagnosis.hasFailedBalloon
      ? "the driver of Linux \(diagnosis.kernel.text) goes on with nothing reserved" : nil
  }

  package static let kernelCleanupOops = Check(
    "kernel-cleanup-oops", .failure,
    "The driver of this kernel (4.13 to 5.2, before the stable fix of September 2019) oopses as it"
      + " cleans up after a failed probe: it gives back ranges that it never reserved.",
    do: "run a guest kernel 5.3 or later, 4.14.142 or 4.19.70, which only refuse to load"
  ) { diagnosis in
    guard diagnosis.era.has(.freesSkippedRanges),
      diagnosis.hasFailedBalloon
        || diagnosis.skippedRanges > 0 && diagnosis.failsAfterBalloon
    else { return nil }
    return "the driver of Linux \(diagnosis.kernel.text) oopses as it cleans up"
  }

  package static let errorCapturePageMissing = Check(
    "error-capture-page-missing", .failure,
    "The driver of this kernel (4.10 to 5.10) wants a page of the aperture for error capture, and"
      + " the share has none: it fails right after the balloon.",
    says: .initializationFailed, do: "run a guest kernel 5.11 or later, or 5.10.13"
  ) { diagnosis in
    diagnosis.lacksErrorCapturePage
      ? "the driver of Linux \(diagnosis.kernel.text) finds no free page in the aperture for error"
        + " capture (-28)"
      : nil
  }

  package static let gucCutsGGTT = Check(
    "guc-cuts-ggtt", .info,
    failsIf: {
      ($0.pvInfo?.unmappable.range.end ?? 0) > DriverEra.gucTop && $0.hasFailedBalloon
    },
    "The driver of this kernel (4.11 to 5.2) ends the GGTT at 0xfee00000 while it uses GuC: a"
      + " share that ends above is refused, and the last range ends there.",
    do: "boot the guest with i915.enable_guc=0"
  ) { diagnosis in
    guard diagnosis.isTakenForVgpu, let ggtt = diagnosis.ggtt,
      let used = diagnosis.driverGGTT, used.total < ggtt.total
    else { return nil }
    return "GuC is in use (enable_guc=\(diagnosis.capture.enableGuC ?? 0)): the driver of Linux"
      + " \(diagnosis.kernel.text) ends the GGTT at \(used.total.hex())"
  }

  package static let gucReservesTop = Check(
    "guc-reserves-top", .warning, failsIf: { !$0.wasSeenToBalloon },
    "A driver since 5.3 that uses GuC reserves the GGTT from 0xfee00000 on, and fails right after"
      + " the balloon unless the unmappable share covers it.",
    says: .initializationFailed, do: "boot the guest with i915.enable_guc=0"
  ) { diagnosis in
    guard diagnosis.lacksGuCTop, let total = diagnosis.driverGGTT?.total else { return nil }
    return "enable_guc=\(diagnosis.capture.enableGuC ?? 0) asks for GuC, which needs"
      + " \(DriverEra.gucTop.hex()) to the GGTT's end"
      + (total > DriverEra.gucTop
        ? ": these addresses are not this guest's" : ", and the GGTT ends at \(total.hex())")
      + (diagnosis.wasSeenToBalloon ? "; the driver loaded all the same" : " (-28)")
  }

  package static let kernelUnloadOops = Check(
    "kernel-unload-oops", .warning,
    "The driver of this kernel (4.13 to 5.2, before the stable fix of September 2019) oopses when"
      + " it is unloaded and a range was skipped.",
    do: "do not unload i915, or run a guest kernel 5.3 or later"
  ) { diagnosis in
    guard diagnosis.era.has(.freesSkippedRanges), diagnosis.skippedRanges > 0,
      !diagnosis.failsAfterBalloon
    else { return nil }
    return "unloading the driver of Linux \(diagnosis.kernel.text) oopses, since it frees the"
      + " \(diagnosis.skippedRanges) of 4 ranges that it never reserved"
  }
}

extension Diagnosis {
  fileprivate var hasFailedBalloon: Bool { balloon?.error != nil && comesToBalloon }

  /// How many of the four places need no range; 0 without a balloon.
  fileprivate var skippedRanges: Int {
    guard let balloon = balloon?.balloon else { return 0 }
    let count = BalloonSlot.allCases.count - balloon.reservations.count
    return count > 0 && comesToBalloon ? count : 0
  }

  fileprivate var lacksErrorCapturePage: Bool {
    guard let pvInfo, balloon?.balloon != nil else { return false }
    return era.lacksErrorCapturePage(pvInfo) && comesToBalloon
  }

  fileprivate var lacksGuCTop: Bool {
    guard let pvInfo, let driverGGTT, usesGuC, balloon?.balloon != nil else { return false }
    return era.lacksGuCTop(pvInfo, in: driverGGTT) && comesToBalloon
  }

  fileprivate var failsAfterBalloon: Bool { lacksErrorCapturePage || lacksGuCTop }
}
