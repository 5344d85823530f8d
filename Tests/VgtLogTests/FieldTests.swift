import Foundation
import Testing
import VgtCore
@testable import VgtLog

/// Logs that were once read wrongly, in `Tests/Fixtures/logs/field`. What is
/// expected was worked out by hand from their text.
struct FieldTests {
  private func log(_ name: String) throws -> LogContents {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fixtures/logs/field")
    return contents(of: Array(try Data(contentsOf: folder.appending(path: name))))
  }

  @Test(arguments: [
    "d39-xen-console-mainline-78cut.txt", "d63-mail-base64.eml", "s18-pstore-parts.txt",
    "s32-evidence-for-guest-after.txt", "t02-doubled-no-stamp.txt", "u02-html-spans.txt",
    "x01-xen-wrap57-un-mappable.txt",
  ])
  func `the guest of July 2021 is read whole, in whatever form`(name: String) throws {
    let log = try log(name)
    #expect(log.probes.count == 1)
    let probe = try #require(log.probes.first)
    #expect(probe.device == PCIAddress("0000:00:04.0"))
    #expect(probe.outcome == .ballooned)
    #expect(probe.agreement == .agrees)
    #expect(probe.laterFailure == nil)
    #expect(probe.mappable == LogShare(base: 0x31c_7000, size: 65536 << 10))
    #expect(probe.unmappable == LogShare(base: 0xe7ef_8000, size: 393216 << 10))
    #expect(
      probe.printed == [
        LogRange(start: 0x1000_0000, end: 0xe7ef_8000, kib: 3_537_888),
        LogRange(start: 0xffef_8000, end: 0x1_0000_0000, kib: 1056),
        LogRange(start: 0, end: 0x31c_7000, kib: 50972),
        LogRange(start: 0x71c_7000, end: 0x1000_0000, kib: 145_636),
      ])
    #expect(probe.aperture == 0x1000_0000)
    #expect(probe.total == 0x1_0000_0000)
    #expect(probe.vgpuType?.suffix == 8)
    #expect(log.hostMessages == [])
  }

  @Test func `a range that is missing under a success disagrees`() throws {
    let probe = try #require(try log("k25-range-missing.txt").probes.first)
    #expect(probe.outcome == .ballooned)
    #expect(probe.agreement == .disagrees)
    #expect(probe.places == [.belowUnmappable, .aboveUnmappable, .belowMappable])
    #expect(probe.isFailure)
  }

  @Test func `ranges in another order disagree, and none is given a slot`() throws {
    let probe = try #require(try log("k26-order-wrong.txt").probes.first)
    #expect(probe.outcome == .ballooned)
    #expect(probe.agreement == .disagrees)
    #expect(probe.isMisordered)
    #expect(probe.places == [])
    #expect(probe.printed.map(\.start) == [0, 0x800_0000, 0x1000_0000, 0xd800_0000])
  }

  @Test func `a detection before an oops is no success`() throws {
    let log = try log("r01-gvt-linux-62-android-serial.txt")
    #expect(log.probes.map(\.outcome) == [.detected])
    #expect(log.probes.map(\.line) == [4])
    #expect(log.probes.map(\.laterFailure) == [.init(line: 16, kind: .oops, errno: nil)])
    #expect(log.probes.map(\.isOpen) == [true])
  }

  @Test(arguments: [
    ("r08-xengt-kernel-1-wrong-magic.txt", ["3 xengt-host", "5 no-page"]),
    ("r10-gvt-linux-193-host.txt", ["2 warning"]),
    ("r11-gvt-linux-224-unsupported.txt", ["1 unsupported-device"]),
    (
      "r14-gvt-linux-8-enospc.txt",
      [
        "1 golden-state", "2 create-failed", "3 create-failed", "4 untracked-access of 1",
        "5 untracked-access of 1",
      ]
    ),
    (
      "r15-kvmgt-18-host.txt",
      [1, 2, 4, 5, 6, 7].map { "\($0) xengt-host" }
    ),
  ])
  func `a host's log holds no guest, and its messages by kind`(
    name: String, messages: [String]
  ) throws {
    let log = try log(name)
    #expect(log.probes == [])
    #expect(
      log.hostMessages.map { message in
        "\(message.line) \(message.kind.rawValue)" + (message.vgpu.map { " of \($0)" } ?? "")
      } == messages)
  }

  @Test func `the GPU of a host is known by the file it asked for`() throws {
    #expect(try log("r14-gvt-linux-8-enospc.txt").displayFunctions == [0x1916])
  }

  @Test func `two guests in one paste are two boots`() throws {
    let probes = try log("s37-two-guests-one-paste.txt").probes
    #expect(probes.map(\.agreement) == [.agrees, .agrees])
    #expect(probes.map(\.line) == [3, 14])
    #expect(probes.map(\.mappable?.base) == [0x400_0000, 0x800_0000])
    #expect(probes.map(\.unmappable?.base) == [0xe800_0000, 0xd000_0000])
    #expect(probes.map(\.aperture) == [0x1000_0000, 0x1000_0000])
    #expect(probes.map(\.total) == [nil, 0x1_0000_0000])
  }
}

