package import VgtCore

/// What a command found; printed as text or as JSON, both in one frame.
package protocol CommandResult: Sendable {
  /// What the result is about, after the tool's name.
  static var title: String { get }
  /// What the last line calls it.
  static var noun: String { get }
  var verdict: Verdict { get }
  /// Why, in one sentence.
  var headline: String { get }
  /// Writes what comes after the verdict.
  func write(to page: inout TextPage)
  /// Writes the members after the schema version.
  func write(to json: inout JSONWriter)
}

extension CommandResult {
  package static var noun: String { "report" }

  /// Lines of at most 76 columns, to be read by people and pasted into a mail
  /// or an issue; the last one shows that nothing was cut off.
  package func text(coloured isColoured: Bool = false) -> String {
    var page = TextPage(coloured: isColoured)
    page.line("\(Tool.title): \(Self.title)")
    page.line()
    page.entry(
      "VERDICT", "\(verdict.rawValue): \(headline)", indent: 0, column: 9,
      colour: verdict.colour)
    write(to: &page)
    page.line()
    page.line(endLine)
    return page.text
  }

  package var json: String {
    JSONWriter.document { json in
      json.member("schema_version", ReportSchema.version)
      write(to: &json)
    }
  }

  var endLine: String { "\(Tool.title): end of \(Self.noun): \(verdict.rawValue)" }
}

extension Verdict {
  fileprivate var colour: TextPage.Colour {
    switch self {
    case .ok: .green
    case .failed, .unusable, .noInput: .red
    case .noVgpu: .blue
    case .unreadable: .yellow
    }
  }
}
