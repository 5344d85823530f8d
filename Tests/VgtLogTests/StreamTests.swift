import Testing
import VgtCore
import VgtLog

/// Several probes, long logs and input that is no log.
struct StreamTests {
  /// In front of a message, whose line is `grep -n`'s.
  @Test(arguments: [
    ("an encoded line feed: j5=0aq8\n", 2), ("an escape before the line ends\u{1B}\n", 2),
    ("a soft break=\nof a mail\n", 3), ("a joined\\\nline\n", 3),
  ])
  func `lines are counted as the input has them`(text: String, line: Int) {
    let message = "[    2.0] i915 0000:00:02.0: [drm] VGT balloon successfully\n"
    var reader = LogReader()
    reader.read(Array((text + message).utf8))
    #expect(reader.finish().probes.map(\.line) == [line])
  }

  @Test func `each boot of a file is one probe`() {
    let boots = read(july + "Linux version 5.4.0\n" + july + july)
    #expect(boots.map(\.agreement) == [.agrees, .agrees, .agrees])
    #expect(boots.map(\.line) == [1, 10, 18])
  }

  @Test func `what is mostly no text is binary, a log with a few odd bytes is not`() throws {
    let noise = (0..<1024).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
    #expect(LogReader.isBinary(noise))
    let log = try Fixture.guest.bytes
    #expect(!LogReader.isBinary(log))
    // Latin-1 in the names of months.
    #expect(!LogReader.isBinary(Array("M\u{E4}r".unicodeScalars.map { UInt8($0.value) } + log)))
    #expect(!LogReader.isBinary(Array(noise.prefix(100)) + log))
    // Prose in KOI8-R, and what a crash left of a log.
    #expect(!LogReader.isBinary([UInt8](repeating: 0xC1, count: 1000) + log))
    #expect(!LogReader.isBinary([UInt8](repeating: 0, count: 5000) + log))
  }

  @Test func `sizes that no address space has have no sum`() throws {
    let largest = "size 18014398509481983KiB"
    let log = try Fixture.guest.text.replacing("size 65536KiB", with: largest)
      .replacing("size 393216KiB", with: largest)
    let probe = try #require(read(log).first)
    #expect(probe.mappable?.size == 0xFFFF_FFFF_FFFF_FC00)
    #expect(probe.ownedBytes == nil)
  }

  @Test func `two devices may probe at the same time`() throws {
    let lines = try Fixture.guest.text.split(separator: "\n")
    let mixed = lines.flatMap { [$0, $0.replacing("0000:00:04.0", with: "0000:00:05.0")] }
    let boots = read(mixed.map(String.init).joined(separator: "\n"))
    #expect(boots.map(\.agreement) == [.agrees, .agrees])
    #expect(boots.map(\.device) == [PCIAddress("0000:00:04.0"), PCIAddress("0000:00:05.0")])
  }

  @Test func `the log of a module that was loaded again holds two probes`() throws {
    let text = try Fixture.guest.text
    let boots = read(
      text + "i915 0000:00:04.0: [drm:intel_vgt_deballoon [i915]] VGT deballoon.\n"
        + "[drm:vgt_deballoon_space] deballoon space: range [0x0 - 0x31c7000] 50972 KiB.\n" + text)
    #expect(boots.map(\.agreement) == [.agrees, .agrees])
  }

  @Test(arguments: [
    "drm_info(&dev_priv->drm,\n\t\"balloon space: range [ 0x%lx - 0x%lx ] %lu KiB.\\n\",",
    "DRM_INFO(\"VGT balloon successfully\\n\");",
    "+\tDRM_INFO(\"VGT ballooning configuration:\\n\");",
    "I never saw a VGT balloon successfully in it", "'VGT balloon fail' is what it should say",
    "virtio_balloon virtio0: balloon failed", "xen:balloon: Initialising balloon driver",
    "[drm:intel_vgt_deballoon] VGT deballoon.", "i915 deballoon.",
    "deballoon space: range [0x0 - 0x31c7000] 50972 KiB.", "Wrong vgt_if magic number!",
    "[drm] failed to map registers", "gvt: vgpu 1: invalid pvinfo read", "",
  ])
  func `other words are no probe`(text: String) {
    #expect(read("first line\n\(text)\nlast line\n").isEmpty)
  }