/// Logs whose line breaks became blanks, as in what is copied from a page that
/// shows none.
struct JoinedTests {
  @Test(arguments: ["", "Jul 20 10:00:01 guest kernel: "])
  func `several records on one line are read`(prefix: String) throws {
    let log = try Fixture.guest.text.split(separator: "\n").map { prefix + $0 }
      .joined(separator: " ")
    let probe = try #require(read(log).first)
    #expect(probe.outcome == .ballooned)
    #expect(probe.agreement == .agrees)
  }

  @Test func `what follows may be another driver's`() throws {
    let log = try Fixture.guest.text.split(separator: "\n")
      .map { "Nov 27 10:00:01 vm kernel: " + $0.drop { $0 != "]" }.dropFirst(2) }
      .joined(separator: " ")
    #expect(
      read(log + " Nov 27 10:00:09 vm kernel: EXT4-fs (vda1): mounted").map(\.outcome)
        == [.ballooned])
  }

  @Test func `without times too, filled up anew`() throws {
    let words = try Fixture.guest.text.split(separator: "\n")
      .flatMap { $0.drop { $0 != "]" }.dropFirst().split(separator: " ") }
    var lines = [""]
    for word in words {
      if lines[lines.count - 1].count + word.count > 70 { lines.append("") }
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
    }
    #expect(read(lines.joined(separator: "\n")).map(\.outcome) == [.ballooned])
  }

  @Test func `the last of them may tell the failure`() throws {
    let lines = try Fixture.guest.text.split(separator: "\n")
    let refused = "[    5.7] i915 0000:00:04.0: [drm] *ERROR* old vGPU host found, support for HWSP"
    #expect(read("\(lines[0]) \(refused) emulation required").map(\.outcome) == [.refusedHWSP])
    let failed = "[    5.9] i915 0000:00:04.0: Device initialization failed (-28)"
    #expect(
      read(lines.joined(separator: "\n") + " " + failed).map(\.laterFailure)
        == [.init(line: 10, kind: .deviceInit, errno: 28)])
  }

  @Test(arguments: [
    "[    9.0] usb 1-1: Product:[    5.7] i915 0000:00:04.0: VGT balloon successfully",
    "[    9.0] usb 1-1: Product: [    5.7] i915 0000:00:04.0: VGT balloon successfully",
    "[    9.0] audit: comm=\"[    5.7] i915 0000:00:04.0: [drm] VGT balloon successfully\"",
    "[    9.0] audit: comm=\"x [    5.7] i915 0000:00:04.0: [drm] VGT balloon fail\"",
  ])
  func `what another driver quotes is no record`(line: String) {
    #expect(read(line + "\n") == [])
  }
}

