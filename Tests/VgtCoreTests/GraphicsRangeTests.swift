import Testing
import VgtCore

private func range(_ start: UInt64, _ end: UInt64) -> GraphicsRange {
  GraphicsRange(start: start, end: end)
}

@Suite struct `a graphics range` {
  @Test(arguments: ["0x0-0x31c7000", "0xffef8000-0x100000000", "0x0-0x0", "0x0-0xffffffffffffffff"])
  func `is read as it is printed`(text: String) {
    #expect(GraphicsRange(text)?.description == text)
  }

  @Test(arguments: [
    "", "-", "0x0", "0x0-", "-0x1", "0x2-0x1", "0-1", "0x0-0x1-0x2", "0x-0x1", "0x0-0x+1",
    "0x0 - 0x1",
    "0x0-0x10000000000000000",
  ])
  func `is none where an end is missing, no number, or before the start`(text: String) {
    #expect(GraphicsRange(text) == nil)
  }

  @Test(
    arguments: [
      (range(0, 9), range(10, 20), nil), (range(0, 10), range(10, 20), nil),
      (range(0, 11), range(10, 20), range(10, 11)), (range(12, 15), range(10, 20), range(12, 15)),
      (range(0, 30), range(10, 20), range(10, 20)), (range(15, 15), range(10, 20), nil),
    ] as [(GraphicsRange, GraphicsRange, GraphicsRange?)])
  func `has in common with another what lies in both`(
    one: GraphicsRange, other: GraphicsRange, common: GraphicsRange?
  ) {
    #expect(one.intersection(other) == common)
    #expect(other.intersection(one) == common)
    #expect(one.overlaps(other) == (common != nil))
  }

  @Test(
    arguments: [
      (range(0, 0x3000), range(0, 0x3000)), (range(1, 0x3000), range(0x1000, 0x3000)),
      (range(0, 0x2FFF), range(0, 0x2000)), (range(0xFFF, 0x1001), range(0x1000, 0x1000)),
      (range(0x800, 0x900), range(0x1000, 0x1000)),
      (range(0xFFFF_F001, 0x1_0000_0000), range(0x1_0000_0000, 0x1_0000_0000)),
    ] as [(GraphicsRange, GraphicsRange)])
  func `holds the pages that lie in it whole`(whole: GraphicsRange, pages: GraphicsRange) {
    #expect(whole.wholePages == pages)
    #expect(pages.isWholePages)
    #expect(whole.isWholePages == (whole == pages))
  }
}
