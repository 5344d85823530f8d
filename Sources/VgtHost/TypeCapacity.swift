package import VgtCore

/// How many more vGPUs of one type the host could create, at most.
package struct TypeCapacity: Hashable, Sendable {
  package let type: VgpuType
  /// By the mappable holes: shares of this type laid into them.
  package let mappableHoles: UInt64
  package let unmappableHoles: UInt64
  /// By the bytes that the host's accounting leaves.
  package let mappableAllocation: UInt64
  package let unmappableAllocation: UInt64
  package let fences: UInt64
  package let ids: UInt64

  package init(_ type: VgpuType, allocation: HostAllocation, spaces: [HostSpace]) {
    self.type = type
    mappableHoles = Self.count(of: type.lowSize, in: spaces, .mappable)
    unmappableHoles = Self.count(of: type.highSize, in: spaces, .unmappable)
    mappableAllocation = allocation.mappableLeft / type.lowSize
    unmappableAllocation = allocation.unmappableLeft / type.highSize
    fences = allocation.fencesLeft / type.fences
    ids = allocation.idsLeft
  }

  /// By what is contiguous: every share needs one hole around it.
  package var contiguous: UInt64 { min(mappableHoles, unmappableHoles, fences, ids) }

  /// By the host's accounting, which counts bytes wherever they lie.
  package var accounting: UInt64 { min(mappableAllocation, unmappableAllocation, fences, ids) }

  /// Shares of one size never hinder each other, so each hole is filled alone.
  private static func count(
    of size: UInt64, in spaces: [HostSpace], _ kind: GGTT.Part
  ) -> UInt64 {
    let holes = spaces.filter { $0.kind == kind }.flatMap(\.holes)
    // The host places shares at pages: Linux 6.1 `gvt/aperture_gm.c`, `alloc_gm`.
    return holes.reduce(0) { $0 + $1.wholePages.size / size }
  }
}
