import Support
import Testing

/// How the built binary reaches the device, by its system calls.
struct AccessTests {
  /// The calls that open or map anything, one a line.
  private func calls(
    of arguments: [String], in machine: SyntheticMachine
  ) throws -> [String] {
    let bed = try QuickBed(machine)
    let options = ["-e", "trace=open,openat,openat2,creat,mmap,mremap,write,pwrite64,writev,ioctl"]
    _ = try bed.run(arguments, under: bed.strace(options))
    let trace = String(decoding: bed.read("trace") ?? [], as: UTF8.self)
    // The process id leads each line.
    return trace.split(separator: "\n").map { line in
      String(line.drop { $0.isNumber }.drop { $0 == " " })
    }
  }

  private static let folder = "/sys/bus/pci/devices/0000:00:02.0"

  @Test(arguments: [["report"], ["report", "--format", "json"], ["detect"]])
  func `one page of resource0 is mapped, read-only, at 0x78000`(arguments: [String]) throws {
    let calls = try calls(of: arguments, in: SyntheticMachine(.healthy))
    let maps = calls.filter { $0.hasPrefix("mmap(") && $0.contains("resource0") }
    try #require(maps.count == 1)
    #expect(
      maps[0].hasPrefix("mmap(NULL, 4096, PROT_READ, MAP_SHARED, ")
        && maps[0].contains("<\(Self.folder)/resource0>, 0x78000) = 0x"))
  }

  @Test(arguments: [["report"], ["detect"]])
  func `every file of sysfs is opened read-only, and none is written`(
    arguments: [String]
  ) throws {
    let calls = try calls(
      of: arguments, in: SyntheticMachine(.healthy.with(\.driver, "i915")))
    let opens = calls.filter { $0.hasPrefix("open") && $0.contains("\"/sys") }
    #expect(opens.count > 5)
    #expect(opens.filter { !$0.contains(", O_RDONLY") } == [])
    #expect(opens.contains { $0.contains("\(Self.folder)/resource0\", O_RDONLY|O_CLOEXEC)") })
    #expect(calls.filter { $0.contains("write") && $0.contains("</sys") } == [])
  }

  @Test func `/dev/mem is mapped at BAR0 + 0x78000, read-only`() throws {
    let calls = try calls(
      of: ["report", "--backend", "devmem"],
      in: SyntheticMachine(.healthy).with(\.devMem, .memory))
    #expect(calls.contains { $0.contains(#""/dev/mem", O_RDONLY|O_SYNC|O_CLOEXEC) = "#) })
    let maps = calls.filter { $0.hasPrefix("mmap(") && $0.contains("/dev/mem>") }
    try #require(maps.count == 1)
    #expect(maps[0].hasPrefix("mmap(NULL, 4096, PROT_READ, MAP_SHARED, "))
    #expect(maps[0].contains(", 0xfd078000) = 0x"))
    #expect(!calls.contains { $0.contains("resource0") })
  }

  @Test(arguments: [
    ("COMMAND.MEM off", SyntheticFunction.healthy.with(\.command, 0x0405)),
    ("BAR0 without an address", .healthy.with(\.bar0, nil)),
    (
      "BAR0 unset",
      .healthy.with(\.bar0, .init(address: 0, size: 0x100_0000, flags: 0x2014_0204))
    ),
    (
      "BAR0 of 2 MiB",
      .healthy.with(\.bar0, .init(address: 0xFD00_0000, size: 0x20_0000, flags: 0x14_0204))
    ),
    ("another platform", .healthy.with(\.deviceID, 0x9A49)),
    ("config space short", .healthy.with(\.configLength, 64)),
    ("a function that is gone", .healthy.with(\.isGone, true)),
  ])
  func `what must not be mapped is not even opened`(
    what: String, function: SyntheticFunction
  ) throws {
    let machine = SyntheticMachine(function.with(\.resource0, .length(0x100_0000)))
      .with(\.devMem, .memory)
    for arguments in [["report"], ["report", "--backend", "devmem"]] {
      let calls = try calls(of: arguments, in: machine)
      #expect(calls.contains { $0.contains("\(Self.folder)/config") })
      #expect(!calls.contains { $0.contains("resource0") || $0.contains("/dev/mem") })
    }
  }

  @Test func `/dev/mem is not touched while there is a resource0`() throws {
    let function = SyntheticFunction.healthy.with(\.resource0, .length(0))
    let calls = try calls(
      of: ["report"], in: SyntheticMachine(function).with(\.devMem, .memory))
    #expect(calls.contains { $0.contains("resource0") })
    #expect(!calls.contains { $0.contains("/dev/mem") })
  }
}

struct BackendTests {
  private static let withoutResource0 = SyntheticMachine(.healthy.with(\.resource0, .missing))
    .with(\.devMem, .memory)

  @Test(arguments: [["--backend", "devmem"], ["--backend", "auto"], []])
  func `without resource0 /dev/mem serves`(arguments: [String]) throws {
    let (report, run) = try QuickBed(Self.withoutResource0).report(arguments)
    #expect(run.status == 0)
    #expect(try report.device.backend == "devmem")
    #expect(try report.device.vgt_if?.vgt_id == 1)
  }

  @Test func `--backend sysfs never falls back`() throws {
    let (report, run) = try QuickBed(Self.withoutResource0).report(["--backend", "sysfs"])
    #expect(run.status == 3)
    #expect(try report.device.capture.unreadable == "resource-missing")
  }

  @Test func `a /dev/mem that is refused is status 3`() throws {
    let machine = SyntheticMachine(.healthy).with(\.devMem, .refused)
    let (report, run) = try QuickBed(machine).report(["--backend", "devmem"])
    #expect(run.status == 3)
    #expect(try report.device.capture.unreadable == "permission")
  }
}
