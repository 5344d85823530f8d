package import VgtCore

/// What a run of `report` found.
package struct Report: Hashable, Sendable {
  /// One for each display function, by ascending address, or in the order of
  /// the captures.
  package let devices: [Diagnosis]
  /// Whether the devices were decoded from captures.
  package let isFromCapture: Bool
  /// As `uname -r` gives it, of the machine that the devices are in.
  package let kernelRelease: String?
  /// Set when the devices could not even be looked for.
  package let isBusUnreadable: Bool
  /// What there is instead, where no Intel display function is.
  package let otherDisplays: [OtherDisplay]
  /// Where each device's capture was; empty where that is plain.
  package let sources: [String]
  /// Captures that say what an earlier one says, and are left out.
  package let repeatedCaptures: Int

  package init(
    devices: [Diagnosis], isFromCapture: Bool, kernelRelease: String?,
    isBusUnreadable: Bool = false, otherDisplays: [OtherDisplay] = []
  ) {
    self.devices = devices
    self.isFromCapture = isFromCapture
    self.kernelRelease = kernelRelease
    self.isBusUnreadable = isBusUnreadable
    self.otherDisplays = otherDisplays
    sources = []
    repeatedCaptures = 0
  }

  /// A report of captures, which may come from several machines.
  ///
  /// - Parameters:
  ///   - kernel: The release whose driver's rules are applied; each capture's own
  ///     when `nil`.
  ///   - empty: The reports given that never had a capture.
  ///   - sources: The name of each capture's file, where there are several.
  package init(
    captures: [Capture], kernel: KernelRelease?, empty: [EmptyReport] = [], sources: [String] = []
  ) {
    var seen: Set<Capture> = []
    let kept = captures.indices.filter { seen.insert(captures[$0]).inserted }
    let distinct = kept.map { captures[$0] }
    self.sources = sources.isEmpty ? [] : kept.map { sources[$0] }
    let releases = Set(distinct.map(\.kernelRelease))
    devices = distinct.map { Diagnosis($0, kernel: kernel) }
    isFromCapture = true
    kernelRelease = releases.count == 1 ? releases.first : nil
    isBusUnreadable = captures.isEmpty && empty.contains(.busUnreadable)
    otherDisplays = []
    repeatedCaptures = captures.count - distinct.count
  }

  package var isSample: Bool { devices.contains(where: \.capture.isSample) }

  package var verdict: Verdict {
    isBusUnreadable ? .unreadable : Verdict(of: devices.map(\.verdict))
  }

  /// Why, in one sentence.
  package var headline: String {
    if isBusUnreadable { return EmptyReport.busUnreadable.headline }
    guard let only = devices.first else { return EmptyReport.noDisplayFunction.headline }
    if devices.count == 1 { return only.headline }
    let count = devices.count { $0.verdict == verdict }
    let functions = "\(count == 0 ? "none" : "\(count)") of \(devices.count) functions"
    return switch verdict {
    case .ok: "\(functions) \(count == 1 ? "is a working GVT-g vGPU" : "are working GVT-g vGPUs")"
    case .failed:
      "\(functions) \(count == 1 ? "is a GVT-g vGPU with failures" : "are GVT-g vGPUs with failures")"
    case .unreadable: "\(functions) cannot be read, and the others are no GVT-g vGPUs"
    default: "none of \(devices.count) functions is a GVT-g vGPU"
    }
  }
}

extension Report {
  /// What to say beside the verdict where there is no Intel display function: a
  /// line for each function of other vendors, and the next step.
  var absenceLines: [String] {
    guard devices.isEmpty, !isBusUnreadable else { return [] }
    let others = otherDisplays.map { other in
      "\(other.address) is \(other.vendorID.hex(digits: 4)):\(other.deviceID.hex(digits: 4)), "
        + (other.driver.map { "driver \($0.ascii)" } ?? "no driver")
    }
    let isNone = others.isEmpty && !isFromCapture
    return (isNone ? ["no display function of any vendor"] : others) + [
      "what to do: if a GVT-g vGPU was meant, check the mdev device in the virtual machine's"
        + " definition"
    ]
  }
}

extension Diagnosis {
  /// The verdict as a sentence that says why.
  package var headline: String {
    switch verdict {
    case .ok: soundHeadline
    case .failed: "GVT-g vGPU with failures: \(codes(.failure))"
    case .unreadable: "cannot tell: \((unreadableCause ?? .allOnes).reason)"
    default: absentHeadline
    }
  }

  private var soundHeadline: String {
    if findings.contains(where: { $0.check == .driverOther }) {
      return "working GVT-g vGPU, but its driver does not use it"
    }
    let warnings = codes(.warning)
    let sentence =
      !warnings.isEmpty
      ? "working GVT-g vGPU with warnings: \(warnings)"
      : lacksComparison ? "working GVT-g vGPU" : "working GVT-g vGPU: all checks passed"
    return lacksComparison ? "\(sentence); the running driver was not compared" : sentence
  }

  private var absentHeadline: String {
    if let pvInfo {
      "no GVT-g vGPU: the host's interface is \(pvInfo.versionMajor).\(pvInfo.versionMinor), below 1.0"
    } else if platform == nil {
      "no GVT-g vGPU: \(Platform.pciID(capture.deviceID)) is not a GPU that GVT-g supports"
    } else {
      "no GVT-g vGPU: no PV info page (bare metal, passthrough or SR-IOV)"
    }
  }

  private func codes(_ severity: Severity) -> String {
    findings(severity).map(\.check.code).joined(separator: ", ")
  }

  /// What the guest's kernel logs for a finding.
  ///
  /// - Parameter probe: What is expected of this diagnosis: `expectedProbe`.
  func kernelMessage(of finding: Finding, in probe: ExpectedProbe?) -> String? {
    guard let message = finding.check.message else { return nil }
    // The driver cannot read the page only where this tool cannot either.
    if finding.check == .pageUnreadable {
      return capture.unreadable == .barUnassigned ? message.text() : nil
    }
    let text = probe?.text(of: message)
    // One of several lines may be about something else that passed.
    return finding.severity == .ok ? text.map { _ in message.outline } : text
  }

  /// What to do about a finding.
  func remedy(of finding: Finding) -> String? {
    finding.severity > .ok ? finding.check.remedy(in: self) : nil
  }
}