/// What follows the balloon.
struct LaterFailureTests {
  @Test(arguments: [
    (
      "i915 0000:00:04.0: [drm] *ERROR* Device initialization failed (-28)",
      LaterFailure.Kind.deviceInit, 28 as UInt64?
    ),
    ("i915 0000:00:04.0: Device initialization failed (-28)", .deviceInit, 28),
    ("i915: probe of 0000:00:04.0 failed with error -28", .deviceInit, 28),
    ("i915 0000:00:04.0: probe with driver i915 failed with error -5", .deviceInit, 5),
    ("[drm:i915_gem_init_ggtt [i915]] *ERROR* Unknown GMADR size (40000000)", .gmadrSize, nil),
    ("i915 0000:00:04.0: [drm] *ERROR* Failed to map the ggtt page table", .pageTable, nil),
    ("[drm:gen6_gmch_probe] *ERROR* Failed to map the gtt page table", .pageTable, nil),
  ])
  func `what fails after the balloon is said, and makes the boot a failure`(
    line: String, kind: LaterFailure.Kind, errno: UInt64?
  ) throws {
    let log = try Fixture.guest.text + "[    6.000000] \(line)\n"
    let probe = try #require(read(log).first)
    #expect(probe.outcome == .ballooned)
    #expect(probe.laterFailure == LaterFailure(line: 11, kind: kind, errno: errno))
    #expect(probe.isFailure)
  }

  @Test func `an oops in deballoon is such a failure`() throws {
    let log =
      try Fixture.guest.text + """
        [    6.1] BUG: unable to handle kernel NULL pointer dereference at 0000000000000018
        [    6.1] PGD 0 P4D 0
        [    6.1] Oops: 0002 [#1] SMP PTI
        [    6.1] RIP: 0010:vgt_deballoon_space+0x27/0x50 [i915]
        """
    let probe = try #require(read(log).first)
    #expect(probe.laterFailure == LaterFailure(line: 11, kind: .oops, errno: nil))
    #expect(probe.isFailure)
  }

  @Test(arguments: [
    """
    [    6.1] WARNING: CPU: 1 PID: 1 at drivers/gpu/drm/i915/intel_pm.c:12
    [    6.1] RIP: 0010:intel_init_pm+0x27/0x50 [i915]
    """,
    """
    [    6.1] BUG: unable to handle page fault for address: 0000000000000018
    [    6.1] RIP: 0010:ext4_readdir+0x27/0x50 [ext4]
    """,
    "[    6.1] i915 0000:00:05.0: [drm] *ERROR* Device initialization failed (-28)",
    "[    0.0] Linux version 6.1.0\n[    6.1] [drm] *ERROR* Device initialization failed (-28)",
  ])
  func `what is not of this probe is not its failure`(lines: String) throws {
    let probes = try read(Fixture.guest.text + lines + "\n")
    #expect(probes.map(\.laterFailure) == [nil])
  }

  @Test(arguments: [
    """
    [    6.1] BUG: unable to handle kernel NULL pointer dereference at 0000000000000048
    [    6.1] RIP: 0010:drm_mm_remove_node+0x1d/0x2f0 [drm]
    [    6.1] Call Trace:
    [    6.1]  vgt_deballoon_space+0x4a/0x70 [i915]
    """,
    "[    6.1] Oops: 0000 [#1] SMP\n[    6.1] RIP: 0010:i915_gem_init+0x10/0x20 [i915]",
  ])
  func `an oops is the driver's by where it was called from too, and without its first line`(
    lines: String
  ) throws {
    let probes = try read(Fixture.guest.text + lines + "\n")
    #expect(probes.map(\.laterFailure) == [.init(line: 11, kind: .oops, errno: nil)])
  }

  @Test func `in a log that runs from new to old a failure stands in front of its boot`() throws {
    let second = "[    6.1] i915 0000:00:04.0: probe with driver i915 failed with error -28"
    let first = "[    6.0] i915 0000:00:04.0: Device initialization failed (-28)"
    let failed = try Fixture.guest.text.split(separator: "\n") + [first[...], second[...]]
    let oops = ["[    6.2] RIP: 0010:vgt_deballoon_space+0x4a [i915]", "[    6.1] Oops: 0000 [#1]"]
    let sound = try Fixture.guest.text.replacing("71c7000", with: "81c7000")
      .replacing("31c7000", with: "41c7000").split(separator: "\n")
    func reversed(_ lines: [Substring]) -> String {
      lines.reversed().map { $0 + "\n" }.joined()
    }
    // The newer boot's failure is not the older one's.
    let probes = read(reversed(failed) + reversed(sound))
    #expect(probes.map(\.outcome) == [.ballooned, .ballooned])
    #expect(probes.map(\.laterFailure) == [.init(line: 2, kind: .deviceInit, errno: 28), nil])
    #expect(
      read(reversed(sound) + reversed(failed)).map(\.laterFailure)
        == [nil, .init(line: 12, kind: .deviceInit, errno: 28)])
    #expect(
      read(oops.joined(separator: "\n") + "\n" + reversed(sound)).map(\.laterFailure)
        == [.init(line: 2, kind: .oops, errno: nil)])
  }

  @Test func `without a vGPU, what i915 says of its failure is no boot`() {
    #expect(read("[    6.1] i915 0000:00:02.0: Device initialization failed (-28)\n") == [])
  }

  @Test func `a failure after the detection tells how the boot ended`() throws {
    let lines = try Fixture.guest.text.split(separator: "\n")
    let probes = read(
      "\(lines[0])\n[    6.1] [drm] *ERROR* Failed to map the ggtt page table\n"
        + "[    6.2] i915: probe of 0000:00:04.0 failed with error -12\n")
    #expect(probes.map(\.outcome) == [.detected])
    #expect(probes.map(\.laterFailure) == [.init(line: 2, kind: .pageTable, errno: 12)])
    #expect(probes.map(\.isFailure) == [true])
  }
}