  @Test(arguments: [100_000, 262_144, 300_000, 1_000_000])
  func `a probe deep in a long log keeps its line`(bytes: Int) throws {
    let line = "[    1.000000] usb 1-1: new high-speed USB device number 2 using xhci_hcd\n"
    let count = bytes / line.utf8.count
    let filler = String(repeating: line, count: count)
    let text = try filler + Fixture.guest.text + filler + july + filler
    for chunk in [4096, 65_536, 262_144] {
      let boots = read(Array(text.utf8), chunk: chunk)
      #expect(boots.map(\.agreement) == [.agrees, .agrees])
      #expect(boots.map(\.line) == [count + 1, 2 * count + 11])
    }
  }

  @Test func `a probe is found wherever a chunk ends`() throws {
    let line = "[    1.000000] usb 1-1: new high-speed USB device number 2 using xhci_hcd\n"
    let filler = Array(String(repeating: line, count: 4_000).utf8)
    let log = filler + (try Fixture.guest.bytes)
    let expected = read(log)
    for end in stride(from: filler.count - 100, to: log.count, by: 13 * step) {
      var reader = LogReader()
      reader.read(Array(log[..<end]))
      reader.read(Array(log[end...]))
      #expect(reader.finish().probes == expected, "a chunk ends at \(end)")
    }
  }

  @Test func `a line without an end takes no memory and hides nothing behind it`() {
    let boots = read(
      Array(repeating: UInt8(ascii: "x"), count: 2_000_000) + Array("\n\(july)".utf8))
    #expect(boots.map(\.agreement) == [.agrees])
    #expect(boots.map(\.line) == [2])
  }

  @Test(arguments: 1...7)
  func `UTF-16 is told from the beginning, however short the first chunk is`(more: Int) throws {
    // Line ends as Windows writes them: a zero byte stands between the two.
    let text = try Fixture.guest.text.replacing("\n", with: "\r\n")
    let bytes: [UInt8] =
      [0xFF, 0xFE]
      + text.utf16.flatMap { unit -> [UInt8] in
        [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      }
    // So many bytes more than are kept back.
    #expect(read(bytes, chunk: 2048 + more) == read(bytes))
  }

  @Test func `UTF-16 is read as well`() throws {
    let text = try Fixture.guest.text
    let expected = try Fixture.guest.boots
    let little: [UInt8] =
      [0xFF, 0xFE]
      + text.utf16.flatMap { unit -> [UInt8] in
        [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      }
    let big: [UInt8] =
      [0xFE, 0xFF]
      + text.utf16.flatMap { unit -> [UInt8] in
        [UInt8(unit >> 8), UInt8(unit & 0xFF)]
      }
    for chunk in [1, 7, 4096] {
      #expect(read(little, chunk: chunk) == expected)
      #expect(read(big, chunk: chunk) == expected)
    }
  }

  @Test func `nothing in random bytes is a probe`() {
    var state: UInt64 = 42
    let bytes = (0..<1_000_000).map { _ -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
    #expect(read(bytes).isEmpty)
    #expect(read([]).isEmpty)
  }

  @Test func `the last probe of a function is what its driver did`() throws {
    let address = try #require(PCIAddress("0000:00:04.0"))
    let other = try #require(PCIAddress("0000:00:02.0"))
    let text = try Fixture.guest.text
    let refused = "i915 0000:00:04.0: [drm:i915_driver_probe [i915]] old vGPU host found\n"
    #expect(contents(of: text + refused).probes.lastProbe(of: address)?.outcome == .refusedHWSP)
    #expect(contents(of: refused + text).probes.lastProbe(of: address)?.ranges?.count == 4)
    #expect(contents(of: text).probes.lastProbe(of: other) == nil)
    #expect(contents(of: july).probes.lastProbe(of: other)?.outcome == .ballooned)
    #expect(contents(of: july + text).probes.lastProbe(of: address)?.device == address)
    #expect(contents(of: july).probes.lastProbe(of: other, isOnly: false) == nil)
    #expect(contents(of: text).probes.lastProbe(of: address, isOnly: false) != nil)
  }

  @Test func `a probe whose beginning the ring lost has no ranges to compare`() throws {
    let lines = try Fixture.guest.text.split(separator: "\n")
    let boots = read(lines[5...].joined(separator: "\n"))
    #expect(boots.map(\.ranges) == [nil])
  }
}
