/// The vGPU types of the mainline host.
///
/// Source: Linux 6.1 `gvt/vgpu.c`, `vgpu_types`; the same from 4.11 on.
package struct VgpuType: Hashable, Sendable {
  /// The end of the name. Not a count of instances.
  package let suffix: Int
  /// The mappable share, in bytes.
  package let lowSize: UInt64
  /// The unmappable share, in bytes.
  package let highSize: UInt64
  package let fences: UInt64
  /// The largest mode of the virtual display; `nil` on a 4.10 host.
  package let resolution: String?
  /// Relative GPU time, of 16; `nil` on a 4.10 host.
  package let weight: Int?

  /// Smallest share first, as capacity tables list them.
  package static let all: [VgpuType] = [
    VgpuType(8, low: 64, high: 384, resolution: "1024x768", weight: 2),
    VgpuType(4, low: 128, high: 512, resolution: "1920x1200", weight: 4),
    VgpuType(2, low: 256, high: 1024, resolution: "1920x1200", weight: 8),
    VgpuType(1, low: 512, high: 2048, resolution: "1920x1200", weight: 16),
  ]

  /// What a host with Linux 4.10 gives. Source: Linux 4.10 `gvt/vgpu.c`,
  /// `intel_gvt_init_vgpu_types`.
  private static let ofLinux410: [VgpuType] = [
    VgpuType(4, low: 32, high: 384), VgpuType(2, low: 64, high: 512),
    VgpuType(1, low: 128, high: 1024),
  ]

  package var isOfLinux410: Bool { weight == nil }

  /// The type whose shares have these sizes, whatever the fence count. A 4.10
  /// host offers no capability.
  package init?(of pvInfo: VgtIf) {
    let types = Self.all + (pvInfo.caps.isEmpty ? Self.ofLinux410 : [])
    guard
      let type = types.first(where: {
        $0.lowSize == pvInfo.mappable.size && $0.highSize == pvInfo.unmappable.size
      })
    else { return nil }
    self = type
  }

  package init(
    suffix: Int, lowSize: UInt64, highSize: UInt64, fences: UInt64, resolution: String? = nil,
    weight: Int? = nil
  ) {
    self.suffix = suffix
    self.lowSize = lowSize
    self.highSize = highSize
    self.fences = fences
    self.resolution = resolution
    self.weight = weight
  }

  private init(
    _ suffix: Int, low: UInt64, high: UInt64, resolution: String? = nil, weight: Int? = nil
  ) {
    self.init(
      suffix: suffix, lowSize: low << 20, highSize: high << 20, fences: 4, resolution: resolution,
      weight: weight)
  }

  /// The host's name for it on a platform; `nil` where the host has none.
  package func name(on platform: Platform) -> String? {
    platform.typePrefix.map { "\($0)_\(suffix)" }
  }
}

extension Capabilities {
  /// The mainline host kernels that set exactly these bits; `nil` where none
  /// does.
  ///
  /// Source: `gvt/vgpu.c`, `populate_pvinfo_page`, in Linux 4.13, 4.14, 4.16
  /// and 6.1; bit 4 came with the guest's half of it, in 4.19.
  package var hostKernels: String? {
    switch self {
    case []: "4.10 to 4.13"
    case [.fullPPGTT]: "4.14 or 4.15"
    case [.fullPPGTT, .hwspEmulation]: "4.16 or later"
    case [.fullPPGTT, .hwspEmulation, .hugeGTT]: "about 4.19 or later"
    default: nil
    }
  }
}
