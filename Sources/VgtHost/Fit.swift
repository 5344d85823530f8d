package import VgtCore

/// How many more vGPUs of one type the host could create, at most.
package struct Fit: Hashable, Sendable {
  package let type: VgpuType
  /// By the mappable holes: shares of this type laid into them.
  package let mappableHoles: UInt64
  package let unmappableHoles: UInt64
  /// By the bytes that the host's books leave.
  package let mappableAccount: UInt64
  package let unmappableAccount: UInt64
  package let fences: UInt64
  package let ids: UInt64

  package init(_ type: VgpuType, account: HostAccount, spaces: [HostSpace]) {
    self.type = type
    mappableHoles = Self.count(of: type.lowSize, in: spaces, .mappable)
    unmappableHoles = Self.count(of: type.highSize, in: spaces, .unmappable)
    mappableAccount = account.mappableLeft / type.lowSize
    unmappableAccount = account.unmappableLeft / type.highSize
    fences = account.fencesLeft / type.fences
    ids = account.idsLeft
  }

  /// By what is contiguous: every share needs one hole around it.
  package var contiguous: UInt64 { min(mappableHoles, unmappableHoles, fences, ids) }

  /// By the host's books, which count bytes wherever they lie.
  package var accounting: UInt64 { min(mappableAccount, unmappableAccount, fences, ids) }

  /// Shares of one size never hinder each other, so each hole is filled alone.
  private static func count(
    of size: UInt64, in spaces: [HostSpace], _ kind: SpaceKind
  ) -> UInt64 {
    let holes = spaces.filter { $0.kind == kind }.flatMap(\.holes)
    return holes.reduce(0) { $0 + $1.roomAligned / size }
  }
}

extension GraphicsRange {
  /// Bytes from the first page border in it: the host places shares at 4 KiB
  /// (Linux 6.1 `gvt/aperture_gm.c`, `alloc_gm`).
  package var roomAligned: UInt64 {
    let page = GGTT.pageSize
    let first = (start + page - 1) / page * page
    return end - min(end, first)
  }
}
