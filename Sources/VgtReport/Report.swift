package import VgtCore

/// What a run of `report` has to say; the renderers turn it into text.
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

  package init(
    devices: [Diagnosis], isFromCapture: Bool, kernelRelease: String?,
    isBusUnreadable: Bool = false
  ) {
    self.devices = devices
    self.isFromCapture = isFromCapture
    self.kernelRelease = kernelRelease
    self.isBusUnreadable = isBusUnreadable
  }

  package var isSample: Bool { devices.contains(where: \.capture.isSample) }

  package var verdict: Verdict {
    isBusUnreadable ? .unreadable : Verdict(of: devices.map(\.verdict))
  }
}

extension Verdict {
  /// The verdict as a sentence.
  package var sentence: String {
    switch self {
    case .ok: "a sound GVT-g vGPU: every check holds"
    case .failed: "a GVT-g vGPU with a failure"
    case .noVgpu: "no GVT-g vGPU here"
    case .unreadable: "cannot tell"
    }
  }
}

extension Diagnosis {
  /// The verdict as a sentence that says why.
  package var headline: String {
    switch verdict {
    case .ok: soundHeadline
    case .failed: "a GVT-g vGPU that fails: \(codes(.failure))"
    case .noVgpu: absentHeadline
    case .unreadable: "cannot tell: \((capture.unreadable ?? .allOnes).reason)"
    }
  }

  private var soundHeadline: String {
    let isUnused = findings.contains { $0.code == .driverOther || $0.code == .driverNotAware }
    return if isUnused {
      "a sound GVT-g vGPU, but its driver does not use it"
    } else if findings.contains(where: { $0.severity == .warning }) {
      "a sound GVT-g vGPU with warnings: \(codes(.warning))"
    } else {
      verdict.sentence
    }
  }

  private var absentHeadline: String {
    if let page {
      "no GVT-g vGPU: the host's interface is \(page.versionMajor).\(page.versionMinor), below 1.0"
    } else if platform == nil {
      "no GVT-g vGPU: GVT-g never supported this platform"
    } else {
      "no GVT-g vGPU: no PV info page (bare metal, passthrough or SR-IOV)"
    }
  }

  private func codes(_ severity: Severity) -> String {
    findings.filter { $0.severity == severity }.map(\.code.rawValue).joined(separator: ", ")
  }
}

extension Report {
  /// The verdict as a sentence that says why, from the device that decides it.
  package var headline: String {
    if isBusUnreadable { return "cannot tell: the PCI functions could not be listed" }
    guard let device = devices.first(where: { $0.verdict == verdict }) else { return sentence }
    return devices.count == 1
      ? device.headline : "\(device.headline) (at \(device.capture.address))"
  }

  /// The verdict as a sentence, for this report.
  package var sentence: String {
    verdict == .noVgpu && devices.isEmpty ? "no Intel display function" : verdict.sentence
  }
}
