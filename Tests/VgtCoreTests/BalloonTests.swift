import CoreFixtures
import Testing
import VgtCore

private let kiB: UInt64 = 1 << 10
private let miB: UInt64 = 1 << 20
private let giB: UInt64 = 1 << 30

/// A configuration by its four numbers, in bytes, in 4 GiB of GGTT with 256 MiB
/// of aperture unless said otherwise.
private func balloon(
  mappable: (base: UInt64, size: UInt64), unmappable: (base: UInt64, size: UInt64),
  aperture: UInt64 = 256 * miB, total: UInt64 = 4 * giB, rule: BalloonRule = .exact
) throws(BalloonError) -> Balloon {
  let ggtt = GGTT(total: total, aperture: aperture)
  return try Balloon(
    ggtt: ggtt,
    mappable: GraphicsRange(start: mappable.base, end: mappable.base + mappable.size),
    unmappable: GraphicsRange(start: unmappable.base, end: unmappable.base + unmappable.size),
    rule: rule)
}

extension Balloon {
  /// As the driver's log would have them, without the words.
  fileprivate var lines: [String] {
    reservations.map {
      "\($0.slot.rawValue) \($0.range) \($0.range.size / 1024) KiB"
    }
  }
}

@Suite struct `ballooning a real guest` {
  /// Kernel log of July 2021, intel-gvt-dev list, Linux 5.14-rc2.
  @Test func `gives the four ranges that its kernel printed`() throws {
    let balloon = try balloon(
      mappable: (0x31C_7000, 65536 * kiB), unmappable: (0xE7EF_8000, 393216 * kiB))
    #expect(
      balloon.lines == [
        "below-unmappable 0x10000000-0xe7ef8000 3537888 KiB",
        "above-unmappable 0xffef8000-0x100000000 1056 KiB",
        "below-mappable 0x0-0x31c7000 50972 KiB",
        "above-mappable 0x71c7000-0x10000000 145636 KiB",
      ])
  }

  /// Kernel log of the same list, a day later.
  @Test func `leaves out the range below a share that starts with the unmappable part`() throws {
    let balloon = try balloon(
      mappable: (0x218_0000, 65536 * kiB), unmappable: (0x1000_0000, 393216 * kiB))
    #expect(
      balloon.lines == [
        "above-unmappable 0x28000000-0x100000000 3538944 KiB",
        "below-mappable 0x0-0x2180000 34304 KiB",
        "above-mappable 0x6180000-0x10000000 162304 KiB",
      ])
  }

  /// What Linux 4.11 and before would have printed for the first.
  @Test func `ends before the guard page under the old rule`() throws {
    let balloon = try balloon(
      mappable: (0x31C_7000, 65536 * kiB), unmappable: (0xE7EF_8000, 393216 * kiB),
      rule: .guardPage)
    #expect(
      balloon.lines == [
        "below-unmappable 0x10000000-0xe7ef8000 3537888 KiB",
        "above-unmappable 0xffef8000-0xfffff000 1052 KiB",
        "below-mappable 0x0-0x31c7000 50972 KiB",
        "above-mappable 0x71c7000-0x10000000 145636 KiB",
      ])
  }
}

/// What the i915 of Linux 6.1 did with these, seen in a guest.
@Suite struct `the driver's tests` {
  @Test func `refuse a mappable share that ends past the aperture`() {
    #expect(throws: BalloonError.mappableEndsPastAperture) {
      try balloon(mappable: (0xF00_0000, 64 * miB), unmappable: (0x2000_0000, 384 * miB))
    }
  }

  @Test func `refuse an unmappable share that starts inside the aperture`() {
    #expect(throws: BalloonError.unmappableStartsInsideAperture) {
      try balloon(mappable: (0, 64 * miB), unmappable: (0xF00_0000, 384 * miB))
    }
  }

  @Test func `refuse an unmappable share that ends past the GGTT`() {
    #expect(throws: BalloonError.unmappableEndsPastGGTT) {
      try balloon(mappable: (0, 64 * miB), unmappable: (0xF000_0000, 384 * miB))
    }
  }

  @Test func `find nothing to reserve around shares that are everything`() throws {
    let balloon = try balloon(
      mappable: (0, 256 * miB), unmappable: (0x1000_0000, 3840 * miB))
    #expect(balloon.lines == [])
    #expect(balloon.reservedBytes == 0)
  }

  @Test func `name the first that fails when several do`() {
    #expect(throws: BalloonError.mappableEndsPastAperture) {
      try balloon(mappable: (0xF00_0000, 64 * miB), unmappable: (0xF00_0000, 0xFFFF_F000))
    }
    #expect(throws: BalloonError.unmappableStartsInsideAperture) {
      try balloon(mappable: (0, 64 * miB), unmappable: (0xF00_0000, 0xFFFF_F000))
    }
  }

  @Test(
    arguments: [
      (0x1000_0000 - 64 * miB, 0x1000_0000, true), (0x1000_0001 - 64 * miB, 0x1000_0000, false),
      (0x1000_0000 - 64 * miB, 0x0FFF_FFFF, false),
    ] as [(UInt64, UInt64, Bool)])
  func `are exact to the byte at the aperture's end`(
    mappableBase: UInt64, unmappableBase: UInt64, passes: Bool
  ) {
    let balloon = try? balloon(
      mappable: (mappableBase, 64 * miB), unmappable: (unmappableBase, 384 * miB))
    #expect((balloon != nil) == passes)
  }

  @Test(arguments: [(0xE800_0000, true), (0xE800_0001, false)] as [(UInt64, Bool)])
  func `are exact to the byte at the GGTT's end`(base: UInt64, passes: Bool) {
    let balloon = try? balloon(mappable: (0, 64 * miB), unmappable: (base, 384 * miB))
    #expect((balloon != nil) == passes)
  }

  /// 6.1 tests neither size nor alignment.
  @Test func `let empty and unaligned shares pass`() throws {
    let balloon = try balloon(mappable: (0x123, 0), unmappable: (0x1000_0001, 5))
    #expect(
      balloon.lines == [
        "below-unmappable 0x10000000-0x10000001 0 KiB",
        "above-unmappable 0x10000006-0x100000000 3932159 KiB",
        "below-mappable 0x0-0x123 0 KiB",
        "above-mappable 0x123-0x10000000 262143 KiB",
      ])
  }
}

