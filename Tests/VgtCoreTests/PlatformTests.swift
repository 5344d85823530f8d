import Testing
import VgtCore

@Suite struct `the platform table` {
  /// A first and a last id of each row of facts that the kernel's lists have
  /// (Linux 6.1 `include/drm/i915_pciids.h`).
  @Test(
    arguments: [
      (0x0402, "Haswell", 7, nil), (0x0D2E, "Haswell", 7, nil), (0x0A16, "Haswell", 7, nil),
      (0x1602, "Broadwell", 8, "GVTg_V4"), (0x163E, "Broadwell", 8, "GVTg_V4"),
      (0x1902, "Skylake", 9, "GVTg_V5"), (0x1912, "Skylake", 9, "GVTg_V5"),
      (0x193D, "Skylake", 9, "GVTg_V5"),
      (0x5902, "Kaby Lake", 9, "GVTg_V5"), (0x5912, "Kaby Lake", 9, "GVTg_V5"),
      (0x593B, "Kaby Lake", 9, "GVTg_V5"),
      (0x591C, "Amber Lake", 9, "GVTg_V5"), (0x87C0, "Amber Lake", 9, "GVTg_V5"),
      (0x87CA, "Amber Lake", 9, "GVTg_V5"),
      (0x3E90, "Coffee Lake", 9, "GVTg_V5"), (0x3EA9, "Coffee Lake", 9, "GVTg_V5"),
      (0x3EA0, "Whiskey Lake", 9, "GVTg_V5"), (0x3EA4, "Whiskey Lake", 9, "GVTg_V5"),
      (0x9B21, "Comet Lake", 9, "GVTg_V5"), (0x9BF6, "Comet Lake", 9, "GVTg_V5"),
      (0x0A84, "Broxton", 9, "GVTg_V5"), (0x5A85, "Broxton", 9, "GVTg_V5"),
    ] as [(UInt16, String, Int, String?)])
  func `knows the platforms that may carry the page`(
    id: UInt16, name: String, generation: Int, prefix: String?
  ) throws {
    let platform = try #require(Platform(deviceID: id))
    #expect(platform.name == name)
    #expect(platform.generation == generation)
    #expect(platform.typePrefix == prefix)
  }

  /// Ivy Bridge, Valleyview, Cherryview, Gemini Lake, Cannon Lake, Ice Lake,
  /// Tiger Lake, DG2, Alder Lake, a bridge, a network card, and neighbours of
  /// listed ids.
  @Test(
    arguments: [
      0x0162, 0x0F31, 0x22B0, 0x3184, 0x5A51, 0x8A52, 0x9A49, 0x5690, 0x46A6, 0x1237, 0x100E,
      0x0000, 0xFFFF, 0x1901, 0x1903, 0x193E, 0x5901, 0x3E95, 0x9B22, 0x0B02, 0x0403, 0x0432,
    ] as [UInt16])
  func `leaves every other device alone`(id: UInt16) {
    #expect(Platform(deviceID: id) == nil)
  }

  /// Counted in the lists: Haswell 4 families of 15, Broadwell 24, Skylake 25,
  /// Kaby Lake 20, Amber Lake 3, Coffee Lake 16, Whiskey Lake 5, Comet Lake 17,
  /// Broxton 5.
  @Test func `holds as many ids as the kernel's lists`() {
    let names = (0...UInt16.max).compactMap { Platform(deviceID: $0)?.name }
    let counts = Dictionary(grouping: names) { $0 }.mapValues(\.count)
    #expect(
      counts == [
        "Haswell": 60, "Broadwell": 24, "Skylake": 25, "Kaby Lake": 20, "Amber Lake": 3,
        "Coffee Lake": 16, "Whiskey Lake": 5, "Comet Lake": 17, "Broxton": 5,
      ])
  }

  @Test(
    arguments: [(0x0412, 4 << 20, false), (0x1616, 16 << 20, true), (0x1912, 16 << 20, true)]
      as [(UInt16, UInt64, Bool)])
  func `gives the length of BAR0 and whether there are execlists`(
    id: UInt16, length: UInt64, execlists: Bool
  ) throws {
    let platform = try #require(Platform(deviceID: id))
    #expect(platform.bar0Size == length)
    #expect(platform.hasExeclists == execlists)
  }
}

