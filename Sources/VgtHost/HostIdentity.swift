package import VgtCore

/// What every guest of one host has in common: the host copies its GPU's config
/// space and BAR2 length into each vGPU (Linux 6.1 `gvt/cfg_space.c`,
/// `intel_vgpu_init_cfg_space`).
package struct HostIdentity: Hashable, Sendable {
  package let ggtt: GGTT
  /// Of vendor 0x8086.
  package let deviceID: UInt16

  package init(ggtt: GGTT, deviceID: UInt16) {
    self.ggtt = ggtt
    self.deviceID = deviceID
  }

  package var platform: Platform? { Platform(deviceID: deviceID) }
}
