internal import VgtCore
internal import VgtLog

extension LogOutcome {
  /// One phrase.
  var meaning: String {
    switch self {
    case .ballooned: "the driver reserved everything outside this guest's shares"
    case .invalid: "the driver refused the shares"
    case .failed: "a range could not be reserved"
    case .refusedPPGTT: "the host lacks isolated page tables (capability bit 2)"
    case .refusedHWSP: "the host lacks HWSP emulation (capability bit 3)"
    case .barNotMapped: "BAR0 could not be mapped, so no vGPU was looked for"
    case .versionMismatch: "the driver does not accept the host's interface version"
    case .detected: "a vGPU was found; the log has no line of its ballooning"
    case .unknown: "the log does not say how it ended"
    }
  }

  /// Whether the driver announces the shares before it ends so.
  var hasShares: Bool {
    switch self {
    case .ballooned, .invalid, .failed, .unknown: true
    case .refusedPPGTT, .refusedHWSP, .barNotMapped, .versionMismatch, .detected: false
    }
  }

  func colour(isFailure: Bool) -> TextPage.Colour? {
    isFailure ? .red : self == .ballooned ? .green : .yellow
  }
}

extension LaterFailure {
  /// One sentence.
  var meaning: String {
    switch kind {
    case .deviceInit: "i915 failed to initialize\(errno.map { " (error \($0))" } ?? "")"
    case .pageTable: "i915 could not map the GGTT's page table, whose size GMCH control gives"
    case .gmadrSize: "i915 refused the size of the aperture"
    case .oops: "the kernel stopped a thread in i915 (an oops)"
    }
  }

  /// What the reader can do about it.
  var remedy: String {
    switch kind {
    case .deviceInit where errno == 28:
      "the GGTT has no room left for what this driver wants (before 5.11 a free page in the"
        + " aperture, from 5.3 on the GuC's 18 MiB): run vgt-balloon report in the guest"
    case .deviceInit, .pageTable, .gmadrSize:
      "run vgt-balloon report in the guest and attach it to the bug report"
    case .oops: "attach the whole oops to the bug report; before 5.3 i915's clean-up oopses"
    }
  }
}

extension LogRule {
  /// One phrase.
  var meaning: String {
    switch self {
    case .mainline(.exact): "the top range runs to the end of the GGTT (Linux 4.12 and later)"
    case .mainline(.guardPage): "the last page is a guard page (Linux 4.1 to 4.11)"
    case .xengt(hasPPGTT: false): "a guard page at the end of each share"
    case .xengt(hasPPGTT: true):
      "a guard page at the end of each share, and 2 MiB for the page directories of the PPGTT"
    }
  }
}

extension LogAgreement {
  /// One phrase.
  var meaning: String {
    switch self {
    case .agrees: "the logged ranges match the shares"
    case .agreesWhereLegible: "what can be read is what follows from the shares; some is cut"
    case .disagrees: "the logged ranges are not all, or not those, that follow from the shares"
    case .notCheckable: "the log does not hold both shares and ranges"
    }
  }

  var colour: TextPage.Colour? {
    switch self {
    case .agrees: .green
    case .agreesWhereLegible, .notCheckable: .yellow
    case .disagrees: .red
    }
  }
}

extension LogProbe {
  /// What the reader can do about it; `nil` when nothing needs to be done.
  var remedy: String? {
    if let laterFailure, outcome == .ballooned || isOpen || outcome == .detected {
      return laterFailure.remedy
    }
    return switch outcome {
    case .invalid: Check.mappableEndsPastAperture.remedy
    case .failed where rule == .mainline(.guardPage):
      Check.reservationFailed.remedy
    case .failed: "run vgt-balloon report in the guest and attach it to the bug report"
    case .refusedPPGTT: Check.fullPPGTTMissing.remedy
    case .refusedHWSP: Check.hwspEmulationMissing.remedy
    case .barNotMapped:
      "give BAR0 an address: check the bridge above the function (a vGPU behind a root port needs"
        + " its memory window), or put the vGPU on the root bus"
    case .versionMismatch: "upgrade the host; guests before 4.12 accept version 1.0 only"
    case .detected: "run vgt-balloon report in the guest, or paste its whole kernel log"
    case .unknown: "paste the whole kernel log"
    case .ballooned:
      agreement == .disagrees
        ? "check the paste against the original log; if it is the same, attach it to the bug report"
        : nil
    }
  }
}
