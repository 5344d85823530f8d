package import VgtCore

/// What a host without a vGPU offers for these sizes.
package struct FreshHost: Hashable, Sendable {
  package struct Offer: Hashable, Sendable {
    package let type: VgpuType
    /// What `available_instances` says.
    package let count: UInt64
  }

  /// The types that the host lists, in its order.
  package let offers: [Offer]

  /// The host lists types, the smallest first, up to the first whose mappable
  /// share does not fit; it does not look at the unmappable one, so a type may
  /// be listed with 0. Source: Linux 6.1 `gvt/vgpu.c`,
  /// `intel_gvt_init_vgpu_types`.
  ///
  /// `nil` when what lies above the aperture is less than the host keeps of it:
  /// its subtraction then wraps, and means nothing.
  package init?(_ ggtt: GGTT) {
    let account = HostAccount(ggtt, pages: [])
    guard ggtt.total - ggtt.aperture >= account.reserve.unmappable else { return nil }
    offers =
      VgpuType.all
      .map { Fit($0, account: account, spaces: []) }
      .prefix { $0.mappableAccount >= 1 }
      .map { Offer(type: $0.type, count: $0.accounting) }
  }

  /// The count of a type; `nil` when it is not listed.
  package func count(of type: VgpuType) -> UInt64? {
    offers.first { $0.type == type }?.count
  }
}
