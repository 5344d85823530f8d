import Foundation
import Support
import Testing

/// What a bound driver's log says, set against the page.
struct DriverCheckTests {
  /// The shares of the real 5.14 guest, and what its driver printed.
  fileprivate static let function = SyntheticFunction.healthy.with(\.address, "0000:00:04.0")
    .with(\.driver, "i915").with(\.page.mappableBase, 0x31C_7000)
    .with(\.page.unmappableBase, 0xE7EF_8000)

  fileprivate static let log: String = {
    let file = URL(filePath: #filePath)
      .appending(path: "../../Fixtures/logs/kernel-log-5.14-guest.txt").standardized
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }()

  /// A machine whose driver has finished its probe: it has a DRM node.
  fileprivate static func machine(
    _ function: SyntheticFunction = function, node: String = "renderD128",
    files: [String: String] = [:]
  ) -> SyntheticMachine {
    SyntheticMachine(function)
      .with(\.files, files.merging(["/dev/dri/\(node)": ""]) { $1 })
      .with(\.links, ["/sys/class/drm/\(node)/device": "../../../\(function.address)"])
  }

  private func check(_ log: String, _ function: SyntheticFunction = function) throws -> ToolRun {
    try QuickBed(Self.machine(function, files: ["/dev/kmsg": log])).run("--format", "json")
  }

  @Test func `the ranges that the driver printed agree`() throws {
    let run = try check(Self.log)
    #expect(run.status == 0)
    #expect(run.output.contains(#""log": "agrees""#))
  }

  /// The recorded driver's last range runs to the end, that of 4.11 would not.
  @Test func `under --kernel a log is still compared by the recorded driver's rule`() throws {
    let machine = Self.machine(files: ["/dev/kmsg": Self.log])
    let text = try QuickBed(machine).run("--kernel", "4.11").output
    #expect(text.contains("[ 0xffef8000 - 0xfffff000 ]"))
    #expect(
      text.contains(
        """
          PASS  log-agrees: the driver's log names the same 4 ranges, by the rule of
                the recorded driver (Linux 6.1.0-bed, exact)
        """))
    let other = Self.log.replacingOccurrences(
      of: "[ 0x0 - 0x31c7000 ] 50972", with: "[ 0x0 - 0x31c6000 ] 50968")
    let run = try QuickBed(Self.machine(files: ["/dev/kmsg": other])).run("--kernel", "4.11")
    #expect(run.output.contains("0xffef8000-0x100000000"))
  }

  @Test func `another range in the log is a failure that names both`() throws {
    let other = Self.log.replacingOccurrences(
      of: "[ 0x0 - 0x31c7000 ] 50972", with: "[ 0x0 - 0x31c6000 ] 50968")
    let run = try check(other)
    #expect(run.status == 2)
    #expect(run.output.contains(#""log": "disagrees""#))
    #expect(run.output.contains("0x0-0x31c6000"))
    #expect(run.output.contains("0x0-0x31c7000"))
  }

  @Test func `a top range that spares the guard page tells the driver's rule`() throws {
    let old = Self.log.replacingOccurrences(
      of: "0x100000000 ] 1056 KiB", with: "0xfffff000 ] 1052 KiB")
    let run = try check(old)
    #expect(run.status == 0)
    #expect(run.output.contains(#""rule": "guard-page""#))
    #expect(run.output.contains(#""log": "agrees""#))
  }

  @Test func `only the last probe counts`() throws {
    let earlier = Self.log.replacingOccurrences(of: "0x31c7000", with: "0x41c7000")
    #expect(try check(earlier + Self.log).output.contains(#""log": "agrees""#))
  }

  @Test func `another device's probe does not count`() throws {
    let run = try check(Self.log.replacingOccurrences(of: "00:04.0", with: "00:05.0"))
    #expect(run.output.contains(#""log": "absent""#))
  }

  @Test func `without a bound driver the log is not asked`() throws {
    let run = try check(Self.log, Self.function.with(\.driver, nil))
    #expect(run.output.contains(#""log": "absent""#))
  }

  @Test(
    arguments: [("3\n", 3), ("-1\n", -1), ("Y\n", nil), (nil, nil)] as [(String?, Int?)])
  func `the driver's enable_guc is in the report, and comes back from it`(
    text: String?, value: Int?
  ) throws {
    let files = text.map { ["/sys/module/i915/parameters/enable_guc": $0] } ?? [:]
    let live = try QuickBed(SyntheticMachine(Self.function).with(\.files, files))
      .run("--format", "json")
    #expect(live.output.contains(#""enable_guc": \#(value.map { "\($0)" } ?? "null"),"#))
    #expect(live.output.contains(#""enable_guc: \#(value.map { "\($0)" } ?? "none")""#))
    let again = try Tool.run(["--from", "-", "--format", "json"], input: Array(live.output.utf8))
    #expect(again.output.contains(#""enable_guc": \#(value.map { "\($0)" } ?? "null"),"#))
  }

