// What the running driver says, set against what was computed.

extension Check {
  static let driver = [
    driverBound, driverNone, driverOther, driverUnfinished, driverNotAware, logAgrees, logDisagrees,
    logAbsent, logUnreadable, apertureAgrees, apertureDisagrees, apertureAbsent, apertureUnreadable,
    fencesAgree, fencesDisagree, fencesAbsent, fencesUnreadable,
  ]

  package static let driverBound = Check("driver-bound", .ok, "i915 is bound to the function.") {
    $0.isI915Bound ? "i915 is bound" : nil
  }

  package static let driverNone = Check(
    "driver-none", .info, "No driver is bound yet; what it will do is predicted here."
  ) {
    $0.capture.driver == nil
      ? "no driver is bound; this report predicts what i915 will do" : nil
  }

  package static let driverOther = Check(
    "driver-other", .warning, "A driver other than i915 is bound; it does not balloon.",
    do: "bind i915 instead"
  ) { diagnosis in
    guard let driver = diagnosis.capture.driver, !diagnosis.isI915Bound else { return nil }
    return "the driver \(driver) is bound, which knows nothing of GVT-g: only i915 balloons"
  }

  package static let driverUnfinished = Check(
    "driver-unfinished", .warning,
    "i915 has taken the function, but has no DRM node for it, as it has from the end of its probe"
      + " until it is unbound.",
    do: "run this again; if it says the same, look at the driver's messages: vgt-balloon log"
  ) {
    $0.isI915Bound && $0.capture.driverAnswers.log == .absent(.noNode)
      ? "i915 has no DRM node: it is being bound or unbound, or its probe broke off" : nil
  }

  package static let driverNotAware = Check(
    "driver-not-aware", .failure,
    "i915 is bound, but its last probe did not balloon: it took the vGPU for a real GPU or refused"
      + " it.",
    do: "look at its messages: vgt-balloon log"
  ) {
    $0.isI915Bound && $0.capture.driverAnswers.log == .absent(.notBallooned)
      ? "i915 is bound, but its last probe did not balloon" : nil
  }

  package static let logAgrees = Check(
    "log-agrees", .ok, "The driver's log names the ranges that were computed."
  ) { diagnosis in
    diagnosis.said(diagnosis.capture.driverAnswers.log, agrees: true).map {
      "the driver's log names the same \($0.count) \($0.count == 1 ? "range" : "ranges")"
        + diagnosis.recordedRule
    }
  }

  package static let logDisagrees = Check(
    "log-disagrees", .failure,
    "The driver's log names other ranges: the page changed since, or the driver follows another"
      + " rule.",
    do: "attach this report and the kernel log to the bug report"
  ) { diagnosis in
    diagnosis.said(diagnosis.capture.driverAnswers.log, agrees: false).map { printed in
      "the driver's log names \(list(printed)); computed"
        + " \(list(diagnosis.recordedBalloon?.balloon?.ranges ?? []))\(diagnosis.recordedRule)"
    }
  }

  package static let logAbsent = Check(
    "log-absent", .info, "There is no log of the driver's probe to compare with."
  ) {
    $0.absent($0.capture.driverAnswers.log).map { "the driver's log was not compared: \($0)" }
  }

  package static let logUnreadable = Check(
    "log-unreadable", .info, "The kernel log could not be read.", do: "run vgt-balloon as root"
  ) {
    $0.unreadable($0.capture.driverAnswers.log).map { "the driver's log was not compared: \($0)" }
  }

  package static let apertureAgrees = Check(
    "aperture-agrees", .ok,
    "The driver's GGTT has the computed size, and, from Linux 4.13 on, what it can use of it is"
      + " within the shares."
  ) { diagnosis in
    diagnosis.said(diagnosis.capture.driverAnswers.aperture, agrees: true).map {
      diagnosis.sizes($0)
    }
  }

  package static let apertureDisagrees = Check(
    "aperture-disagrees", .failure,
    "The driver has another GGTT size, or can use more of it than the shares.",
    do: "attach this report to the bug report"
  ) { diagnosis in
    diagnosis.said(diagnosis.capture.driverAnswers.aperture, agrees: false).map {
      "\(diagnosis.sizes($0)) of \(bytesText(diagnosis.recordedGGTT?.total ?? 0))"
    }
  }

