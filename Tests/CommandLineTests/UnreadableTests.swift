import Support
import Testing

/// Every cause for which the page cannot be read: status 3, one line with the
/// cause and the next step, and a report all the same.
struct UnreadableTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var cause: String
    var machine: SyntheticMachine
    var words: String

    init(_ cause: String, _ function: SyntheticFunction, _ words: String) {
      self.init(cause, SyntheticMachine(function), words)
    }

    init(_ cause: String, _ machine: SyntheticMachine, _ words: String) {
      self.cause = cause
      self.machine = machine
      self.words = words
    }

    var testDescription: String { "\(cause): \(words)" }
  }

  private static let healthy = SyntheticFunction.healthy
  private static let asksAHost = "look for \"fail to emulate MMIO read\" in the host's log"

  static let cases: [Case] = [
    Case(
      "config-short", healthy.with(\.configLength, 64),
      "config space ends before offset 0x50, as it does for a user without root; run vgt-balloon"
        + " as root"),
    Case(
      "config-short", healthy.with(\.configLength, 0),
      "config space ends before offset 0x50, as it does for a user without root; run vgt-balloon"
        + " as root"),
    Case(
      "bar-unassigned", healthy.with(\.bar0, nil).with(\.resource0, .length(0x100_0000)),
      "BAR0 has no address; look for \"can't assign\" in the kernel log and give the function's"
        + " bridge more memory"),
    Case(
      "bar-unassigned",
      healthy.with(\.bar0, .init(address: 0x1000, size: 0x100_0000, flags: 0x2014_0204)),
      "BAR0 has no address; look for \"can't assign\" in the kernel log and give the function's"
        + " bridge more memory"),
    Case(
      "bar-size",
      healthy.with(\.bar0, .init(address: 0xFD00_0000, size: 0x20_0000, flags: 0x14_0204)),
      "BAR0 is not as long as on this platform; check how the virtual machine presents BAR0 of the"
        + " host's GPU"),
    Case(
      "memory-decoding-off", healthy.with(\.command, 0x0405),
      "memory decoding is off in COMMAND; load the driver (modprobe i915), then run vgt-balloon"
        + " again"),
    Case(
      "memory-decoding-off", healthy.with(\.command, 0x0405).with(\.driver, "i915"),
      "memory decoding is off in COMMAND; unbind i915 and bind it again, then run vgt-balloon again"
    ),
    Case(
      "memory-decoding-off", healthy.with(\.command, 0x0405).with(\.driver, "vfio-pci"),
      "memory decoding is off in COMMAND; bind i915 in place of vfio-pci, then run vgt-balloon again"
    ),
    Case(
      "resource-missing", healthy.with(\.resource0, .missing),
      "sysfs has no resource0 for it; run vgt-balloon outside the container or sandbox that hides"
        + " it"),
    Case(
      "permission",
      SyntheticMachine(healthy.with(\.resource0, .missing)).with(\.devMem, .refused),
      "reading config space or mapping BAR0 needs root; run vgt-balloon as root"),
    Case(
      "resource-short", healthy.with(\.resource0, .length(0x78FFF)),
      "resource0 is shorter than BAR0; check how the virtual machine presents BAR0 of the host's"
        + " GPU"),
    Case(
      "resource-short", healthy.with(\.resource0, .length(0)),
      "resource0 is shorter than BAR0; check how the virtual machine presents BAR0 of the host's"
        + " GPU"),
    Case(
      "device-gone", healthy.with(\.isGone, true),
      "nothing is at this address any more; rescan the bus: echo 1 > /sys/bus/pci/rescan"),
    Case(
      "all-ones", healthy.with(\.page, .filled(with: 0xFF)),
      "every read returned all ones; \(asksAHost)"),
    Case(
      "asleep",
      healthy.with(\.page, .filled(with: 0xFF)).with(\.powerState, "D3hot").with(\.driver, "i915"),
      "the device is suspended (D3hot) and reads return all ones; use the GPU (any program that draws), then run"
        + " vgt-balloon again"),
    Case(
      "asleep", healthy.with(\.page, .filled(with: 0xFF)).with(\.runtimeStatus, "suspended"),
      "the device is suspended (D3hot) and reads return all ones; write \"on\" to its power/control in sysfs, then"
        + " run vgt-balloon again"),
  ]

  @Test(arguments: cases)
  func `a cause is named, with the next step`(example: Case) throws {
    let (report, run) = try QuickBed(example.machine).report()
    let device = try report.device
    #expect(run.status == 3)
    #expect(report.verdict == "unreadable")
    #expect(device.presence == "unreadable")
    #expect(device.capture.unreadable == example.cause)
    #expect(device.vgt_if == nil)
    #expect(device.balloon == nil)
    #expect(
      run.errors
        == "vgt-balloon: cannot read the PV info page of 0000:00:02.0: \(example.words)\n")
  }

  @Test func `its report is unreadable again, and its cause is told again`() throws {
    let bed = try QuickBed(.healthy.with(\.command, 0x0405))
    let live = try bed.run()
    let again = try Tool.run(["--from", "-"], input: Array(live.output.utf8))
    #expect(again.status == 3)
    #expect(again.errors == live.errors)
  }

  @Test func `a /dev/mem that is not there is named, and the way that serves`() throws {
    let (report, run) = try QuickBed(.healthy).report(["--backend", "devmem"])
    #expect(run.status == 3)
    #expect(try report.device.capture.unreadable == "devmem-missing")
    #expect(
      run.errors
        == "vgt-balloon: cannot read the PV info page of 0000:00:02.0: there is no /dev/mem; leave"
        + " out --backend devmem: resource0 of sysfs serves on every kernel\n")
  }

  @Test func `a resource0 that ends with the page is read`() throws {
    #expect(try QuickBed(.healthy.with(\.resource0, .length(0x79000))).run().status == 0)
  }

  @Test(arguments: ["D3hot", "D3cold"])
  func `a sleeping device that answers is a vGPU all the same`(state: String) throws {
    let function = SyntheticFunction.healthy.with(\.powerState, state)
      .with(\.runtimeStatus, "suspended")
    #expect(try QuickBed(function).run().status == 0)
  }

  @Test func `power files that are not there cause no message`() throws {
    let function = SyntheticFunction.healthy.with(\.powerState, nil).with(\.runtimeStatus, nil)
    #expect(try QuickBed(function).run().errors == "")
    let ones = function.with(\.page, .filled(with: 0xFF))
    #expect(try QuickBed(ones).report().report.device.capture.unreadable == "all-ones")
  }

  /// Errors of the kernel that only strace can make at will.
  @Test(
    arguments: [
      ("mmap", "EPERM", nil, "permission"),
      ("mmap", "EPERM", "none [integrity] confidentiality", "lockdown"),
      ("mmap", "EPERM", "none integrity [confidentiality]", "lockdown"),
      ("mmap", "EPERM", "[none] integrity confidentiality", "permission"),
      ("mmap", "EINVAL", nil, "claimed"),
      ("mmap", "ENOMEM", nil, "map-failed"),
      ("openat", "EACCES", nil, "permission"),
      ("openat", "EPERM", "none [integrity] confidentiality", "lockdown"),
      ("openat", "EMFILE", nil, "map-failed"),
    ] as [(String, String, String?, String)])
  func `a refusal of the kernel is named`(
    call: String, error: String, lockdown: String?, cause: String
  ) throws {
    let bed = try QuickBed(SyntheticMachine(.healthy).with(\.lockdown, lockdown))
    let (report, run) = try bed.report(
      under: bed.strace("-e", "inject=\(call):error=\(error)", on: "resource0"))
    #expect(run.status == 3)
    #expect(try report.device.capture.unreadable == cause)
    #expect(run.messages.count == 1)
  }

  @Test func `a device that goes away between mapping and loading is status 3 with a line`() throws
  {
    // The file is empty, but for the check of its size: then it has 16 MiB.
    // Bytes 48 to 55 of `struct stat` are the size.
    let size = String(repeating: "00", count: 48) + "0000000100000000"
    let bed = try QuickBed(.healthy.with(\.resource0, .length(0)))
    let (report, run) = try bed.report(
      under: bed.strace("-e", "inject=newfstatat:poke_exit=@arg3=\(size):when=1", on: "resource0"))
    #expect(run.status == 3)
    #expect(try report.device.capture.unreadable == "bus-error")
    #expect(
      run.errors == """
        vgt-balloon: cannot read the PV info page of 0000:00:02.0: the device went away while it \
        was read; run vgt-balloon again once the device is back

        """)
    #expect(String(decoding: bed.read("trace") ?? [], as: UTF8.self).contains("SIGBUS"))
  }
}

extension QuickBed {
  /// strace with its output in the bed's `trace`, for the calls on one file of
  /// the healthy function.
  func strace(_ options: String..., on file: String) -> [String] {
    strace(options + ["-P", "/sys/bus/pci/devices/0000:00:02.0/\(file)"])
  }

  /// strace with its output in the bed's `trace`.
  func strace(_ options: [String]) -> [String] {
    ["strace", "-f", "-y", "-o", path("trace")] + options
  }
}