@Suite struct `the last page of the GGTT` {
  private func ranges(
    unmappableEnd: UInt64, rule: BalloonRule
  ) throws(BalloonError) -> [GraphicsRange] {
    try balloon(
      mappable: (0, 256 * miB), unmappable: (0x1000_0000, unmappableEnd - 0x1000_0000), rule: rule
    ).ranges
  }

  @Test(
    arguments: [
      (0x1_0000_0000, .exact, nil), (0xFFFF_F000, .exact, 0x1_0000_0000),
      (0xFFFF_E000, .exact, 0x1_0000_0000), (0x1_0000_0000, .guardPage, nil),
      (0xFFFF_F000, .guardPage, nil), (0xFFFF_E000, .guardPage, 0xFFFF_F000),
    ] as [(UInt64, BalloonRule, UInt64?)])
  func `is the guard page before 4.12 and reserved since`(
    unmappableEnd: UInt64, rule: BalloonRule, reservedEnd: UInt64?
  ) throws {
    let expected = reservedEnd.map { [GraphicsRange(start: unmappableEnd, end: $0)] } ?? []
    #expect(try ranges(unmappableEnd: unmappableEnd, rule: rule) == expected)
  }

  /// The range below the share would be all of the unmappable part.
  @Test func `makes the old rule fail where the unmappable share is empty at the end`() throws {
    #expect(throws: BalloonError.reservationFailed) {
      try balloon(mappable: (0, 256 * miB), unmappable: (4 * giB, 0), rule: .guardPage)
    }
    #expect(
      try balloon(mappable: (0, 256 * miB), unmappable: (4 * giB, 0)).ranges
        == [GraphicsRange(start: 256 * miB, end: 4 * giB)])
  }

  @Test func `makes the old rule fail where the aperture is everything and the share ends before`()
    throws
  {
    #expect(throws: BalloonError.reservationFailed) {
      try balloon(
        mappable: (0, 64 * miB), unmappable: (giB, 0), aperture: giB, total: giB, rule: .guardPage)
    }
    #expect(
      try balloon(
        mappable: (0, 64 * miB), unmappable: (giB, 0), aperture: giB, total: giB
      ).ranges == [GraphicsRange(start: 64 * miB, end: giB)])
  }

  @Test(arguments: BalloonRule.allCases)
  func `does not matter where the shares are all of an aperture that is everything`(
    rule: BalloonRule
  ) throws {
    let balloon = try balloon(
      mappable: (0, giB), unmappable: (giB, 0), aperture: giB, total: giB, rule: rule)
    #expect(balloon.ranges == [])
  }

  @Test(arguments: BalloonRule.allCases)
  func `does not exist in a GGTT without entries`(rule: BalloonRule) throws {
    let balloon = try balloon(
      mappable: (0, 0), unmappable: (0, 0), aperture: 0, total: 0, rule: rule)
    #expect(balloon.ranges == [])
  }
}

@Suite struct `deballooning` {
  @Test func `goes from the driver's first slot to its last`() throws {
    let balloon = try balloon(
      mappable: (0x31C_7000, 64 * miB), unmappable: (0xE7EF_8000, 384 * miB))
    #expect(
      balloon.deballoonOrder.map { "\($0.slot.rawValue) \($0.range)" } == [
        "below-mappable 0x0-0x31c7000", "above-mappable 0x71c7000-0x10000000",
        "below-unmappable 0x10000000-0xe7ef8000", "above-unmappable 0xffef8000-0x100000000",
      ])
  }

  @Test func `skips the slots that need no range`() throws {
    let balloon = try balloon(
      mappable: (0, 256 * miB), unmappable: (0x2000_0000, 4 * giB - 0x2000_0000))
    #expect(balloon.deballoonOrder.map(\.slot) == [.belowUnmappable])
  }
}