/// Lines that anyone can make a kernel print.
struct ForgeryTests {
  static let forged = [
    "VGTballoonfail[1234]: segfault at 0 ip 0 sp 0 error 4 in a[400000+1000]",
    "VGT balloon fai[1234]: segfault at 0 ip 0 sp 0 error 4",
    "balloon fail![1234]: segfault at 0 ip 0 sp 0 error 4",
    "usb 1-1: Product: i915 0000:00:04.0: [drm] VGT balloon fail",
    "usb 1-1: Manufacturer: [drm] Virtual GPU for Intel GVT-g detected.",
    "input: i915 0000:00:04.0: [drm] VGT balloon fail as /devices/pci0000:00/input/input7",
    "audit: type=1701 pid=1 comm=\"VGT balloon fail\" exe=\"/tmp/a\"",
  ]

  @Test(arguments: forged)
  func `a live kernel's log wants the driver's own prefix`(line: String) {
    for record in ["6,723,5693099,-;\(line)\n", "[    5.693099] \(line)\n"] {
      #expect(contents(of: record, .kernel).probes == [], "\(record)")
    }
  }

  @Test(arguments: forged)
  func `a paste may lose a prefix, but gains no foreign one`(line: String) {
    for record in [
      "[    5.693099] \(line)\n", "Jul 21 10:11:12 guest kernel: \(line)\n",
      "[    5.693099] guest kernel: \(line)\n", "6,723,5693099,-;\(line)\n",
    ] {
      #expect(read(record) == [], "\(record)")
    }
  }

  @Test func `a record within a record is no record`() {
    let record =
      "6,7,8,-;usb 1-1: Product: \\x0a6,7,9,-;i915 0000:00:04.0: [drm] VGT balloon fail\n"
    #expect(contents(of: record, .kernel).probes == [])
  }

  @Test func `the driver's own records are read live`() throws {
    let lines = try Fixture.guest.text.split(separator: "\n").map { $0.dropFirst(15) }
    for form in [
      lines.map { "6,723,5693099,-;\($0)\n SUBSYSTEM=pci\n DEVICE=+pci:0000:00:04.0\n" },
      lines.map { "[    5.693099] guest kernel: \($0)\n" },
      lines.map { "[    5.693099] \($0)\n" },
    ] {
      let probes = contents(of: form.joined(), .kernel).probes
      #expect(probes.map(\.agreement) == [.agrees])
    }
  }

  @Test func `live, a message before 5.7 is known by DRM's prefix`() {
    let record = "3,7,8,-;[drm:intel_vgt_balloon [i915]] *ERROR* VGT balloon fail\n"
    #expect(contents(of: record, .kernel).probes.map(\.outcome) == [.failed])
    #expect(contents(of: "3,7,8,-;VGT balloon fail\n", .kernel).probes == [])
  }
}

