import Testing
import VgtCore
import VgtLog

/// The ends that a probe can have, and what follows from the shares.
struct OutcomeTests {
  @Test(arguments: [
    (
      "i915 0000:00:04.0: [drm:i915_driver_probe [i915]] old vGPU host found, support for HWSP",
      LogOutcome.refusedHWSP
    ),
    (
      "i915 0000:00:04.0: [drm:i915_driver_load] incompatible vGPU found, support for isolated",
      .refusedPPGTT
    ),
    ("i915 0000:00:04.0: [drm] *ERROR* failed to map MMIO bar to check for VGT", .barNotMapped),
    ("i915 0000:00:04.0: [drm] VGT interface version mismatch!", .versionMismatch),
    ("i915 0000:00:04.0: [drm] Virtual GPU for Intel GVT-g detected.", .detected),
    ("i915 0000:00:04.0: [drm] iGVT-g active, disabling use of stolen memory", .detected),
    ("i915 0000:00:04.0: [drm] VGT balloon successfully", .ballooned),
    ("i915 0000:00:04.0: [drm] *ERROR* VGT balloon fail", .failed),
    ("i915 0000:00:04.0: [drm] *ERROR* Invalid ballooning configuration!", .invalid),
    ("i915 0000:00:04.0: [drm] VGT ballooning configuration:", .unknown),
    ("i915 0000:00:04.0: [drm] balloon space: range [ 0x0 - 0x31c7000 ] 50972 KiB.", .unknown),
  ])
  func `one line alone is a probe`(line: String, outcome: LogOutcome) {
    let boots = read("[    5.693099] \(line)\n")
    #expect(boots.map(\.outcome) == [outcome])
    #expect(boots.map(\.device) == [PCIAddress("0000:00:04.0")])
    #expect(boots.map(\.agreement) == [.notCheckable])
  }

  @Test(arguments: [
    "[drm:intel_vgt_balloon [i915]] *ERROR* VGT balloon fail",
    "[drm:intel_vgt_balloon] *ERROR* VGT balloon fail", "[drm] *ERROR* VGT balloon fail",
    "drm: VGT balloon fail", "VGT balloon fail", "balloon fail!",
  ])
  func `messages before 5.7 carry no address`(line: String) {
    let boots = read("[    5.693099] \(line)\n")
    #expect(boots.map(\.outcome) == [.failed])
    #expect(boots.map(\.device) == [nil])
  }

  @Test(arguments: [
    ("i915 10000:e1:00.0: [drm] VGT balloon fail", "10000:e1:00.0"),
    ("i915 0001:00:02.0: [drm] VGT balloon fail", "0001:00:02.0"),
    ("i915 00:02.0: [drm] VGT balloon fail", "0000:00:02.0"),
    ("0000:00:02.1: VGT balloon fail", "0000:00:02.1"),
  ])
  func `an address in front is the device`(line: String, address: String) {
    #expect(read(line).map(\.device) == [PCIAddress(address)])
  }

  @Test func `the address of an earlier line is not the device`() {
    let boots = read("i915 0000:00:02.0: irq 40 for MSI/MSI-X\n[drm] VGT balloon fail\n")
    #expect(boots.map(\.device) == [nil])
  }

  @Test func `a refusal belongs to its detection`() {
    let boots = read(
      """
      [drm] Virtual GPU for Intel GVT-g detected.
      i915 0000:00:04.0: [drm:i915_driver_load [i915]] old vGPU host found, support for HWSP
      """)
    #expect(boots.map(\.outcome) == [.refusedHWSP])
    #expect(boots.map(\.line) == [1])
    #expect(boots.map(\.device) == [PCIAddress("0000:00:04.0")])
  }

  @Test func `an invalid configuration prints no ranges`() {
    let boots = read(
      configuration(unmappable: 0xe7ef_8000) + "VGT xInvalid ballooning\n"
        + "[drm:intel_vgt_balloon [i915]] *ERROR* Invalid ballooning configuration!\n")
    #expect(boots.map(\.outcome) == [.invalid])
    #expect(boots.map(\.agreement) == [.notCheckable])
    #expect(boots.map(\.rule) == [nil])
  }

  @Test func `shares that overlap are invalid for every aperture`() {
    let boots = read(
      configuration(unmappable: 0x200_0000)
        + "[drm] *ERROR* Invalid ballooning configuration!\n")
    #expect(boots.map(\.agreement) == [.agrees])
    let ballooned = read(configuration(unmappable: 0x200_0000) + "[drm] VGT balloon successfully\n")
    #expect(ballooned.map(\.agreement) == [.disagrees])
  }

  @Test func `a guest that has the whole space prints no range`() {
    let boots = read(
      """
      [drm] VGT ballooning configuration:
      [drm] Mappable graphic memory: base 0x0 size 262144KiB
      [drm] Unmappable graphic memory: base 0x10000000 size 3932160KiB
      [drm] VGT balloon successfully
      """)
    #expect(boots.map(\.agreement) == [.agrees])
    #expect(boots.map(\.computed) == [[]])
  }

