import Support
import Testing

/// The ranges, in the driver's order, by both of its rules.
struct BalloonTests {
  @Test func `the real guest of July 2021 gets the ranges its kernel printed`() throws {
    let device = try QuickBed(.healthy.with(\.deviceID, 0x5912)).report().report.device
    #expect(
      device.balloon?.reserved.map(\.description) == [
        "below-unmappable 10000000-e7ef8000", "above-unmappable ffef8000-100000000",
        "below-mappable 0-31c7000", "above-mappable 71c7000-10000000",
      ])
    #expect(device.balloon?.rule == "exact")
  }

  @Test(arguments: ["4.1", "4.8.0-rc1", "4.11.12-custom"])
  func `before 4.12 the top range ends at the guard page`(release: String) throws {
    let bed = try QuickBed(.healthy)
    let device = try bed.report(["--kernel", release]).report.device
    #expect(device.balloon?.rule == "guard-page")
    #expect(device.balloon?.reserved[1].description == "above-unmappable ffef8000-fffff000")
    #expect(device.balloon?.reserved_bytes == 0xE3FF_F000)
  }

  @Test(arguments: ["4.12", "5.0", "6.1.0-53-amd64", "10.4"])
  func `since 4.12 the top range runs to the end`(release: String) throws {
    let device = try QuickBed(.healthy).report(["--kernel", release]).report.device
    #expect(device.balloon?.rule == "exact")
    #expect(device.balloon?.reserved_bytes == 0xE400_0000)
  }

  @Test func `a range that reaches the guard page is refused, and all is undone`() throws {
    // The aperture is the whole GGTT of 1 GiB, so the range above the mappable
    // share runs to its end.
    var function = SyntheticFunction.healthy.with(\.gmchControl, 0x40)
    function.bar2?.size = 0x4000_0000
    (function.page.unmappableBase, function.page.unmappableSize) = (0x4000_0000, 0)
    let bed = try QuickBed(function)
    #expect(try bed.report(["--kernel", "4.12"]).report.device.balloon?.valid == true)

    let (report, run) = try bed.report(["--kernel", "4.11"])
    let balloon = try #require(try report.device.balloon)
    #expect(run.status == 2)
    #expect(balloon.error == "reservation-failed")
    #expect(!balloon.valid)
    #expect(balloon.reserved == [])
  }

  @Test(arguments: [
    (
      SyntheticFunction.healthy.with(\.page.mappableBase, 0xF00_0000),
      "mappable-ends-past-aperture"
    ),
    (.healthy.with(\.page.unmappableBase, 0xF00_0000), "unmappable-starts-inside-aperture"),
    (.healthy.with(\.page.unmappableBase, 0xF000_0000), "unmappable-ends-past-ggtt"),
  ])
  func `each of the driver's tests can refuse, and then nothing is reserved`(
    function: SyntheticFunction, error: String
  ) throws {
    let (report, run) = try QuickBed(function).report()
    let balloon = try #require(try report.device.balloon)
    #expect(run.status == 2)
    #expect(!balloon.valid)
    #expect(balloon.error == error)
    #expect(balloon.reserved == [])
    #expect(balloon.reserved_bytes == 0)
    #expect(try report.device.codes("failure") == [error])
  }

  @Test func `shares that are the whole GGTT leave nothing to reserve`() throws {
    var function = SyntheticFunction.healthy
    (function.page.mappableBase, function.page.mappableSize) = (0, 0x1000_0000)
    (function.page.unmappableBase, function.page.unmappableSize) = (0x1000_0000, 0xF000_0000)
    let (report, run) = try QuickBed(function).report()
    #expect(run.status == 0)
    #expect(try report.device.balloon?.valid == true)
    #expect(try report.device.balloon?.reserved == [])
  }

  @Test(
    arguments: [
      (0x18, "5.0", 2), (0x14, "5.0", 2), (0x18, "4.20", 0), (0x14, "4.20", 2), (0x14, "4.19", 2),
      (0x14, "4.18", 0), (0x0C, "6.12", 0),
    ] as [(UInt32, String, Int32)])
  func `capability bit 2 is demanded since 5.0, bit 3 is needed since 4.19`(
    caps: UInt32, release: String, status: Int32
  ) throws {
    let bed = try QuickBed(.healthy.with(\.page.caps, caps))
    #expect(try bed.run("--kernel", release).status == status)
  }
}

/// The sizes that config space and BAR2 give.
struct SpaceTests {
  /// `IORESOURCE_UNSET`: i915 takes no aperture there.
  @Test(
    arguments: [
      nil, .init(address: 0xC000_0000, size: 0x1000_0000, flags: 0x2014_220C),
    ] as [SyntheticFunction.Region?])
  func `without BAR2 there is no balloon, which is a failure`(
    bar2: SyntheticFunction.Region?
  ) throws {
    let (report, run) = try QuickBed(.healthy.with(\.bar2, bar2)).report()
    let device = try report.device
    #expect(run.status == 2)
    #expect(device.presence == "present")
    #expect(device.balloon == nil)
    #expect(device.ggtt == ReportDocument.GGTT(total: 0x1_0000_0000))
    #expect(device.codes("failure") == ["bar2-missing"])
  }

  @Test func `GGMS 0 is a GGTT without a byte`() throws {
    let (report, run) = try QuickBed(.healthy.with(\.gmchControl, 0)).report()
    let device = try report.device
    #expect(run.status == 2)
    #expect(device.ggtt == ReportDocument.GGTT(total: 0, aperture: 0))
    #expect(device.codes("failure").contains("ggtt-empty"))
  }

  @Test(arguments: [(0x40, 0x4000_0000), (0x80, 0x8000_0000), (0xC0, 0x1_0000_0000)])
  func `GGMS sets the size of the GGTT`(control: UInt16, total: UInt64) throws {
    let device = try QuickBed(.healthy.with(\.gmchControl, control)).report().report.device
    #expect(device.ggtt?.total == total)
  }

  @Test func `an aperture larger than the GGTT is shortened to it`() throws {
    var function = SyntheticFunction.healthy.with(\.gmchControl, 0x40)
    function.bar2?.size = 0x8000_0000
    function.bar2?.address = 0x40_0000_0000
    let device = try QuickBed(function).report().report.device
    #expect(device.ggtt == ReportDocument.GGTT(total: 0x4000_0000, aperture: 0x4000_0000))
    #expect(device.codes("warning").contains("aperture-clamped"))
  }

  @Test(arguments: [0x200_0000, 0x4000_0000] as [UInt64])
  func `an aperture that generation 7 refuses is a failure`(size: UInt64) throws {
    var function = SyntheticFunction.healthy.with(\.deviceID, 0x0412).with(\.gmchControl, 0x0200)
    function.bar0?.size = 0x40_0000
    function.bar2?.size = size
    let (report, run) = try QuickBed(function).report()
    #expect(run.status == 2)
    #expect(try report.device.codes("failure").contains("aperture-out-of-range"))
  }
}