  /// While it is bound, the log has the probe before, or a part of this one.
  @Test func `a log without a DRM node is not compared, since the probe may not be over`() throws {
    let other = Self.log.replacingOccurrences(of: "0x31c7000", with: "0x41c7000")
    for log in [other, Self.log.replacingOccurrences(of: "VGT balloon", with: "")] {
      let run = try QuickBed(SyntheticMachine(Self.function).with(\.files, ["/dev/kmsg": log]))
        .run("--format", "json")
      #expect(run.status == 0)
      #expect(run.output.contains(#""log": "absent""#))
      #expect(run.output.contains(#""code": "driver-unfinished""#))
    }
  }

  /// The render node, or the primary one where there is no other.
  @Test(arguments: ["renderD128", "renderD191", "card0", "card63"])
  func `a DRM node that does not answer is said to be so`(node: String) throws {
    let machine = Self.machine(node: node, files: ["/dev/kmsg": Self.log])
    let run = try QuickBed(machine).run("--format", "json")
    #expect(run.status == 0)
    #expect(run.output.contains(#""log": "agrees""#))
    #expect(run.output.contains(#""aperture": "unreadable""#))
    #expect(run.output.contains(#""fences": "unreadable""#))
  }
}

@Suite(
  .enabled(
    if: FileManager.default.fileExists(atPath: "/usr/bin/journalctl"), "there is no journalctl"))
struct JournalTests {
  private static let whole = "6,0,0,-;Linux version 6.1.0\n"
  private static let wrapped = "6,700,3000000,-;usb 1-1: new device\n"

  private func bed(ring: String, journal: String) throws -> QuickBed {
    try QuickBed(
      DriverCheckTests.machine(files: ["/dev/kmsg": ring]).with(\.journal, journal))
  }

  @Test func `the journal is asked where the ring has lost its first record`() throws {
    let bed = try bed(ring: Self.wrapped, journal: DriverCheckTests.log)
    #expect(try bed.run("--format", "json").output.contains(#""log": "agrees""#))
  }

  @Test func `a ring that is whole is believed`() throws {
    let bed = try bed(ring: Self.whole, journal: DriverCheckTests.log)
    #expect(try bed.run("--format", "json").output.contains(#""log": "absent""#))
  }

  /// A pipe into which nobody writes stands where the journal would.
  @Test(.timeLimit(.minutes(10)))
  func `a journal that hangs does not hold up a report that the ring answers`() throws {
    let bed = try bed(ring: Self.wrapped + DriverCheckTests.log, journal: "")
    let run = try bed.run(
      ["--format", "json"], after: #"rm "$BED/journal"; mkfifo "$BED/journal""#)
    #expect(run.output.contains(#""log": "agrees""#))
  }

  /// Nobody writes into the pipe, and the ring holds nothing of the driver.
  @Test(.timeLimit(.minutes(10)), arguments: ["report", "log"])
  func `a journal that hangs is given up, and the rest goes on`(command: String) throws {
    let bed = try bed(ring: Self.wrapped, journal: "")
    let run = try bed.run(
      [command, "--format", "json"], after: #"rm "$BED/journal"; mkfifo "$BED/journal""#)
    #expect(run.errors.contains("the journal did not answer"))
    #expect(run.status == (command == "report" ? 0 : 1))
    #expect(run.output.contains(command == "report" ? #""log": "unreadable""# : #""boots": []"#))
  }

  @Test func `without the right to the ring the journal is read`() throws {
    let bed = try QuickBed(
      DriverCheckTests.machine().with(\.journal, DriverCheckTests.log))
    #expect(try bed.run("--format", "json").output.contains(#""log": "agrees""#))
    #expect(try bed.run("log").status == 0)
  }

  /// A host logs whatever the driver of a guest would: the ring may hold what the
  /// journal was never told.
  @Test func `host messages of the ring are kept where the journal has none`() throws {
    let exhausted = "6,701,3000001,-;gvt: fail to allocate resource low GM space\n"
    let bed = try bed(ring: Self.wrapped + exhausted, journal: "")
    let run = try bed.run("log", "--format", "json")
    #expect(run.output.contains(#""kind": "resource-exhausted""#))
    #expect(run.output.contains(#""source": "/dev/kmsg""#))
  }
}
