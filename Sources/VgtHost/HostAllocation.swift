package import VgtCore

/// What the host keeps for itself, and how much there is to give.
package struct HostReserve: Hashable, Sendable {
  /// Bytes of the aperture.
  package var mappable: UInt64
  /// Bytes above it.
  package var unmappable: UInt64
  package var fences: UInt64
  /// Fence registers of the GPU.
  package var allFences: UInt64
  /// The ids a vGPU can have.
  package var ids: ClosedRange<UInt32>

  package init(
    mappable: UInt64, unmappable: UInt64, fences: UInt64, allFences: UInt64,
    ids: ClosedRange<UInt32>
  ) {
    self.mappable = mappable
    self.unmappable = unmappable
    self.fences = fences
    self.allFences = allFences
    self.ids = ids
  }

  /// Source: Linux 6.1 `gvt/gvt.h`, `HOST_LOW_GM_SIZE`, `HOST_HIGH_GM_SIZE`,
  /// `HOST_FENCE`; `gvt/vgpu.c` gives ids from 1 to below 8; generation 8 and
  /// later have 32 fences.
  package static let mainline = HostReserve(
    mappable: 128 << 20, unmappable: 384 << 20, fences: 4, allFences: 32, ids: 1...7)
}

/// The host's accounting: what it has given, and what it may still give,
/// wherever that lies.
///
/// Source: Linux 6.1 `gvt/kvmgt.c`, `intel_vgpu_get_available`, and
/// `gvt/aperture_gm.c`, `alloc_resource`.
package struct HostAllocation: Hashable, Sendable {
  package let ggtt: GGTT
  package let reserve: HostReserve
  /// Bytes.
  package let mappableGiven: UInt64
  /// Bytes.
  package let unmappableGiven: UInt64
  package let fencesGiven: UInt64
  package let idsLeft: UInt64

  /// Fences that no input tells count as none, so that what is left is "at
  /// most".
  ///
  /// - Parameter guests: Each once.
  package init(_ ggtt: GGTT, guests: [Guest], reserve: HostReserve = .mainline) {
    self.ggtt = ggtt
    self.reserve = reserve
    mappableGiven = guests.reduce(0) { $0 + UInt64($1.mappable.size) }
    unmappableGiven = guests.reduce(0) { $0 + UInt64($1.unmappable.size) }
    fencesGiven = guests.reduce(0) { $0 + UInt64($1.fences ?? 0) }
    let used = Set(guests.compactMap(\.id).filter(reserve.ids.contains))
    let unknown = guests.count { $0.id == nil }
    idsLeft = UInt64(reserve.ids.count).less(UInt64(used.count + unknown))
  }

  /// Bytes of the aperture.
  package var mappableLeft: UInt64 {
    ggtt.aperture.less(reserve.mappable).less(mappableGiven)
  }

  /// Bytes above the aperture.
  package var unmappableLeft: UInt64 {
    (ggtt.total - ggtt.aperture).less(reserve.unmappable).less(unmappableGiven)
  }

  package var fencesLeft: UInt64 {
    reserve.allFences.less(reserve.fences).less(fencesGiven)
  }
}

extension HostAllocation {
  /// More of something than one host can have given out.
  package struct Excess: Hashable, Sendable {
    package enum Resource: Hashable, Sendable {
      case space(GGTT.Part)
      case fences
      case ids
    }

    package let resource: Resource
    /// What all guests have: bytes, or a count.
    package let given: UInt64
    /// What a host without a vGPU can give.
    package let limit: UInt64
  }

  /// - Parameter guestCount: The vGPUs, each with an id.
  package func excesses(guestCount: Int) -> [Excess] {
    [
      Excess(
        resource: .space(.mappable), given: mappableGiven,
        limit: ggtt.aperture.less(reserve.mappable)),
      Excess(
        resource: .space(.unmappable), given: unmappableGiven,
        limit: (ggtt.total - ggtt.aperture).less(reserve.unmappable)),
      Excess(
        resource: .fences, given: fencesGiven, limit: reserve.allFences.less(reserve.fences)),
      Excess(
        resource: .ids, given: UInt64(guestCount), limit: UInt64(reserve.ids.count)),
    ].filter { $0.given > $0.limit }
  }
}

extension UInt64 {
  /// The difference; 0 instead of less.
  fileprivate func less(_ other: UInt64) -> UInt64 { self - Swift.min(self, other) }
}
