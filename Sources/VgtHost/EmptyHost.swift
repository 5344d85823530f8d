package import VgtCore

/// What a host without a vGPU instances for these sizes.
package struct EmptyHost: Hashable, Sendable {
  package struct AvailableInstances: Hashable, Sendable {
    package let type: VgpuType
    /// What `available_instances` says.
    package let count: UInt64
  }

  /// The types that the host lists, in its order.
  package let instances: [AvailableInstances]

  /// The host lists types, the smallest first, up to the first whose mappable
  /// share does not fit; it does not look at the unmappable one, so a type may
  /// be listed with 0. Source: Linux 6.1 `gvt/vgpu.c`,
  /// `intel_gvt_init_vgpu_types`.
  ///
  /// `nil` when what lies above the aperture is less than the host keeps of it:
  /// its subtraction then wraps, and means nothing.
  package init?(_ ggtt: GGTT) {
    let allocation = HostAllocation(ggtt, guests: [])
    guard ggtt.total - ggtt.aperture >= allocation.reserve.unmappable else { return nil }
    instances =
      VgpuType.all
      .map { TypeCapacity($0, allocation: allocation, spaces: []) }
      .prefix { $0.mappableAllocation >= 1 }
      .map { AvailableInstances(type: $0.type, count: $0.accounting) }
  }

  /// The count of a type; `nil` when it is not listed.
  package func count(of type: VgpuType) -> UInt64? {
    instances.first { $0.type == type }?.count
  }
}
