internal import VgtCore

extension GGTTReport {
  package func write(to json: inout JSONWriter) {
    json.member("address", (diagnosis?.capture.address).map { "\($0)" })
    json.object("range", of: audit?.range) { json, range in
      json.member("start", range.start)
      json.member("end", range.end)
    }
    json.member("entries_read", audit?.entriesRead ?? 0)
    json.member("present_owned", audit?.count(.present, owned: true) ?? 0)
    json.member("present_reserved", audit?.count(.present, owned: false) ?? 0)
    json.member(
      "all_ones", [true, false].reduce(0) { $0 + (audit?.count(.allOnes, owned: $1) ?? 0) })
    json.objects("runs", JoinedRuns(audit?.runs ?? []), isDense: true) { json, run in
      json.member("start", run.start)
      json.member("end", run.end)
      json.member("kind", run.kind.rawValue)
      json.member("owned", run.isOwned)
    }
    json.member("complete", audit?.isComplete ?? false)
  }
}

/// Runs without the difference between filler and other present entries, which
/// the schema does not know.
private struct JoinedRuns: Sequence, IteratorProtocol {
  struct Run {
    let start: UInt64
    var end: UInt64
    let kind: GGTTAudit.Kind
    let isOwned: Bool
  }

  private var rest: ArraySlice<GGTTAudit.Run>

  init(_ runs: [GGTTAudit.Run]) {
    rest = runs[...]
  }

  mutating func next() -> Run? {
    guard let first = rest.popFirst() else { return nil }
    var run = Run(
      start: first.range.start, end: first.range.end, kind: first.kind, isOwned: first.isOwned)
    while let next = rest.first, next.kind == run.kind, next.isOwned == run.isOwned,
      !next.startsAtBorder
    {
      run.end = next.range.end
      rest.removeFirst()
    }
    return run
  }
}
