import Testing
import VgtCore

@Test func `the checksum is zlib's`() {
  #expect(crc32("123456789".utf8) == 0xCBF4_3926)
}
