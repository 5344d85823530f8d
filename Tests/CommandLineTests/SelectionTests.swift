import Support
import Testing

/// Which functions a run looks at.
struct SelectionTests {
  private static let second = SyntheticFunction.healthy
    .with(\.address, "0001:3a:1f.7").with(\.page.id, 5)

  @Test func `every Intel display function is listed, by ascending address`() throws {
    let bed = try QuickBed(
      Self.second, .healthy, .healthy.with(\.address, "0000:00:10.0").with(\.classCode, 0x03_8000))
    let report = try bed.report().report
    #expect(report.devices.map(\.address) == ["0000:00:02.0", "0000:00:10.0", "0001:3a:1f.7"])
  }

  @Test func `another vendor's display and Intel's other functions are not listed`() throws {
    let bed = try QuickBed(
      .healthy.with(\.vendor, 0x1234),
      .healthy.with(\.classCode, 0x06_0000).with(\.address, "0000:00:00.0"))
    let (report, run) = try bed.report()
    #expect(report.devices == [])
    #expect(run.status == 1)
  }

  @Test func `without an Intel display function those of other vendors are named`() throws {
    let other = SyntheticFunction.healthy.with(\.vendor, 0x1234).with(\.address, "0000:00:01.0")
    let run = try QuickBed(other).run("report")
    #expect(run.status == 1)
    #expect(run.output.contains("\n         0000:00:01.0 is 0x1234:0x1912, "))
    #expect(run.output.contains("check the mdev device"))
  }

  @Test(arguments: [
    (["-s", "2"], ["0000:00:02.0"]),
    (["-s", "3a:"], ["0001:3a:1f.7"]),
    (["-s", ".7"], ["0001:3a:1f.7"]),
    (["-s", "*:*:*.*"], ["0000:00:02.0", "0001:3a:1f.7"]),
    (["-s", "00:02.0"], ["0000:00:02.0"]),
    (["-s", "0000:00:02.0"], ["0000:00:02.0"]),
    (["-s", "0:0:2.0"], ["0000:00:02.0"]),
    (["--device", "1:3A:1F.7"], ["0001:3a:1f.7"]),
    (["-s", "0001:3a:1f.7", "-s", "00:02.0"], ["0000:00:02.0", "0001:3a:1f.7"]),
    (["-s", "00:02.0", "-s", "00:02.0"], ["0000:00:02.0"]),
  ])
  func `-s selects by address`(arguments: [String], addresses: [String]) throws {
    let report = try QuickBed(.healthy, Self.second).report(arguments).report
    #expect(report.devices.map(\.address) == addresses)
  }

  @Test(arguments: ["0001:00:02.0", "10000:e0:02.0", "ffff:ff:1f.7"])
  func `any domain, bus and device is read through its own resource0`(address: String) throws {
    let function = SyntheticFunction.healthy.with(\.address, address).with(\.page.id, 6)
    let device = try QuickBed(function).report().report.device
    #expect(device.address == address)
    #expect(device.vgt_if?.vgt_id == 6)
  }

  @Test func `two vGPUs are told apart`() throws {
    let report = try QuickBed(.healthy, Self.second).report().report
    #expect(report.devices.map(\.vgt_if?.vgt_id) == [1, 5])
  }

  @Test func `a function that is not there is status 3 with one line and no report`() throws {
    let run = try QuickBed(.healthy).run("report", "-s", "00:05.0")
    #expect(run.status == 3)
    #expect(run.output == "")
    #expect(
      run.errors == """
        vgt-balloon: no such device: 0000:00:05.0; see what there is: ls /sys/bus/pci/devices

        """)
  }

  @Test func `a function that is no display is said so and is no vGPU`() throws {
    let bed = try QuickBed(.healthy.with(\.classCode, 0x02_0000))
    let (report, run) = try bed.report(["-s", "00:02.0"])
    #expect(run.status == 1)
    #expect(report.devices == [])
    #expect(run.errors == "vgt-balloon: 0000:00:02.0 is not an Intel display function\n")
  }
}
