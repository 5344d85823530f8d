import Testing
import VgtCore
import VgtLog

struct CaseTests {
  private static let july = [
    range(0x1000_0000, 0xe7ef_8000), range(0xffef_8000, 0x1_0000_0000), range(0, 0x31c_7000),
    range(0x71c_7000, 0x1000_0000),
  ]

  @Test func `the guest of July 2021 ballooned as its shares demand`() throws {
    let boots = try Fixture.guest.boots
    let boot = try #require(boots.first)
    #expect(boots.count == 1)
    #expect(boot.line == 1)
    #expect(boot.device == PCIAddress("0000:00:04.0"))
    #expect(boot.dialect == .mainline)
    #expect(boot.mappable == LogShare(base: 0x31c_7000, size: 0x400_0000))
    #expect(boot.unmappable == LogShare(base: 0xe7ef_8000, size: 0x1800_0000))
    #expect(boot.ranges == Self.july)
    #expect(boot.computed.map(\.range) == Self.july)
    #expect(boot.rule == .mainline(.exact))
    #expect(boot.aperture == 0x1000_0000)
    #expect(boot.total == 0x1_0000_0000)
    #expect(boot.outcome == .ballooned)
    #expect(boot.agreement == .agrees)
  }

  @Test func `quoted-printable in a quoted reply takes nothing away`() throws {
    var expected = try Fixture.guest.boots
    expected = expected.map { boot in boot }
    let boots = try Fixture.quotedPrintable.boots
    #expect(boots.map(\.printed) == expected.map(\.printed))
    #expect(boots.map(\.mappable) == expected.map(\.mappable))
    #expect(boots.map(\.unmappable) == expected.map(\.unmappable))
    #expect(boots.map(\.agreement) == [.agrees])
    #expect(boots.map(\.device) == expected.map(\.device))
  }

  @Test func `a BAR0 that was not mapped is a refusal of its device`() throws {
    let boots = try Fixture.barNotMapped.boots
    #expect(boots.map(\.outcome) == [.barNotMapped])
    #expect(boots.map(\.device) == [PCIAddress("0000:07:00.0")])
    #expect(boots.map(\.agreement) == [.notCheckable])
  }

  @Test func `KVMGT without PPGTT keeps a guard page in each share`() throws {
    let boots = try Fixture.kvmgt.boots
    let boot = try #require(boots.first)
    #expect(boots.count == 1)
    #expect(boot.line == 7)
    #expect(boot.device == nil)
    #expect(boot.dialect == .xengt)
    #expect(boot.rule == .xengt(hasPPGTT: false))
    #expect(boot.aperture == 0x1000_0000)
    #expect(boot.total == 0x8000_0000)
    #expect(
      boot.computed.map(\.range) == [
        range(0x1000_0000, 0x2800_0000), range(0x43ff_f000, 0x8000_0000), range(0, 0x780_0000),
        range(0xb7f_f000, 0x1000_0000),
      ])
    #expect(boot.ranges == boot.computed.map(\.range))
    #expect(boot.outcome == .ballooned)
    #expect(boot.agreement == .agrees)
  }

  @Test func `XenGT with PPGTT keeps its page directories in the high share`() throws {
    let boots = read(
      """
      [    4.625315] Eddie: mappable_end 10000000
      [    4.625348] i915 ballooning.
      [    4.625398] Ballooning configuration:
      [    4.625458] Low GM: base 0x0 size 122880KB
      [    4.625554] High GM: base 0x10000000 size 393216KB
      [    4.625681] i915_balloon_space: range [ 0x27dff000 - 0x80000000 ] 1443844 KB.
      [    4.625800] i915_balloon_space: range [ 0x77ff000 - 0x10000000 ] 139268 KB.
      [    4.625841] balloon successfully
      """)
    let boot = try #require(boots.first)
    #expect(boots.count == 1)
    #expect(boot.rule == .xengt(hasPPGTT: true))
    #expect(boot.agreement == .agrees)
    #expect(boot.aperture == 0x1000_0000)
  }

  @Test func `a serial console's right edge hides what it cuts`() throws {
    let boots = try Fixture.serialConsole.boots
    let boot = try #require(boots.first)
    #expect(boots.count == 1)
    #expect(boot.printed.map(\.kib) == [nil, 34304, nil])
    #expect(boot.agreement == .agreesWhereLegible)
    #expect(boot.aperture == 0x1000_0000)
    #expect(boot.total == 0x1_0000_0000)
    #expect(
      boot.computed.map(\.range) == [
        range(0x2800_0000, 0x1_0000_0000), range(0, 0x218_0000), range(0x618_0000, 0x1000_0000),
      ])
  }
}
