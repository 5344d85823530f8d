import Foundation
import Support
import Testing

struct DetectTests {
  @Test(arguments: [
    ("a sound vGPU", SyntheticFunction.healthy, 0, "gvt-g\n"),
    ("a failing vGPU", .healthy.with(\.page.caps, 0), 0, "gvt-g\n"),
    ("bare metal", .healthy.with(\.page, .filled(with: 0)), 1, "none\n"),
    ("version 0.0", .healthy.with(\.page.versionMajor, 0), 1, "none\n"),
    ("another platform", .healthy.with(\.deviceID, 0x9A49), 1, "none\n"),
    ("decoding off", .healthy.with(\.command, 0), 3, ""),
  ])
  func `detect says what is there, -q says it by the status alone`(
    what: String, function: SyntheticFunction, status: Int32, output: String
  ) throws {
    let bed = try QuickBed(function)
    let run = try bed.run("detect")
    #expect(run.status == status)
    #expect(run.output == output)
    #expect(run.errors.isEmpty == (status != 3))

    let quiet = try bed.run("detect", "-q")
    #expect(quiet.status == status)
    #expect(quiet.output == "")
  }

  @Test func `no PCI tree cannot tell`() throws {
    let run = try QuickBed(SyntheticMachine([]).with(\.hasPCITree, false)).run("detect")
    #expect(run.status == 3)
    #expect(run.output == "")
    #expect(run.messages.count == 1)
  }

  @Test func `a vGPU beside an unreadable function is gvt-g`() throws {
    let bed = try QuickBed(.healthy, .healthy.with(\.command, 0).with(\.address, "0000:00:03.0"))
    let run = try bed.run("detect")
    #expect(run.status == 0)
    #expect(run.output == "gvt-g\n")
  }

  @Test func `detect looks only at the function that is named`() throws {
    let bed = try QuickBed(
      .healthy, .healthy.with(\.page, .filled(with: 0)).with(\.address, "0000:00:03.0"))
    #expect(try bed.run("detect", "-s", "00:03.0").output == "none\n")
    #expect(try bed.run("detect", "-s", "00:02.0").output == "gvt-g\n")
  }

  @Test func `detect takes /dev/mem where it is asked to`() throws {
    let machine = SyntheticMachine(.healthy.with(\.resource0, .missing)).with(\.devMem, .memory)
    #expect(try QuickBed(machine).run("detect", "--backend", "devmem").output == "gvt-g\n")
  }

  /// A message for a descriptor that a file took would go into the file.
  @Test func `detect -q opens no file as standard error`() throws {
    let bed = try QuickBed(.healthy)
    _ = try bed.run(["detect", "-q"], under: bed.strace(["-e", "trace=openat,close"]))
    let trace = String(decoding: bed.read("trace") ?? [], as: UTF8.self)
    let closing = try #require(trace.range(of: "close(2"))
    let after = trace[closing.upperBound...]
    #expect(after.contains("/sys/bus/pci/devices/0000:00:02.0/config"))
    #expect(
      after.matches(of: /openat\(.*= 2</).map { String($0.output) }.filter {
        !$0.contains("O_PATH")
      } == [])
  }
}
