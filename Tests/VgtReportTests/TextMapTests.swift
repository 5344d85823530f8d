import CoreFixtures
import Testing
import VgtCore
import VgtReport

/// A drawing read again, from its characters alone.
private struct ReadMap {
  struct Region: Equatable {
    var start: UInt64
    var end: UInt64
    var words: String
    /// As the words say it.
    var size: UInt64
    var isAboveDoubleLine: Bool
    var rows: Int
  }

  private(set) var regions: [Region] = []
  /// Addresses of borders that are double.
  private(set) var doubleLines: [UInt64] = []
  private(set) var problems: [String] = []
  /// What is drawn right of the box, from top to bottom, but for the names of
  /// borders.
  private(set) var arrows: [[String]] = [[]]

  init(_ lines: [String]) {
    var start: UInt64?
    var contents: [String] = []
    for line in lines {
      if line.utf8.count > 76 { problems.append("\(line.utf8.count) columns: \(line)") }
      if !line.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { problems.append("odd: \(line)") }
      let halves = line.split(separator: "+", omittingEmptySubsequences: false)
      if halves.count == 3 {
        let address = UInt64(
          halves[0].drop { $0 == " " }.dropFirst(2).prefix { $0 != " " }, radix: 16)
        guard let address else {
          problems.append("a border without an address: \(line)")
          continue
        }
        if let start { close(start, address, contents) }
        if halves[1].contains("=") { doubleLines.append(address) }
        start = address
        contents = []
        let beside = halves[2].trimmed
        if halves[1].contains("=") {
          arrows.append([])
        } else if beside != "total GM size", !(arrows[arrows.count - 1].isEmpty && beside.isEmpty) {
          arrows[arrows.count - 1].append(beside)
        }
      } else {
        let bars = line.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false)
        guard bars.count == 3, bars[0].trimmed.isEmpty else {
          problems.append("neither border nor row: \(line)")
          continue
        }
        contents.append(String(bars[1]))
        arrows[arrows.count - 1].append(bars[2].trimmed)
      }
    }
    if !contents.isEmpty { problems.append("rows below the last border") }
  }

  private mutating func close(_ start: UInt64, _ end: UInt64, _ contents: [String]) {
    let words = contents.map { $0.filter { $0 != "/" && $0 != "." }.trimmed }.filter { !$0.isEmpty }
    guard words.count == 1 else {
      problems.append("\(words.count) labels in a region")
      return
    }
    let fields = words[0].split(separator: " ")
    let units: [String: UInt64] = ["bytes": 1, "KiB": 1024, "MiB": 1_048_576, "GiB": 1_073_741_824]
    guard fields.count >= 3, let number = UInt64(fields[fields.count - 2]),
      let unit = units[String(fields[fields.count - 1])]
    else {
      problems.append("no size in: \(words[0])")
      return
    }
    regions.append(
      Region(
        start: start, end: end, words: fields.dropLast(2).joined(separator: " "),
        size: number * unit, isAboveDoubleLine: doubleLines.isEmpty, rows: contents.count))
  }
}

extension StringProtocol {
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

/// A sound configuration, told by its borders.
private struct Layout {
  var total: UInt64
  var aperture: UInt64
  var mappable: (start: UInt64, end: UInt64)
  var unmappable: (start: UInt64, end: UInt64)
  var hasGuardPage: Bool

  static func generated(using generator: inout SeededGenerator) -> Layout {
    let total = generator.pick([1 << 30, 2 << 30, 4 << 30]) as UInt64
    let aperture = generator.pick([64 << 20, 128 << 20, 256 << 20, 512 << 20, 1 << 30, total])
    func share(from start: UInt64, to end: UInt64) -> (start: UInt64, end: UInt64) {
      func gap() -> UInt64 {
        generator.pick([
          0, 0, 4096, 8192, 1 << 20, 65 << 20, 384 << 20,
          UInt64.random(in: 0...(total >> 12), using: &generator) << 12,
        ])
      }
      let (below, above, size) = (gap(), gap(), gap())
      return generator.once(in: 2)
        // A gap below and one above; the share is what is between.
        ? (min(start + below, end), max(min(start + below, end), end - min(above, end - start)))
        // A gap below, then the share.
        : (min(start + below, end), min(start + below + size, end))
    }
    return Layout(
      total: total, aperture: aperture, mappable: share(from: 0, to: aperture),
      unmappable: share(from: aperture, to: total), hasGuardPage: generator.once(in: 2))
  }

  /// `nil` where the driver refuses it, or the page cannot hold it.
  var map: AddressMap? {
    guard unmappable.start < 1 << 32, unmappable.end - unmappable.start < 1 << 32 else {
      return nil
    }
    let page = Guest.healthy().pvInfo
      .changing(\.mappable, to: Self.share(mappable)).changing(
        \.unmappable, to: Self.share(unmappable))
    let ggtt = GGTT(total: total, aperture: aperture)
    let outcome = Diagnosis.balloon(page, in: ggtt, rule: hasGuardPage ? .guardPage : .exact)
    return outcome.balloon == nil ? nil : AddressMap(ggtt: ggtt, pvInfo: page, outcome: outcome)
  }

