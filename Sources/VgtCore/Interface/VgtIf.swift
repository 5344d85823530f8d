/// What the host tells this guest in the PV info page: a copy, nothing more is
/// read.
///
/// Source: Linux 6.1 `i915_pvinfo.h`, `struct vgt_if`.
package struct VgtIf: Hashable, Sendable {
  /// 1 on every host known; a driver since 4.12 accepts 1 and above.
  package var versionMajor: UInt16
  /// 0 on every host known; no driver since 4.12 reads it.
  package var versionMinor: UInt16
  /// Counts from 1 on that host; the host's log calls this guest "vgpu N".
  package var id: UInt32
  package var caps: Capabilities
  /// The share below the end of the aperture.
  package var mappable: Share
  /// The share above the aperture.
  package var unmappable: Share
  /// Fence registers this guest may use.
  package var fenceCount: UInt32

  /// Bytes of the two shares.
  package var ownedBytes: UInt64 { UInt64(mappable.size) + UInt64(unmappable.size) }

  /// The bytes at 0x78000, "vGTvGTvG". Source: Linux 6.1 `i915_pvinfo.h`,
  /// `VGT_MAGIC`.
  package static let magic: UInt64 = 0x4776_5447_7654_4776

  package init(
    versionMajor: UInt16, versionMinor: UInt16, id: UInt32, caps: Capabilities, mappable: Share,
    unmappable: Share, fenceCount: UInt32
  ) {
    self.versionMajor = versionMajor
    self.versionMinor = versionMinor
    self.id = id
    self.caps = caps
    self.mappable = mappable
    self.unmappable = unmappable
    self.fenceCount = fenceCount
  }
}

/// A part of the graphics address space that the host assigned to this guest.
package struct Share: Hashable, Sendable {
  /// Graphics address in bytes; the page holds 32 bits of it.
  package var base: UInt32
  /// Bytes; 0 means no share.
  package var size: UInt32

  package init(base: UInt32, size: UInt32) {
    self.base = base
    self.size = size
  }

  /// The share as 64-bit addresses: `base + size` may be exactly 4 GiB.
  package var range: GraphicsRange {
    GraphicsRange(start: UInt64(base), end: UInt64(base) + UInt64(size))
  }
}