/// The host's messages, and this tool's own reports.
struct OtherLinesTests {
  @Test(arguments: [
    ("gvt: fail to allocate resource low GM space", HostMessage.Kind.resourceExhausted),
    ("gvt: fail to allocate resource fence", .resourceExhausted),
    ("gvt: fail to alloc low gm space from host", .noContiguousSpace),
    ("gvt: fail to alloc high gm space from host", .noContiguousSpace),
    ("gvt: failed to create intel vgpu: -28", .createFailed),
    (
      "intel_vgpu_mdev: probe of 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001 failed with error -28",
      .createFailed
    ),
    ("Now vgpu 2 will enter failsafe mode.", .failsafe),
    ("Detected your guest driver doesn't support GVT-g.", .failsafe),
    ("gvt: vgpu 2: invalid pvinfo read: [78014:4] = 0", .pvInfoAccess),
    ("gvt: vgpu 2: access oob fence reg 4/4", .fenceAccess),
    ("gvt: vgpu 2: fail to emulate MMIO read 00100020 len 4", .accessFailed),
    (
      "i915 GVT-g loading failed due to Graphics virtualization is not yet supported with GuC submission",
      .gucSubmission
    ),
    ("i915 0000:00:02.0: [drm] Unsupported device. GVT-g is disabled", .unsupportedDevice),
    (
      "i915 0000:00:02.0: Direct firmware load for i915/gvt/vid_0x8086_did_0x5912_rid_0x04.golden_hw_state failed with error -2",
      .goldenState
    ),
    ("gvt: vgpu 2: something else", .other),
  ])
  func `a host's message is known`(line: String, kind: HostMessage.Kind) {
    let log = contents(of: "[    1.000000] \(line)\n")
    #expect(log.hostMessages.map(\.kind) == [kind])
    #expect(log.hostMessages.map(\.vgpu) == [line.contains("vgpu 2") ? 2 : nil])
    #expect(log.probes == [])
  }

  @Test func `what was asked for and what is left are read`() {
    let log = contents(of: "gvt: request 64MB avail 0MB max 384MB taken 384MB\n")
    #expect(log.hostMessages.map(\.kind) == [.resourceRequest])
    #expect(log.hostMessages.map(\.figures) == [[64, 0, 384, 384]])
  }

  @Test func `a display function is known by its ids`() {
    let log = contents(of: "[    0.1] pci 0000:00:02.0: [8086:1916] type 00 class 0x030000\n")
    #expect(log.displayFunctions == [0x1916])
  }

  @Test func `a report's own messages are not the kernel's`() throws {
    let report = """
      vgt-balloon 0.1.0: what the GVT-g host gave this guest
        [drm] Virtual GPU for Intel GVT-g detected.
        VGT balloon successfully
      """
    let whole = report + "\nvgt-balloon 0.1.0: end of report: ok\n"
    #expect(contents(of: whole).probes == [])
    #expect(contents(of: whole).reports == [1])
    #expect(contents(of: whole + july).probes.map(\.agreement) == [.agrees])
    // Cut before its end.
    #expect(
      contents(of: report + "\n" + (try Fixture.guest.text)).probes.map(\.agreement) == [.agrees])
  }

  @Test func `a report in JSON is passed over too, and ends in no line of its own`() throws {
    let report = """
      {
        "tool": {
          "name": "vgt-balloon",
          "version": "0.1.0"
        },
        "findings": [
          { "kernel_message": "VGT balloon successfully" }
        ]
      }

      """
    #expect(contents(of: report).probes == [])
    #expect(contents(of: report).reports == [3])
    #expect(contents(of: report + july).probes.map(\.agreement) == [.agrees])
  }

  @Test func `each literal of the prefilter has the length that its stride needs`() {
    let short = LiteralPrefilter.literals.filter { literal in
      LiteralPrefilter.spellings(of: literal).contains { $0.count < LiteralPrefilter.shortest }
    }
    #expect(short == [])
  }

  @Test func `each pattern holds a literal of the prefilter`() {
    let unfound = MessagePattern.all.filter { pattern in
      !LiteralPrefilter.literals.contains { pattern.text.lowercased().contains($0) }
    }
    // These matter only next to others.
    let neighbours: [KernelWords] = [
      .warning, .instructionPointer, .lost, .fragment, .reportEnd, .report,
    ]
    #expect(
      unfound.filter { pattern in
        if case .kernel(let words) = pattern.meaning { !neighbours.contains(words) } else { true }
      }.map(\.text) == [])
  }
}
