/// What a host writes to the PV info page, by hand from Linux 6.1
/// `i915_pvinfo.h`, `struct vgt_if`; nothing here is shared with the tool.
package struct InfoPage: Hashable, Sendable {
  package var magic: UInt64 = 0x4776_5447_7654_4776
  package var versionMajor: UInt16 = 1
  package var versionMinor: UInt16 = 0
  package var id: UInt32 = 1
  package var caps: UInt32 = 0x1C
  package var mappableBase: UInt32 = 0x31C_7000
  package var mappableSize: UInt32 = 0x400_0000
  package var unmappableBase: UInt32 = 0xE7EF_8000
  package var unmappableSize: UInt32 = 0x1800_0000
  package var fenceCount: UInt32 = 4
  /// Every byte that is no field. Nothing may read it.
  package var rest: UInt8 = 0x5A

  /// A vGPU of type GVTg_V5_8 with the shares of a real guest (intel-gvt-dev
  /// list, July 2021, Linux 5.14-rc2).
  package init() {}

  /// A page whose bytes are all the same: 0xff is what a device answers that
  /// does not answer, 0x00 what bare metal may.
  package static func filled(with byte: UInt8) -> InfoPage {
    var page = InfoPage()
    let half = UInt16(byte) * 0x101
    let word = UInt32(half) * 0x1_0001
    page.magic = UInt64(word) * 0x1_0000_0001
    (page.versionMajor, page.versionMinor) = (half, half)
    (page.id, page.caps, page.fenceCount) = (word, word, word)
    (page.mappableBase, page.mappableSize) = (word, word)
    (page.unmappableBase, page.unmappableSize) = (word, word)
    page.rest = byte
    return page
  }

  /// The 4096 bytes.
  var bytes: [UInt8] {
    var bytes = [UInt8](repeating: rest, count: 4096)
    bytes.put(magic, at: 0x00)
    bytes.put(versionMajor, at: 0x08)
    bytes.put(versionMinor, at: 0x0A)
    bytes.put(id, at: 0x0C)
    bytes.put(caps, at: 0x10)
    bytes.put(mappableBase, at: 0x40)
    bytes.put(mappableSize, at: 0x44)
    bytes.put(unmappableBase, at: 0x48)
    bytes.put(unmappableSize, at: 0x4C)
    bytes.put(fenceCount, at: 0x50)
    return bytes
  }
}

extension [UInt8] {
  /// Stores an integer, little-endian.
  mutating func put(_ value: some FixedWidthInteger, at offset: Int) {
    for index in 0..<value.bitWidth / 8 {
      self[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index))
    }
  }
}
