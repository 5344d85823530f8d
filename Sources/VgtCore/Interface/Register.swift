/// One load of the PV info page: where, and how wide.
package struct Register: Hashable, Sendable {
  /// Bytes from the start of BAR0.
  package let offset: UInt32
  package let width: AccessWidth
}

/// The six loads of the PV info page, in the order in which they are made.
///
/// Offsets: Linux 6.1 `i915_pvinfo.h`, `struct vgt_if` at `VGT_PVINFO_PAGE`.
/// Widths: the pieces GVT serves without an error line on the host (Linux 6.1
/// `gvt/handlers.c`, `pvinfo_mmio_read`). A 64-bit load at 0x78010 or 0x78050
/// would reach past what is served.
extension Register {
  package static let magic = Register(offset: 0x78000, width: .bits64)
  /// `version_major`, `version_minor` and `vgt_id`.
  package static let versionAndID = Register(offset: 0x78008, width: .bits64)
  /// `vgt_caps`.
  package static let caps = Register(offset: 0x78010, width: .bits32)
  /// `avail_rs.mappable_gmadr`.
  package static let mappable = Register(offset: 0x78040, width: .bits64)
  /// `avail_rs.nonmappable_gmadr`.
  package static let unmappable = Register(offset: 0x78048, width: .bits64)
  /// `avail_rs.fence_num`.
  package static let fenceCount = Register(offset: 0x78050, width: .bits32)

  package static let all: [Register] = [
    .magic, .versionAndID, .caps, .mappable, .unmappable, .fenceCount,
  ]

  /// Where the page lies in BAR0, in bytes. Source: Linux 6.1 `i915_pvinfo.h`,
  /// `VGT_PVINFO_PAGE` and `VGT_PVINFO_SIZE`.
  package static let page: Range<UInt32> = 0x78000..<0x79000
}
