// What the running driver says, set against what was computed.

extension Diagnosis {
  var driverFindings: [Finding] {
    guard let driver = capture.driver else {
      return [
        Finding(.driverNone, .info, "no driver is bound; this report predicts what i915 will do")
      ]
    }
    guard driver == "i915" else {
      return [
        Finding(
          .driverOther, .warning,
          "the driver \(driver) is bound, which knows nothing of GVT-g: only i915 balloons")
      ]
    }
    var findings = [Finding(.driverBound, .ok, "i915 is bound")]
    if capture.driverAnswers.log == .absent(.notBallooned) {
      findings.append(
        Finding(.driverNotAware, .warning, "i915 is bound, but its last probe did not balloon"))
    }
    return findings + [logFinding, apertureFinding, fencesFinding]
  }

  private var logFinding: Finding {
    switch capture.driverAnswers.log {
    case .said(let ranges, agrees: true):
      Finding(.logAgrees, .ok, "the driver's log names the same \(ranges.count) ranges")
    case .said(let ranges, _):
      Finding(
        .logDisagrees, .failure,
        "the driver's log names \(Self.list(ranges)); computed \(Self.list(balloon?.balloon?.ranges ?? []))"
      )
    case .absent(let reason):
      Finding(.logAbsent, .info, "the driver's log was not compared: \(reason.text)")
    case .unreadable(let reason):
      Finding(.logUnreadable, .info, "the driver's log was not compared: \(reason.text)")
    }
  }

  private var apertureFinding: Finding {
    let owned = ownedBytes ?? 0
    let total = ggtt?.total ?? 0
    return switch capture.driverAnswers.aperture {
    case .said(let answer, agrees: true):
      Finding(
        .apertureAgrees, .ok,
        "the driver has \(bytesText(answer.available)) usable of \(bytesText(answer.size)); the shares"
          + " are \(bytesText(owned))")
    case .said(let answer, _):
      Finding(
        .apertureDisagrees, .failure,
        "the driver has \(bytesText(answer.available)) usable of \(bytesText(answer.size)); the shares"
          + " are \(bytesText(owned)) of \(bytesText(total))")
    case .absent(let reason):
      Finding(.apertureAbsent, .info, "the driver's aperture was not compared: \(reason.text)")
    case .unreadable(let reason):
      Finding(.apertureUnreadable, .info, "the driver's aperture was not compared: \(reason.text)")
    }
  }

  private var fencesFinding: Finding {
    switch capture.driverAnswers.fences {
    case .said(let count, agrees: true):
      Finding(.fencesAgree, .ok, "the driver has \(count) fences, as the page says")
    case .said(let count, _):
      Finding(
        .fencesDisagree, .failure,
        "the driver has \(count) fences, the page says \(page?.fenceCount ?? 0)")
    case .absent(let reason):
      Finding(.fencesAbsent, .info, "the driver's fences were not compared: \(reason.text)")
    case .unreadable(let reason):
      Finding(.fencesUnreadable, .info, "the driver's fences were not compared: \(reason.text)")
    }
  }

  private static func list(_ ranges: [GraphicsRange]) -> String {
    ranges.isEmpty ? "no range" : ranges.map(\.description).joined(separator: ", ")
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
