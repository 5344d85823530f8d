import Support
import CoreFixtures
import Testing
import VgtCore
import VgtReport

extension Report {
  /// A live run's report of these guests.
  init(_ guests: Guest...) {
    self.init(
      devices: guests.map(\.diagnosis), isFromCapture: false,
      kernelRelease: guests.first?.surroundings.kernelRelease)
  }
}

@Suite struct `the text report` {
  @Test func `of the guest of July 2021`() throws {
    #expect(try Golden("july-2021.txt").difference(from: Report(.july2021).text()) == nil)
  }

  @Test func `of a guest whose shares the driver refuses`() throws {
    let guest = Guest.july2021.changing(\.pvInfo.mappable.base, to: 0xF00_0000)
      .changing(\.surroundings.driver, to: nil)
      .changing(\.surroundings.driverAnswers, to: .notAsked(.noDriver))
    #expect(
      try Golden("refused-shares.txt").difference(from: Report(guest).text()) == nil)
  }

  @Test func `of a host too old for the guest's kernel`() throws {
    let guest = Guest.july2021.changing(\.pvInfo.caps, to: .fullPPGTT)
      .changing(\.surroundings.driver, to: nil)
      .changing(\.surroundings.driverAnswers, to: .notAsked(.noDriver))
    #expect(try Golden("old-host.txt").difference(from: Report(guest).text()) == nil)
  }

  @Test func `by the rules of a driver with a guard page`() throws {
    #expect(
      try Golden("guard-page.txt").difference(
        from: Report(.july2021.changing(\.kernel, to: "4.10.0")).text()) == nil)
  }

  @Test func `of a function that cannot be read`() throws {
    let guest = Guest.july2021.changing(\.surroundings.unreadable, to: .barUnassigned)
      .changing(\.surroundings.bar0, to: nil)
      .changing(\.surroundings.driverAnswers, to: .notAsked(.noBalloon))
    #expect(try Golden("unreadable.txt").difference(from: Report(guest).text()) == nil)
  }

  @Test func `of a GPU that was passed through, beside a vGPU`() throws {
    let passed = Guest.healthy().changing(\.magic, to: 0)
      .changing(
        \.surroundings.address, to: PCIAddress(domain: 0, bus: 0, device: 2, function: 0)
      )
      .changing(\.surroundings.driverAnswers, to: .notAsked(.noBalloon))
    #expect(
      try Golden("two-devices.txt").difference(from: Report(passed, .july2021).text())
        == nil)
  }

  @Test func `of several functions counts them, and has a line for each`() {
    let passed = Guest.healthy().changing(\.magic, to: 0)
      .changing(
        \.surroundings.address, to: PCIAddress(domain: 0, bus: 0, device: 2, function: 0))
    let lines = Report(passed, .july2021).text().split(separator: "\n")
    #expect(lines[1] == "VERDICT  ok: 1 of 2 functions is a working GVT-g vGPU")
    #expect(lines[2].hasPrefix("         0000:00:02.0 no-vgpu: no GVT-g vGPU: no PV info page"))
    #expect(lines.contains("         0000:00:04.0 ok: working GVT-g vGPU: all checks passed"))
  }

  @Test func `of one capture twice shows it once, and says so`() {
    let capture = Guest.july2021.diagnosis.capture
    let report = Report(captures: [capture, capture], kernel: nil)
    #expect(report.devices.count == 1)
    #expect(report.text().contains("NOTE     one capture is in the input twice and shown once\n"))
  }

  @Test func `keeps its columns apart, whatever the sizes are`() {
    let guest = Guest.healthy().changing(\.pvInfo.unmappable.base, to: 0xD7EF_8001)
      .changing(\.pvInfo.unmappable.size, to: 0x1000_0001)
    let rows = Report(guest).text().split(separator: "\n").filter { $0.contains(" bytes  ") }
    #expect(!rows.isEmpty)
    #expect(rows.allSatisfy { $0.contains(/^  0x[0-9a-f]{9}  0x[0-9a-f]{9}  +[0-9]+ bytes {2}/) })
  }

  @Test func `a share that GuC cuts off is not called the host's mistake`() {
    let guest = Guest.healthy().changing(\.kernel, to: "5.2.0")
      .changing(\.pvInfo.unmappable.base, to: 0xE800_0000)
      .changing(\.surroundings.enableGuC, to: 2)
    let text = Report(
      devices: [guest.diagnosis], isFromCapture: false, kernelRelease: nil
    ).text()
    #expect(text.contains("as GuC leaves it (to 0xfee00000)"))
    #expect(!text.contains("report this as a host bug"))
  }

  @Test func `a driver's name brings no command to a terminal`() throws {
    let address = try #require(PCIAddress("0000:00:02.0"))
    let other = OtherDisplay(
      address: address, vendorID: 0x1234, deviceID: 0x1111, driver: "a\u{1B}[31m\nb")
    let text = Report(
      devices: [], isFromCapture: false, kernelRelease: nil, otherDisplays: [other]
    ).text()
    #expect(text.contains("driver a%1b[31m%0ab"))
  }

  @Test func `a host that could be newer never had Haswell`() {
    let guest = Guest.haswell.changing(\.kernel, to: "6.1.0").changing(\.pvInfo.caps, to: [])
    let text = Report(devices: [guest.diagnosis], isFromCapture: false, kernelRelease: nil).text()
    #expect(text.contains("what to do: run a guest kernel before 5.0"))
    #expect(!text.contains("host with Linux"))
  }

  @Test func `of captures in several files each names its own`() {
    let captures = [Guest.healthy(), .haswell].map(\.capture)
    let text = Report(captures: captures, kernel: nil, sources: ["one", "two"]).text()
    for name in ["one", "two"] {
      #expect(text.ranges(of: " in \(name)").count == 2)
    }
  }

  @Test func `of a machine without an Intel GPU says so`() {
    let report = Report(devices: [], isFromCapture: false, kernelRelease: "6.1.0")
    #expect(
      report.text() == """
        vgt-balloon 0.1.0: what the GVT-g host gave this guest

        VERDICT  no-vgpu: no Intel display function
                 no display function of any vendor
                 what to do: if a GVT-g vGPU was meant, check the mdev device in the
                 virtual machine's definition

        vgt-balloon 0.1.0: end of report: no-vgpu

        """)
  }

  @Test func `of a machine whose PCI functions cannot be listed says so`() {
    let report = Report(
      devices: [], isFromCapture: false, kernelRelease: "6.1.0", isBusUnreadable: true)
    #expect(
      report.text() == """
        vgt-balloon 0.1.0: what the GVT-g host gave this guest

        VERDICT  unreadable: cannot tell: the PCI functions could not be listed

        vgt-balloon 0.1.0: end of report: unreadable

        """)
  }

  @Test func `of the sample is marked as such`() {
    let text = Report(.july2021.changing(\.surroundings.isSample, to: true)).text()
    #expect(text.contains("\nSAMPLE   this is the embedded sample guest, not this machine."))
    #expect(!Report(.july2021).text().contains("SAMPLE"))
  }

  @Test(arguments: [
    (Guest.healthy(), "ok: working GVT-g vGPU: all checks passed"),
    (
      Guest.healthy().changing(\.pvInfo.fenceCount, to: 0),
      "ok: working GVT-g vGPU with warnings: fences-none"
    ),
    (
      Guest.healthy().changing(\.surroundings.driver, to: "vfio-pci"),
      "ok: working GVT-g vGPU, but its driver does not use it"
    ),
    (
      Guest.healthy().changing(\.surroundings.driverAnswers, to: .notAsked(.noLines)),
      "ok: working GVT-g vGPU; the running driver was not compared"
    ),
    (
      Guest.healthy().changing(\.surroundings.driver, to: nil)
        .changing(\.surroundings.driverAnswers, to: .notAsked(.noDriver)),
      "ok: working GVT-g vGPU: all checks passed"
    ),
    (
      Guest.healthy().changing(\.pvInfo.caps, to: .hugeGTT),
      "failed: GVT-g vGPU with failures: full-ppgtt-missing,"
    ),
    (
      Guest.healthy().changing(\.magic, to: 7),
      "no-vgpu: no GVT-g vGPU: no PV info page (bare metal, passthrough or"
    ),
    (
      Guest.healthy().changing(\.surroundings.deviceID, to: 0x9A49),
      "no-vgpu: no GVT-g vGPU: 8086:9a49 is not a GPU that GVT-g supports"
    ),
    (
      Guest.healthy().changing(\.pvInfo.versionMajor, to: 0),
      "no-vgpu: no GVT-g vGPU: the host's interface is 0.0, below 1.0"
    ),
    (
      Guest.healthy().changing(\.surroundings.unreadable, to: .memoryDecodingOff),
      "unreadable: cannot tell: memory decoding is off in COMMAND"
    ),
  ])
  func `gives the verdict and its reason first`(guest: Guest, verdict: String) {
    let lines = Report(guest).text().split(separator: "\n")
    #expect(lines[0] == "vgt-balloon 0.1.0: what the GVT-g host gave this guest")
    #expect(lines[1] == "VERDICT  \(verdict)")
  }

  @Test(arguments: [
    (Guest.healthy(), "ok"), (Guest.healthy().changing(\.pvInfo.caps, to: []), "failed"),
    (Guest.healthy().changing(\.magic, to: 7), "no-vgpu"),
    (Guest.healthy().changing(\.surroundings.unreadable, to: .lockdown), "unreadable"),
  ])
  func `ends with a fixed line, so that a cut paste is seen`(guest: Guest, verdict: String) {
    #expect(
      Report(guest).text()
        .hasSuffix("\n\nvgt-balloon 0.1.0: end of report: \(verdict)\n"))
  }

  @Test func `is ASCII of at most 76 columns, whatever names there are`() {
    for seed in seeds(1000) {
      var generator = SeededGenerator(seed: seed)
      let release = generator.once(in: 3) ? KernelRelease(generator.name()) : nil
      let captures = (0..<(generator.once(in: 5) ? 2 : 1)).map { _ in generator.capture() }
      let report = Report(
        devices: captures.map { Diagnosis($0, kernel: release) }, isFromCapture: true,
        kernelRelease: nil)
      let bad = report.text().split(separator: "\n").filter { line in
        line.utf8.count > 76 || !line.utf8.allSatisfy { (0x20...0x7E).contains($0) }
      }
      #expect(bad == [], "seed \(seed)")
    }
  }

  @Test func `has no spaces at the ends of its lines`() {
    let lines = Report(.july2021).text().split(separator: "\n")
    #expect(lines.filter { $0.hasSuffix(" ") } == [])
  }

  @Test func `is coloured only where asked, and then in nothing but its colours`() {
    let report = Report(.july2021, .healthy().changing(\.pvInfo.caps, to: []))
    let plain = report.text()
    let coloured = report.text(coloured: true)
    #expect(!plain.contains("\u{1B}"))
    #expect(coloured.contains("\u{1B}[1;31mFAIL\u{1B}[0m"))
    #expect(coloured.contains("\u{1B}[1;32mPASS\u{1B}[0m"))
    #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }

  @Test func `adds up to the GGTT for every sound guest`() throws {
    for seed in seeds(1000) {
      var generator = SeededGenerator(seed: seed)
      let text = Report(generator.guest()).text()
      guard
        let sum = text.firstMatch(
          of:
            /own (\d+) \+ reserved (\d+)(?: \+ guard page (\d+))? = GGTT (\d+) (KiB|bytes)/
        )
      else { continue }
      let parts = [sum.1, sum.2, sum.3 ?? "0"].compactMap { UInt64($0) }.reduce(0, +)
      #expect(parts == UInt64(sum.4), "seed \(seed)")
    }
  }

  @Test(arguments: Mangling.all)
  func `is read back from what a paste makes of it`(mangling: Mangling) throws {
    for seed in seeds(8) {
      var generator = SeededGenerator(seed: seed)
      let captures = [generator.capture(), generator.capture()]
      let report = Report(
        devices: captures.map { Diagnosis($0) }, isFromCapture: false, kernelRelease: nil)
      let text = mangling.apply(report.text())
      #expect(try CaptureParser.captures(in: Array(text.utf8)) == captures, "seed \(seed)")
    }
  }
}
