import CoreFixtures
import Testing
import VgtCore
import VgtReport

@Suite struct `the map of the graphics addresses` {
  private let mib: UInt64 = 1 << 20

  private func regions(
    mappable: Share = Share(base: 0x31C_7000, size: 0x400_0000),
    unmappable: Share = Share(base: 0xE7EF_8000, size: 0x1800_0000), rule: BalloonRule = .exact
  ) -> [String] {
    let ggtt = GGTT(total: 4096 * mib, aperture: 256 * mib)
    let page = Guest.healthy().pvInfo.changing(\.mappable, to: mappable)
      .changing(\.unmappable, to: unmappable)
    let outcome = Diagnosis.balloon(page, in: ggtt, rule: rule)
    return AddressMap(ggtt: ggtt, pvInfo: page, outcome: outcome).regions.map {
      "\($0.range) \($0.partName): \($0.label)"
    }
  }

  @Test func `tiles the space by address`() {
    #expect(
      regions() == [
        "0x0-0x31c7000 mappable: reserved", "0x31c7000-0x71c7000 mappable: own",
        "0x71c7000-0x10000000 mappable: reserved", "0x10000000-0xe7ef8000 unmappable: reserved",
        "0xe7ef8000-0xffef8000 unmappable: own", "0xffef8000-0x100000000 unmappable: reserved",
      ])
  }

  @Test func `shows the guard page of the old rule`() {
    #expect(
      regions(
        mappable: Share(base: 0, size: 0x1000_0000),
        unmappable: Share(base: 0x1000_0000, size: 0xEFFF_E000), rule: .guardPage) == [
          "0x0-0x10000000 mappable: own", "0x10000000-0xffffe000 unmappable: own",
          "0xffffe000-0xfffff000 unmappable: reserved",
          "0xfffff000-0x100000000 unmappable: guard page",
        ])
  }

  @Test func `leaves out an empty share, and keeps the two ranges beside it apart`() {
    #expect(
      regions(
        mappable: Share(base: 0x800_0000, size: 0), unmappable: Share(base: 0x1000_0000, size: 0)
      ) == [
        "0x0-0x8000000 mappable: reserved", "0x8000000-0x10000000 mappable: reserved",
        "0x10000000-0x100000000 unmappable: reserved",
      ])
  }

  @Test func `marks what of a mappable share is past the aperture`() {
    #expect(
      regions(mappable: Share(base: 0xF00_0000, size: 0x400_0000)) == [
        "0x0-0xf000000 mappable: not reserved", "0xf000000-0x10000000 mappable: own",
        "0x10000000-0x13000000 unmappable: own, past aperture",
        "0x13000000-0xe7ef8000 unmappable: not reserved", "0xe7ef8000-0xffef8000 unmappable: own",
        "0xffef8000-0x100000000 unmappable: not reserved",
      ])
  }

  @Test func `marks what of an unmappable share is in the aperture`() {
    #expect(
      regions(unmappable: Share(base: 0xC00_0000, size: 0x1800_0000)).filter {
        $0.contains("own,")
      } == ["0xc000000-0x10000000 mappable: own, in aperture"])
  }

  @Test func `goes on to the end of a share that ends past the GGTT`() {
    #expect(
      regions(unmappable: Share(base: 0xF800_0000, size: 0x1000_0000)).suffix(2) == [
        "0xf8000000-0x100000000 unmappable: own",
        "0x100000000-0x108000000 past GGTT: own, past GGTT",
      ])
  }

  @Test func `marks the guard page that a range runs into`() {
    // The range below the unmappable share would end with the GGTT.
    #expect(
      regions(unmappable: Share(base: 0xFFFF_FFFF, size: 0), rule: .guardPage).suffix(2) == [
        "0x10000000-0xfffff000 unmappable: not reserved",
        "0xfffff000-0x100000000 unmappable: guard page, refused",
      ])
  }
}
