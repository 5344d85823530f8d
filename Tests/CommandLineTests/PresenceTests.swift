import Support
import Testing

struct PresenceTests {
  /// One device id of each platform. BAR0 of generation 7 is 4 MiB, its GMCH
  /// control has the table's MiB in bits 9:8, and an entry has 4 bytes.
  @Test(
    arguments: [
      (0x0412, "Haswell", 7, nil), (0x1612, "Broadwell", 8, "GVTg_V4_8"),
      (0x1912, "Skylake", 9, "GVTg_V5_8"), (0x5912, "Kaby Lake", 9, "GVTg_V5_8"),
      (0x87C0, "Amber Lake", 9, "GVTg_V5_8"), (0x3E92, "Coffee Lake", 9, "GVTg_V5_8"),
      (0x3EA0, "Whiskey Lake", 9, "GVTg_V5_8"), (0x9BC5, "Comet Lake", 9, "GVTg_V5_8"),
      (0x5A84, "Broxton", 9, "GVTg_V5_8"),
    ] as [(UInt16, String, Int, String?)])
  func `a vGPU of each platform is present`(
    id: UInt16, platform: String, generation: Int, type: String?
  ) throws {
    var function = SyntheticFunction.healthy.with(\.deviceID, id)
    if generation == 7 {
      function.bar0?.size = 0x40_0000
      function.gmchControl = 0x0200
      function.page.unmappableBase = 0x4000_0000
    }
    let (report, run) = try QuickBed(function).report()
    let device = try report.device
    #expect(run.status == 0)
    #expect(device.presence == "present")
    #expect(device.platform == platform)
    #expect(device.generation == generation)
    #expect(device.vgpu_type == type)
    #expect(device.ggtt?.total == (generation == 7 ? 0x8000_0000 : 0x1_0000_0000))
    #expect(device.balloon?.owned_bytes == 0x1C00_0000)
  }

  @Test(arguments: [0x9A49, 0x4680, 0x56A0, 0x0102, 0x0166] as [UInt16])
  func `another platform has no page, and nothing is read`(id: UInt16) throws {
    let (report, run) = try QuickBed(.healthy.with(\.deviceID, id)).report()
    let device = try report.device
    #expect(run.status == 1)
    #expect(device.presence == "absent")
    #expect(device.platform == nil)
    #expect(device.vgt_if == nil)
    #expect(device.capture.accesses == [])
    #expect(device.codes("info") == ["platform-unlisted"])
    let finding = try #require(device.findings.first { $0.code == "platform-unlisted" })
    #expect(
      finding.text
        == "8086:\(id.hexDigits(4)) is none of GVT-g's GPUs (Haswell to Comet Lake, Broxton);"
        + " nothing was read")
    #expect(finding.remedy?.contains("report its device id") == true)
  }

  @Test(
    arguments: [
      (0, "0x0000000000000000"), (0x4776_5447_7654_4777, "0x4776544776544777"),
      (0x7654_4776_4776_5447, "0x7654477647765447"),
    ] as [(UInt64, String)])
  func `a wrong magic is absent, and nothing after it is read`(
    magic: UInt64, text: String
  ) throws {
    let (report, run) = try QuickBed(.healthy.with(\.page.magic, magic)).report()
    let device = try report.device
    #expect(run.status == 1)
    #expect(device.presence == "absent")
    #expect(device.vgt_if == ReportDocument.Page(magic: text))
    #expect(device.capture.accesses.map(\.description) == ["0x78000 64 \(text)"])
    #expect(device.balloon == nil)
  }

  @Test func `a version below 1 is unsupported, its fields are shown and not ballooned`() throws {
    let (report, run) = try QuickBed(
      .healthy.with(\.page.versionMajor, 0).with(\.page.versionMinor, 9)
    ).report()
    let device = try report.device
    #expect(run.status == 1)
    #expect(device.presence == "unsupported")
    #expect(device.vgt_if?.version_major == 0)
    let finding = try #require(device.findings.first { $0.code == "version-unsupported" })
    #expect(finding.text == "the host speaks version 0.9; drivers want 1.0 or later")
    #expect(finding.remedy?.hasPrefix("every upstream host speaks 1.0: report this") == true)
    #expect(device.vgt_if?.fence_count == 4)
    #expect(device.balloon == nil)
  }

  @Test(arguments: [1, 2, 0xFFFE] as [UInt16])
  func `any version from 1 on is present`(version: UInt16) throws {
    let run = try QuickBed(.healthy.with(\.page.versionMajor, version)).run()
    #expect(run.status == 0)
  }

  @Test func `the six loads are made in order, each once`() throws {
    let device = try QuickBed(.healthy).report().report.device
    #expect(
      device.capture.accesses.map(\.description) == [
        "0x78000 64 0x4776544776544776",
        "0x78008 64 0x0000000100000001",
        "0x78010 32 0x0000001c",
        "0x78040 64 0x04000000031c7000",
        "0x78048 64 0x18000000e7ef8000",
        "0x78050 32 0x00000004",
      ])
  }

  @Test(arguments: [("i915", "driver-bound"), ("vfio-pci", "driver-other")])
  func `the bound driver is named`(driver: String, code: String) throws {
    let device = try QuickBed(.healthy.with(\.driver, driver)).report().report.device
    #expect(device.driver == driver)
    #expect(device.findings.contains { $0.code == code })
  }
}