  private static func share(_ range: (start: UInt64, end: UInt64)) -> Share {
    Share(base: UInt32(range.start), size: UInt32(range.end - range.start))
  }

  /// What a reader of the drawing should find: start, end, words.
  var expected: [String] {
    let guardStart = hasGuardPage ? max(unmappable.end, mappable.end, total - 4096) : total
    return [
      (0, mappable.start, "reserved"), (mappable.start, mappable.end, "own"),
      (mappable.end, aperture, "reserved"), (aperture, unmappable.start, "reserved"),
      (unmappable.start, unmappable.end, "own"), (unmappable.end, guardStart, "reserved"),
      (guardStart, total, "guard page"),
    ].filter { $0.0 < $0.1 }.map { Self.line($0.0, $0.1, $0.2, $0.1 <= aperture) }
  }

  static func line(_ start: UInt64, _ end: UInt64, _ words: String, _ isMappable: Bool) -> String {
    "\(start) to \(end): \(words), \(isMappable ? "above" : "below") the double line"
  }
}

/// The drawing of a single guest's view, without its legend.
private func drawing(of map: AddressMap) -> [String] {
  TextMap.drawings(of: map).flatMap { $0.dropLast() }
}

@Suite struct `the drawing of the map` {
  @Test func `tells a reader the ranges of 1,000 configurations`() {
    var drawn = 0
    var counts: Set<Int> = []
    for seed in seeds(1200) {
      var generator = SeededGenerator(seed: seed)
      let layout = Layout.generated(using: &generator)
      guard let map = layout.map else { continue }
      let lines = drawing(of: map)
      let read = ReadMap(lines)
      let note = Comment(rawValue: "seed \(seed):\n" + lines.joined(separator: "\n"))
      drawn += 1
      counts.insert(read.regions.count)
      #expect(read.problems == [], note)
      #expect(
        read.regions.map { Layout.line($0.start, $0.end, $0.words, $0.isAboveDoubleLine) }
          == layout.expected, note)
      #expect(read.regions.allSatisfy { $0.size == $0.end - $0.start }, note)
      #expect(read.doubleLines == [layout.aperture], note)
      #expect(lines.count <= 30, note)
    }
    #expect(drawn >= cases(1000))
    // Few cases do not meet them all.
    #expect(isQuick || counts == [1, 2, 3, 4, 5, 6, 7])
  }

  @Test func `has an arrow from end to end of each part, with its name`() {
    for seed in seeds(300) {
      var generator = SeededGenerator(seed: seed)
      let layout = Layout.generated(using: &generator)
      guard let map = layout.map else { continue }
      let arrows = ReadMap(drawing(of: map)).arrows.filter { !$0.isEmpty }
      let names =
        layout.aperture == layout.total ? ["mappable GM"] : ["mappable GM", "unmappable GM"]
      #expect(arrows.map { $0.first } == names.map { _ in "^" }, "seed \(seed)")
      #expect(arrows.map { $0.last } == names.map { _ in "v" }, "seed \(seed)")
      #expect(
        zip(arrows, names).allSatisfy { arrow, name in
          arrow.dropFirst().dropLast().count { $0.hasPrefix("|  \(name), ") } == 1
            && arrow.dropFirst().dropLast().allSatisfy { $0.hasPrefix("|") }
        }, "seed \(seed)")
    }
  }

  @Test func `gives no region fewer rows than a smaller one of its part`() {
    for seed in seeds(300) {
      var generator = SeededGenerator(seed: seed)
      guard let map = Layout.generated(using: &generator).map else { continue }
      let regions = ReadMap(drawing(of: map)).regions
      for part in [true, false] {
        let rows = regions.filter { $0.isAboveDoubleLine == part }
          .sorted { ($0.size, $0.rows) < ($1.size, $1.rows) }.map(\.rows)
        #expect(rows == rows.sorted(), "seed \(seed)")
      }
    }
  }

  @Test func `keeps a gap of one page visible`() throws {
    let layout = Layout(
      total: 4 << 30, aperture: 256 << 20, mappable: (4096, 256 << 20),
      unmappable: (256 << 20, (4 << 30) - 4096), hasGuardPage: false)
    let lines = drawing(of: try #require(layout.map))
    #expect(lines.count { $0.contains("/ reserved 4 KiB /") } == 2)
  }

  @Test func `tells its fills in the last line`() throws {
    let layout = Layout(
      total: 4 << 30, aperture: 256 << 20, mappable: (4096, 256 << 20),
      unmappable: (256 << 20, (4 << 30) - 8192), hasGuardPage: true)
    #expect(
      TextMap.drawings(of: try #require(layout.map)).map { $0.last } == [
        "  / reserved, . guard page, == end of the aperture"
      ])
  }
}
