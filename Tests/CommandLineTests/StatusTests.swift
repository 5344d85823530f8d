import Support
import Testing

/// Each exit status of the contract, by the built binary.
struct StatusTests {
  @Test func `a healthy vGPU is status 0, and standard error stays empty`() throws {
    let run = try QuickBed(.healthy).run()
    #expect(run.status == 0)
    #expect(run.errors == "")
  }

  @Test func `no display function is status 1`() throws {
    let (report, run) = try QuickBed(SyntheticMachine([])).report()
    #expect(run.status == 1)
    #expect(report.verdict == "no-vgpu")
    #expect(report.devices == [])
    #expect(run.errors == "")
  }

  @Test func `a missing capability is status 2`() throws {
    #expect(try QuickBed(.healthy.with(\.page.caps, 0)).run().status == 2)
  }

  @Test func `no PCI tree is status 3, with the JSON and one line`() throws {
    let (report, run) = try QuickBed(SyntheticMachine([]).with(\.hasPCITree, false)).report()
    #expect(run.status == 3)
    #expect(report.verdict == "unreadable")
    #expect(
      run.errors == """
        vgt-balloon: cannot list PCI functions: /sys/bus/pci/devices: \
        No such file or directory; mount sysfs on /sys

        """)
  }

  @Test func `a kernel without a PCI bus is told from a sysfs that is not mounted`() throws {
    let machine = SyntheticMachine([]).with(\.hasPCITree, false)
      .with(\.files, ["/sys/bus/cpu/uevent": ""])
    let run = try QuickBed(machine).run()
    #expect(run.status == 3)
    #expect(
      run.errors == """
        vgt-balloon: cannot list PCI functions: /sys/bus/pci/devices: No such file or directory; \
        this kernel has no PCI bus: give the virtual machine one (QEMU's q35 has), and no pci=off

        """)
  }

  /// What each format says of a machine with nothing to capture, pasted.
  @Test(
    arguments: ["text", "json", "markdown", "svg"],
    [
      (true, 1, "no Intel display function", "without an Intel display function"),
      (false, 3, "the PCI functions could not be listed", "PCI functions could not be listed"),
    ])
  func `--from of a report without a function says what it is`(
    format: String, empty: (hasPCITree: Bool, status: Int32, headline: String, cause: String)
  ) throws {
    let machine = SyntheticMachine([]).with(\.hasPCITree, empty.hasPCITree)
    let live = try QuickBed(machine).run("--format", format)
    #expect(live.status == empty.status)
    let quoted = live.output.split(separator: "\n").map { "> \($0)\n" }.joined()
    for input in [live.output, quoted] {
      let run = try Tool.run(["--from", "-"], input: Array(input.utf8))
      #expect(run.status == empty.status)
      #expect(run.messages.count == 1)
      #expect(run.errors.hasPrefix("vgt-balloon: standard input: the report of a machine w"))
      #expect(run.errors.contains(empty.cause))
      #expect(run.output.contains(empty.headline))
      // Unlike the live one, it does not know of other vendors' functions.
      #expect(!run.output.contains("of any vendor"))
    }
    let host = try Tool.run(["host", "-"], input: Array(live.output.utf8))
    #expect(host.status == 1)
    #expect(host.messages.count == 1)
  }

  @Test(arguments: ["text", "json", "markdown"])
  func `a report that lost its capture is not taken for one without a function`(
    format: String
  ) throws {
    let bed = try QuickBed(.healthy.with(\.page.magic, 0))
    let report = try bed.run("--format", format).output
    let end = try #require(report.firstRange(of: format == "json" ? "\"capture\"" : "capture: "))
    let run = try Tool.run(["--from", "-"], input: Array(report[..<end.lowerBound].utf8))
    #expect(run.status == 65)
    #expect(run.errors.contains("holds no capture; paste the report whole"))
  }

  @Test(arguments: [
    ["--no-such-option"],
    ["report", "--device", "nonsense"],
    ["report", "--device", "0000:00:02.8"],
    ["report", "--backend", "guess"],
    ["report", "--format", "yaml"],
    ["report", "--color", "sometimes"],
    ["report", "--kernel", "six"],
    ["report", "--sample", "--from", "-"],
    ["report", "--sample", "--device", "00:02.0"],
    ["report", "--from", "-", "--backend", "sysfs"],
    ["no-such-command"],
    ["log", "-", "-"],
    ["host", "-", "-"],
    ["detect", "--format", "json"],
  ])
  func `wrong usage is status 64 and prints no result`(arguments: [String]) throws {
    let run = try Tool.run(arguments)
    #expect(run.status == 64)
    #expect(run.output == "")
    #expect(run.messages.count == 1)
    #expect(run.errors.hasPrefix("vgt-balloon: "))
  }

  @Test func `input without a capture is status 65`() throws {
    let run = try Tool.run(["report", "--from", "-"], input: Array("only prose\n".utf8))
    #expect(run.status == 65)
    #expect(run.output == "")
    #expect(
      run.errors == """
        vgt-balloon: standard input holds no capture; paste the report whole, \
        with its CAPTURE part

        """)
  }

  @Test func `input that is not there is status 66`() throws {
    let run = try Tool.run(["report", "--from", "/no/such/file"])
    #expect(run.status == 66)
    #expect(run.output == "")
    #expect(run.errors == "vgt-balloon: cannot read /no/such/file: No such file or directory\n")
  }

  @Test func `input that is a folder is status 66`() throws {
    let run = try Tool.run(["report", "--from", "/"])
    #expect(run.status == 66)
    #expect(run.errors == "vgt-balloon: cannot read /: Is a directory\n")
  }

  @Test(arguments: [["--sample"], ["--sample", "--format", "json"], ["detect"]])
  func `a full disk behind standard output is status 74`(arguments: [String]) throws {
    let bed = try QuickBed(.healthy)
    let run = try bed.run(arguments, under: ["sh", "-c", #"exec "$@" >/dev/full"#, "sh"])
    #expect(run.status == 74)
    #expect(
      run.errors == "vgt-balloon: cannot write standard output: No space left on device\n")
  }

  @Test(arguments: [["--sample"], ["--sample", "--format", "json"], ["detect"]])
  func `a closed pipe behind standard output is status 0`(arguments: [String]) throws {
    // The reader is gone before the first byte is written.
    let script = #"""
      mkfifo "$BED/pipe"; exec 4<>"$BED/pipe" 5>"$BED/pipe" 4<&-; "$@" >&5; echo $? >&2
      """#
    let run = try QuickBed(.healthy).run(arguments, under: ["sh", "-c", script, "sh"])
    #expect(run.errors == "0\n")
  }

  @Test func `a closed standard output is status 74`() throws {
    let run = try Tool.shell(#""$TOOL" --sample >&-"#)
    #expect(run.status == 74)
    #expect(run.errors == "vgt-balloon: cannot write standard output: Bad file descriptor\n")
  }

  @Test func `a message that cannot be written changes no status`() throws {
    #expect(try Tool.shell(#""$TOOL" --from /no/such/file 2>/dev/full"#).status == 66)
  }
}

/// Several devices: any failure 2; else any sound vGPU 0; else any unreadable
/// 3; else 1.
struct CombinedStatusTests {
  private static let sound = SyntheticFunction.healthy
  private static let failing = sound.with(\.page.caps, 0)
  private static let unreadable = sound.with(\.command, 0)
  private static let absent = sound.with(\.page, .filled(with: 0))

  @Test(arguments: [
    ([sound, failing, unreadable, absent], 2, "failed"),
    ([absent, unreadable, sound], 0, "ok"),
    ([absent, unreadable], 3, "unreadable"),
    ([absent, absent], 1, "no-vgpu"),
  ])
  func `the gravest device decides`(
    functions: [SyntheticFunction], status: Int32, verdict: String
  ) throws {
    let placed = functions.enumerated().map { $1.with(\.address, "0000:00:0\($0 + 2).0") }
    let (report, run) = try QuickBed(SyntheticMachine(placed)).report()
    #expect(run.status == status)
    #expect(report.verdict == verdict)
    #expect(report.devices.map(\.address) == placed.map(\.address))
  }
}