@Suite struct `the GGTT's size` {
  private static let miB: UInt64 = 1 << 20
  private static let giB: UInt64 = 1 << 30

  /// By hand: facts of Linux 6.1 `gt/intel_ggtt.c`; n MiB of 4-byte entries, or
  /// 2^n MiB of 8-byte ones, 4 KiB an entry.
  @Test(
    arguments: [
      (7, 0x0000, 0), (7, 0x0100, 1 * giB), (7, 0x0200, 2 * giB), (7, 0x0300, 3 * giB),
      (8, 0x0000, 0), (8, 0x0040, 1 * giB), (8, 0x0080, 2 * giB), (8, 0x00C0, 4 * giB),
      (9, 0x0000, 0), (9, 0x0040, 1 * giB), (9, 0x0080, 2 * giB), (9, 0x00C0, 4 * giB),
    ] as [(Int, UInt16, UInt64)])
  func `follows GGMS by generation`(generation: Int, control: UInt16, total: UInt64) {
    #expect(GGTT.total(gmchControl: control, generation: generation) == total)
  }

  @Test(
    arguments: [(7, 0xFCFF, 0x0200, 2 * giB), (9, 0xFF3F, 0x0080, 2 * giB)]
      as [(Int, UInt16, UInt16, UInt64)])
  func `depends on no other bit of GMCH control`(
    generation: Int, others: UInt16, field: UInt16, total: UInt64
  ) {
    #expect(GGTT.total(gmchControl: others | field, generation: generation) == total)
  }

  @Test(
    arguments: [
      (256 * miB, 256 * miB, false), (4 * giB, 4 * giB, false), (8 * giB, 4 * giB, true),
    ] as [(UInt64, UInt64, Bool)])
  func `bounds the aperture, and says when it did`(bar2: UInt64, aperture: UInt64, clamped: Bool) {
    let ggtt = GGTT(gmchControl: 0x00C0, bar2Size: bar2, generation: 9)
    #expect(ggtt.total == 4 * Self.giB)
    #expect(ggtt.aperture == aperture)
    #expect(ggtt.isApertureClamped == clamped)
  }

  @Test func `bounds the aperture of an empty GGTT to nothing`() {
    let ggtt = GGTT(gmchControl: 0, bar2Size: 256 * Self.miB, generation: 9)
    #expect(ggtt.aperture == 0)
    #expect(ggtt.isApertureClamped)
  }
}

@Suite struct `capability bits` {
  @Test(
    arguments: [
      (0x00, []), (0x04, ["full-ppgtt"]), (0x0C, ["full-ppgtt", "hwsp-emulation"]),
      (0x1C, ["full-ppgtt", "hwsp-emulation", "huge-gtt"]),
      (0x3C, ["full-ppgtt", "hwsp-emulation", "huge-gtt", "pv"]), (0x01, ["preemption"]),
    ] as [(UInt32, [String])])
  func `have the names of the headers`(raw: UInt32, names: [String]) {
    #expect(Capabilities(rawValue: raw).names == names)
    #expect(Capabilities(rawValue: raw).unknown == 0)
  }

  @Test func `without a name are kept as they are`() {
    let caps = Capabilities(rawValue: .max)
    #expect(caps.unknown == 0xFFFF_FFC2)
    #expect(caps.rawValue == .max)
  }
}

@Suite struct `a PCI address` {
  @Test(arguments: [
    ("0000:00:02.0", "0000:00:02.0"), ("00:02.0", "0000:00:02.0"), ("0:2.0", "0000:00:02.0"),
    ("1:00:02.0", "0001:00:02.0"), ("ffff:ff:1f.7", "ffff:ff:1f.7"),
    ("FFFF:FF:1F.7", "ffff:ff:1f.7"), ("10000:00:02.0", "10000:00:02.0"),
    ("ffffffff:00:1f.0", "ffffffff:00:1f.0"), ("00000001:00:04.0", "0001:00:04.0"),
  ])
  func `is read as users write it and printed as sysfs does`(text: String, printed: String) throws {
    let address = try #require(PCIAddress(text))
    #expect(address.description == printed)
    #expect(PCIAddress(printed) == address)
  }

