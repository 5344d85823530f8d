internal import VgtCore

/// An audit of the GGTT's entries as JSON, schema version 1.
///
/// Written in one go and one line a run: a fragmented table has hundreds of
/// thousands of them.
package struct GGTTJSON: Sendable {
  package static let schemaVersion = 1

  private let report: GGTTReport

  package init(_ report: GGTTReport) {
    self.report = report
  }

  package var text: String {
    let audit = report.audit
    let owned = audit?.count(.present, owned: true) ?? 0
    let reserved = audit?.count(.present, owned: false) ?? 0
    let allOnes = [true, false].reduce(0) { $0 + (audit?.count(.allOnes, owned: $1) ?? 0) }
    let range = audit.map { "{ \"start\": \($0.range.start), \"end\": \($0.range.end) }" }
    let address = report.diagnosis.map { "\"\($0.capture.address)\"" }
    var text = """
      {
        "schema_version": \(Self.schemaVersion),
        "address": \(address ?? "null"),
        "range": \(range ?? "null"),
        "entries_read": \(audit?.entriesRead ?? 0),
        "present_owned": \(owned),
        "present_reserved": \(reserved),
        "all_ones": \(allOnes),
        "runs": [
      """
    writeRuns(to: &text)
    text += "],\n  \"complete\": \(audit?.isComplete ?? false)\n}\n"
    return text
  }

  private func writeRuns(to text: inout String) {
    guard let runs = report.audit?.runs, !runs.isEmpty else { return }
    var separator = "\n    "
    var rest = runs[...]
    while let run = rest.popFirst() {
      var end = run.range.end
      // Filler is present all the same; the schema knows no other kind.
      while let next = rest.first, next.continues(run) {
        end = next.range.end
        rest.removeFirst()
      }
      text += separator
      text += "{ \"start\": \(run.range.start), \"end\": \(end), \"kind\": \"\(run.kind.rawValue)\""
      text += ", \"owned\": \(run.isOwned) }"
      separator = ",\n    "
    }
    text += "\n  "
  }
}

extension GGTTAudit.Run {
  /// Whether this, which stands right behind `run`, differs from what is
  /// before it in nothing but being filler.
  fileprivate func continues(_ run: GGTTAudit.Run) -> Bool {
    kind == run.kind && isOwned == run.isOwned && !startsAtBorder
  }
}