  @Test func `lines that are filtered out are no whole space`() {
    let boots = read(configuration(unmappable: 0xe7ef_8000) + "[drm] VGT balloon successfully\n")
    #expect(boots.map(\.agreement) == [.notCheckable])
  }

  @Test func `without its range above, a share that ends with the GGTT agrees`() {
    let boots = read(
      """
      [drm] Mappable graphic memory: base 0x0 size 65536KiB
      [drm] Unmappable graphic memory: base 0xe8000000 size 393216KiB
      [drm] balloon space: range [ 0x10000000 - 0xe8000000 ] 3538944 KiB.
      [drm] balloon space: range [ 0x4000000 - 0x10000000 ] 196608 KiB.
      [drm] VGT balloon successfully
      """)
    #expect(boots.map(\.agreement) == [.agrees])
    #expect(boots.map(\.aperture) == [0x1000_0000])
    #expect(boots.map(\.total) == [nil])
    #expect(boots.map(\.places) == [[.belowUnmappable, .aboveMappable]])
  }

  @Test func `up to 4.11 the last page is a guard page`() {
    let boots = read(july.replacing("0x100000000 ] 1056", with: "0xfffff000 ] 1052"))
    #expect(boots.map(\.rule) == [.mainline(.guardPage)])
    #expect(boots.map(\.agreement) == [.agrees])
    #expect(boots.map(\.total) == [0x1_0000_0000])
  }

  @Test func `a driver with a guard page fails at a range that reaches it`() {
    let boots = read(
      """
      [drm] VGT ballooning configuration:
      [drm] Mappable graphic memory: base 0x0 size 65536KiB
      [drm] Unmappable graphic memory: base 0x100000000 size 0KiB
      [drm] balloon space: range [ 0x10000000 - 0x100000000 ] 3932160 KiB.
      [drm:intel_vgt_balloon] *ERROR* VGT balloon fail
      """)
    #expect(boots.map(\.outcome) == [.failed])
    #expect(boots.map(\.rule) == [.mainline(.guardPage)])
    #expect(boots.map(\.agreement) == [.agrees])
  }

  @Test(arguments: [
    ("base 0x31c7000 size", "base 0x31c8000 size"), ("base 0xe7ef8000", "base 0xe7ef9000"),
    ("size 65536KiB", "size 131072KiB"), ("0x10000000 - 0xe7ef8000", "0x20000000 - 0xe7ef8000"),
    ("0x10000000 - 0xe7ef8000", "0x10000000 - 0xe7ef9000"), ("3537888", "3537892"),
    ("0x100000000 ] 1056", "0x100001000 ] 1060"),
    ("- 0x10000000 ] 145636", "- 0x18000000 ] 276708"),
    ("0x0 - 0x31c7000", "0x1000 - 0x31c7000"), ("0x71c7000", "0x71c8000"),
  ])
  func `a figure that does not follow from the others is a contradiction`(
    figure: String, other: String
  ) {
    let boots = read(july.replacing(figure, with: other))
    #expect(boots.map(\.agreement) == [.disagrees])
  }

  @Test func `ranges in another order are a contradiction`() {
    var lines = july.split(separator: "\n")
    lines.swapAt(3, 5)
    #expect(read(lines.joined(separator: "\n")).map(\.agreement) == [.disagrees])
  }

  @Test func `a range that was not printed is a contradiction`() {
    var lines = july.split(separator: "\n")
    lines.remove(at: 4)
    #expect(read(lines.joined(separator: "\n")).map(\.agreement) == [.disagrees])
  }

  @Test func `a range whose line is broken is illegible, not a contradiction`() {
    let text = july.replacing("[drm] balloon space: range [ 0xffef8000", with: "ge [ 0xffef8000")
    #expect(read(text).map(\.agreement) == [.disagrees])
    let broken = july.replacing(
      "[drm] balloon space: range [ 0xffef8000", with: "range [ 0xffef8000")
    #expect(read(broken).map(\.agreement) == [.agreesWhereLegible])
  }

  private func configuration(unmappable: UInt64) -> String {
    """
    [drm] VGT ballooning configuration:
    [drm] Mappable graphic memory: base 0x31c7000 size 65536KiB
    [drm] Unmappable graphic memory: base \(unmappable.hex()) size 393216KiB

    """
  }
}

/// The guest of July 2021 as a kernel before 5.7 prints it.
let july = """
  [drm] VGT ballooning configuration:
  [drm] Mappable graphic memory: base 0x31c7000 size 65536KiB
  [drm] Unmappable graphic memory: base 0xe7ef8000 size 393216KiB
  [drm] balloon space: range [ 0x10000000 - 0xe7ef8000 ] 3537888 KiB.
  [drm] balloon space: range [ 0xffef8000 - 0x100000000 ] 1056 KiB.
  [drm] balloon space: range [ 0x0 - 0x31c7000 ] 50972 KiB.
  [drm] balloon space: range [ 0x71c7000 - 0x10000000 ] 145636 KiB.
  [drm] VGT balloon successfully

  """