  package static let apertureAbsent = Check(
    "aperture-absent", .info, "There is no driver to ask for its aperture."
  ) {
    $0.absent($0.capture.driverAnswers.aperture).map {
      "the driver's aperture was not compared: \($0)"
    }
  }

  package static let apertureUnreadable = Check(
    "aperture-unreadable", .info, "The driver did not answer for its aperture."
  ) {
    $0.unreadable($0.capture.driverAnswers.aperture).map {
      "the driver's aperture was not compared: \($0)"
    }
  }

  package static let fencesAgree = Check(
    "fences-agree", .ok, "The driver has as many fences as the page says."
  ) {
    $0.said($0.capture.driverAnswers.fences, agrees: true).map {
      "the driver has \($0) fences, as the page says"
    }
  }

  package static let fencesDisagree = Check(
    "fences-disagree", .failure, "The driver has another number of fences than the page says.",
    do: "attach this report to the bug report"
  ) { diagnosis in
    diagnosis.said(diagnosis.capture.driverAnswers.fences, agrees: false).map {
      "the driver has \($0) fences, the page says \(diagnosis.pvInfo?.fenceCount ?? 0)"
    }
  }

  package static let fencesAbsent = Check(
    "fences-absent", .info, "There is no driver to ask for its fences."
  ) {
    $0.absent($0.capture.driverAnswers.fences).map {
      "the driver's fences were not compared: \($0)"
    }
  }

  package static let fencesUnreadable = Check(
    "fences-unreadable", .info, "The driver did not answer for its fences."
  ) {
    $0.unreadable($0.capture.driverAnswers.fences).map {
      "the driver's fences were not compared: \($0)"
    }
  }

  private static func list(_ ranges: [GraphicsRange]) -> String {
    ranges.isEmpty ? "no range" : ranges.map(\.description).joined(separator: ", ")
  }
}

extension Diagnosis {
  fileprivate var isI915Bound: Bool { capture.isI915Bound }

  /// Whether i915 is bound and nothing it says could be compared.
  package var lacksComparison: Bool {
    isI915Bound && capture.driverAnswers.log.value == nil
      && capture.driverAnswers.aperture.value == nil && capture.driverAnswers.fences.value == nil
  }

  fileprivate func said<Value>(
    _ answer: DriverAnswer<Value>, agrees wanted: Bool
  ) -> Value? {
    guard isI915Bound, case .said(let value, let agrees) = answer, agrees == wanted else {
      return nil
    }
    return value
  }

  /// Completes "was not compared: ".
  fileprivate func absent<Value>(_ answer: DriverAnswer<Value>) -> String? {
    guard isI915Bound, case .absent(let reason) = answer else { return nil }
    return reason.text
  }

  /// Completes "was not compared: ".
  fileprivate func unreadable<Value>(_ answer: DriverAnswer<Value>) -> String? {
    guard isI915Bound, case .unreadable(let reason) = answer else { return nil }
    return reason.text
  }

  /// Whose rule a log was compared by, where another kernel is judged.
  fileprivate var recordedRule: String {
    guard kernel.text != capture.kernelRelease, let rule = recordedBalloon?.rule else { return "" }
    return ", by the rule of the recorded driver (Linux \(capture.kernelRelease), \(rule.rawValue))"
  }

  fileprivate func sizes(_ answer: ApertureSize) -> String {
    let owned = "the shares are \(bytesText(ownedBytes ?? 0))"
    return recordedEra.has(.subtractsBalloon)
      ? "the driver has \(bytesText(answer.available)) usable of \(bytesText(answer.size)); \(owned)"
      : "the driver's GGTT has \(bytesText(answer.size)); before Linux 4.13 it does not say how much"
        + " of it is reserved, and \(owned)"
  }
}

extension DriverAnswers.AbsentReason {
  /// Completes "was not compared: ".
  package var text: String {
    switch self {
    case .noDriver: "i915 is not bound"
    case .noBalloon: "there is no valid balloon"
    case .noLines: "the kernel log no longer holds the probe"
    case .notBallooned: "the last probe did not balloon"
    case .noNode: "the driver has no DRM node for this device"
    case .notAsked: "the driver was not asked"
    }
  }
}

extension DriverAnswers.UnreadableReason {
  /// Completes "was not compared: ".
  package var text: String {
    switch self {
    case .permission: "reading it needs root"
    case .error: "reading it failed"
    }
  }
}
