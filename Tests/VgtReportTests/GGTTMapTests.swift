import CoreFixtures
import Testing
import VgtCore
import VgtReport

@Suite struct `The map of a share's entries` {
  private static let filler: UInt64 = 0x1001
  private static let used: UInt64 = 0x2001

  /// A share of 1024 entries, two of which make a character: first two that
  /// say what filler is, then `cell`, then nothing that was read.
  private func map(_ cell: [UInt64]) -> String {
    let share = GraphicsRange(start: 0x10_0000, end: 0x50_0000)
    var audit = GGTTAudit(
      table: GGTTTable(generation: 9, total: 64 << 20), range: share, shares: [share])
    audit.add([Self.filler, Self.filler] + cell)
    let lines = GGTTMap(audit, of: share).lines
    return lines.map { $0.drop { $0 != " " }.dropFirst() }.joined()
  }

  @Test(
    arguments: [
      ([used, used + 0x1000], "#"), ([used, 0], "+"), ([0, used], "+"), ([used, filler], "+"),
      ([filler, filler], "."), ([filler, 0], "."), ([0, 0], "_"), ([used, .max], "!"),
      ([0], "_"), ([], "?"),
    ] as [([UInt64], Character)])
  func `a character tells what the entries behind it are`(cell: [UInt64], character: Character) {
    #expect(Array(map(cell).prefix(3)) == [".", character, "?"])
  }

  @Test func `a line is 64 characters behind the address of its first entry`() {
    let share = GraphicsRange(start: 0x10_0000, end: 0x50_0000)
    let audit = GGTTAudit(
      table: GGTTTable(generation: 9, total: 64 << 20), range: share, shares: [share])
    let lines = GGTTMap(audit, of: share).lines
    #expect(lines.count == 8)
    #expect(lines[1] == "0x00180000 " + String(repeating: "?", count: 64))
  }
}
