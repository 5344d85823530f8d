internal import VgtCore

/// A line of GVT-g's host side: it tells of the host and its vGPUs, nothing of
/// a guest's balloon.
package struct HostMessage: Hashable, Sendable {
  /// Counted from 1.
  package let line: Int
  package let kind: Kind
  /// The id of the vGPU that it names.
  package let vgpu: UInt32?
  /// Of `resourceRequest`: MiB wanted, left, in all and taken; of `goldenState`
  /// the GPU's device id.
  package let figures: [UInt64]

  /// Sources: Linux 4.10 to 6.12 `gvt/aperture_gm.c`, `gvt/handlers.c`,
  /// `gvt/mmio.c`, `gvt/kvmgt.c`, `gvt/firmware.c`, `intel_gvt.c`; KVMGT-kernel
  /// `vgt/instance.c`.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case resourceExhausted = "resource-exhausted"
    case resourceRequest = "resource-request"
    case noContiguousSpace = "no-contiguous-space"
    case createFailed = "create-failed"
    case failsafe
    case pvInfoAccess = "pvinfo-access"
    case fenceAccess = "fence-access"
    case addressInvalid = "address-invalid"
    case accessFailed = "access-failed"
    case untrackedAccess = "untracked-access"
    case gucSubmission = "guc-submission"
    case unsupportedDevice = "unsupported-device"
    case goldenState = "golden-state"
    case warning
    case xengtHost = "xengt-host"
    case noPage = "no-page"
    case other
  }
}

extension HostMessage.Kind {
  /// The words by which the kind is known, as printed.
  var words: [(stem: String, rest: String)] {
    switch self {
    case .resourceExhausted: [("gvt: fail to allocate", " resource %")]
    case .resourceRequest: [("gvt: request", " %MB avail %MB max %MB taken %MB")]
    case .noContiguousSpace: [("gvt: fail to alloc", " %")]
    case .createFailed:
      [
        ("gvt: failed to create", " intel vgpu: %"), ("intel_vgpu_mdev: probe of", " %"),
        ("probe with driver intel_vgpu_mdev", " failed with error %"),
      ]
    case .failsafe:
      [
        ("Detected your guest driver", " doesn't support GVT-g."),
        ("Graphics resource is not", " enough for the guest"), ("GVT Internal error", " %"),
        ("Now vgpu", " %"),
      ]
    case .gucSubmission:
      [
        (
          "GVT-g loading failed due to",
          " Graphics virtualization is not yet supported with GuC submission"
        ), ("Graphics virtualization is not", " yet supported with GuC submission"),
      ]
    case .goldenState: [("Direct firmware load for i915/gvt/", "%")]
    case .xengtHost: [("vGT info:", "%"), ("vGT error:", "%"), ("vGT warning:", "%")]
    case .other: [("gvt: vgpu", "%")]
    case .warning, .noPage, .unsupportedDevice, .pvInfoAccess, .fenceAccess, .addressInvalid,
      .accessFailed, .untrackedAccess:
      // After "gvt: vgpu 1:", or a message of another table.
      []
    }
  }

  /// The kinds that follow `gvt: vgpu 1:`.
  static let ofVgpu: [(words: Token, kind: HostMessage.Kind)] = [
    ("invalid pvinfo", .pvInfoAccess), ("access oob fence", .fenceAccess),
    ("found oob fence", .fenceAccess), ("total fence", .fenceAccess),
    ("fail to emulate mmio", .accessFailed), ("read untracked mmio", .untrackedAccess),
    ("write untracked mmio", .untrackedAccess), ("invalid range gmadr", .addressInvalid),
    ("invalid aperture offset", .addressInvalid), ("invalid gmadr", .addressInvalid),
    ("fail to allocate resource", .resourceExhausted), ("fail to alloc", .noContiguousSpace),
    ("request", .resourceRequest),
  ]
}
