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

extension Report {
  /// The verdict as a sentence, for this report.
  package var sentence: String {
    verdict == .noVgpu && devices.isEmpty ? "no Intel display function" : verdict.sentence
  }
}
