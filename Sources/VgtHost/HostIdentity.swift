package import VgtCore

/// What every guest of one host has in common: the host copies its GPU's config
/// space and BAR2 length into each vGPU (Linux 6.1 `gvt/cfg_space.c`,
/// `intel_vgpu_init_cfg_space`).
package struct HostIdentity: Hashable, Sendable {
  package let ggtt: GGTT
  /// Of vendor 0x8086; `nil` where no input names it.
  package let deviceID: UInt16?

  package init(ggtt: GGTT, deviceID: UInt16?) {
    self.ggtt = ggtt
    self.deviceID = deviceID
  }

  package var platform: Platform? { deviceID.flatMap { Platform(deviceID: $0) } }
}

/// What one guest tells of its host: a report everything, a kernel log less.
package struct HostClaim: Hashable, Sendable {
  /// Bytes; `nil` where it is not told.
  package let aperture: UInt64?
  /// Bytes of the whole GGTT; `nil` where it is not told.
  package let total: UInt64?
  /// Of vendor 0x8086; `nil` where it is not told.
  package let deviceID: UInt16?

  package init(aperture: UInt64?, total: UInt64?, deviceID: UInt16? = nil) {
    self.aperture = aperture
    self.total = total
    self.deviceID = deviceID
  }

  package init(_ host: HostIdentity) {
    self.init(aperture: host.ggtt.aperture, total: host.ggtt.total, deviceID: host.deviceID)
  }

  package var platform: Platform? { deviceID.flatMap { Platform(deviceID: $0) } }

  /// The host, when both sizes are told.
  package var identity: HostIdentity? {
    guard let aperture, let total else { return nil }
    return HostIdentity(ggtt: GGTT(total: total, aperture: aperture), deviceID: deviceID)
  }

  /// Whether both can be of one host.
  package func agrees(with other: HostClaim) -> Bool {
    Self.agree(aperture, other.aperture) && Self.agree(total, other.total)
      && Self.agree(deviceID, other.deviceID)
  }

  private static func agree<Value: Equatable>(_ first: Value?, _ second: Value?) -> Bool {
    first == nil || second == nil || first == second
  }
}