  @Test(arguments: [
    "", ".", ":", "00:02", "02.0", "0000:00:02", "00:02.0.", "00:20.0", "00:02.8", "100:02.0:",
    "0000:100:02.0", "0000:00:020.0", "0000:00:02.00", "100000000:00:02.0", "g:00:02.0",
    "00:0g.0", "0000:00:02.0 ", " 0000:00:02.0", "0000:0000:00:02.0", "0x00:02.0", "+0:02.0",
    "00:-2.0", "00:02.", ":02.0", "00:.0", "00：02.0", "٠:٠.٠", "all",
  ])
  func `is refused when anything is wrong with it`(text: String) {
    #expect(PCIAddress(text) == nil)
  }

  @Test func `sorts by domain, bus, device and function`() throws {
    let ascending = try ["0:2.0", "0:2.1", "0:10.0", "a:1.0", "1:0:2.0", "10000:0:0.0"].map {
      try #require(PCIAddress($0))
    }
    #expect(ascending.reversed().sorted() == ascending)
  }
}

@Suite struct `a vGPU type` {
  private func page(_ low: UInt32, _ high: UInt32, caps: Capabilities) -> VgtIf {
    VgtIf(
      versionMajor: 1, versionMinor: 0, id: 1, caps: caps,
      mappable: Share(base: 0, size: low << 20),
      unmappable: Share(base: 0, size: high << 20), fenceCount: 9)
  }

  /// Linux 6.1 `gvt/vgpu.c`, `vgpu_types`.
  @Test(
    arguments: [
      (64, 384, 8, "1024x768", 2), (128, 512, 4, "1920x1200", 4), (256, 1024, 2, "1920x1200", 8),
      (512, 2048, 1, "1920x1200", 16),
    ] as [(UInt32, UInt32, Int, String, Int)])
  func `follows from the sizes of the shares`(
    low: UInt32, high: UInt32, suffix: Int, resolution: String, weight: Int
  ) {
    let type = VgpuType(of: page(low, high, caps: [.fullPPGTT]))
    #expect(type?.suffix == suffix)
    #expect(type?.resolution == resolution)
    #expect(type?.weight == weight)
  }

  /// Linux 4.10 `gvt/vgpu.c`, `intel_gvt_init_vgpu_types`.
  @Test(arguments: [(32, 384, 4), (64, 512, 2), (128, 1024, 1)] as [(UInt32, UInt32, Int)])
  func `of a 4.10 host is told from its sizes and from capabilities of 0`(
    low: UInt32, high: UInt32, suffix: Int
  ) {
    #expect(VgpuType(of: page(low, high, caps: []))?.suffix == suffix)
    #expect(VgpuType(of: page(low, high, caps: []))?.isOfLinux410 == true)
    #expect(VgpuType(of: page(low, high, caps: .fullPPGTT)) == nil)
  }

  @Test(arguments: [(64, 448), (128, 384), (0, 0), (65, 384)] as [(UInt32, UInt32)])
  func `follows from no other sizes`(low: UInt32, high: UInt32) {
    #expect(VgpuType(of: page(low, high, caps: [])) == nil)
  }

  @Test(
    arguments: [
      (0x0, "4.10 to 4.13"), (0x4, "4.14 or 4.15"), (0xC, "4.16 or later"),
      (0x1C, "about 4.19 or later"), (0x8, nil), (0x3C, nil),
    ] as [(UInt32, String?)])
  func `comes from a host whose age its capabilities tell`(raw: UInt32, kernels: String?) {
    #expect(Capabilities(rawValue: raw).hostKernels == kernels)
  }
}
