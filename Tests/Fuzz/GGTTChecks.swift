import VgtCore
import VgtReport

/// What must hold of every audit.
enum GGTTCheck: CaseIterable {
  /// Equal loads may come at once or one by one.
  case runs
  /// The runs cover what was read, without a gap.
  case tiles
  case text, json

  /// A guest whose page is sound.
  private static let guest = Diagnosis(.sample)

  static func make(_ choice: Choice, of bytes: [UInt8]) {
    var words = Words(bytes)
    let audit = audit(&words)
    let loads = loads(&words, upTo: audit.table.loads(of: audit.range).count)
    guard !loads.isEmpty else { return }
    for check in choice.of(allCases) { check.make(audit, loads) }
  }

  private func make(_ empty: GGTTAudit, _ loads: [UInt64]) {
    var audit = empty
    for load in loads { audit.add(load) }
    switch self {
    case .runs:
      var quick = empty
      var runs: [LoadRun] = []
      for load in loads {
        if let last = runs.last, last.load == load {
          runs[runs.count - 1] = LoadRun(load: load, times: last.times + 1)
        } else {
          runs.append(LoadRun(load: load, times: 1))
        }
      }
      // As the device is read, so many at a time.
      let half = runs.count / 2
      quick.add(Array(runs[..<half]))
      quick.add(Array(runs[half...]))
      expect(quick == audit, "equal loads at once give \(quick), not \(audit)")
    case .tiles:
      var end = audit.range.start
      for run in audit.runs {
        expect(run.range.start == end && run.range.end > end, "\(run) does not start at \(end)")
        end = run.range.end
      }
      expect(end == audit.covered.end, "the runs end at \(end)")
      let read = [GGTTAudit.Kind.present, .absent, .allOnes].reduce(0) {
        $0 + audit.count($1, owned: true) + audit.count($1, owned: false)
      }
      expect(read == audit.entriesRead, "\(read) entries are counted")
    case .text: _ = GGTTReport(Self.guest, audit, ending: .interrupted).text()
    case .json: _ = GGTTReport(Self.guest, audit, ending: .deviceLost).json
    }
  }

  private static func audit(_ words: inout Words) -> GGTTAudit {
    let table = GGTTTable(
      generation: words.next(below: 2) == 0 ? 9 : 7, total: 1 << (26 + words.next(below: 8)))
    let pages = table.entryCount
    let start = UInt64(words.next(UInt32.self)) % pages
    let count = 1 + UInt64(words.next(UInt16.self)) % min(4096, pages - start)
    let range = GraphicsRange(start: start << 12, end: (start + count) << 12)
    let shares = (0..<2).map { _ in
      // Near the range, mostly not at the border of a page.
      let base = range.start &+ UInt64(words.next(UInt32.self)) % (range.size + 1)
      return GraphicsRange(start: base, end: base + UInt64(words.next(UInt32.self)))
    }
    return GGTTAudit(table: table, range: range, shares: shares)
  }

  private static func loads(_ words: inout Words, upTo count: Int) -> [UInt64] {
    var loads: [UInt64] = []
    while !words.isEmpty, loads.count < count {
      let form = words.byte()
      let length = min(count - loads.count, 1 + Int(form >> 3))
      let first: UInt64 =
        switch form & 7 {
        case 0, 1: 0
        case 2: .max
        case 3, 4: loads.last ?? 0
        default: words.next()
        }
      // The pages of an object mostly follow each other.
      let step: UInt64 = form & 7 == 7 ? 4096 : 0
      loads += (0..<UInt64(length)).map { first &+ $0 * step }
    }
    return loads
  }
}
