internal import VgtCore

extension Report {
  /// A report for an issue tracker: the verdict, a table of the attributes, and
  /// the rest folded, with the capture in a code block.
  ///
  /// CommonMark with the tables that GitHub, GitLab and Gitea have.
  package var markdown: String {
    var lines = ["**\(Tool.title): \(verdict.rawValue)** - \(headline.markdown)"]
    if isSample {
      lines += ["", "> This is the embedded sample guest, not a machine of the reporter's."]
    }
    if !absenceLines.isEmpty { lines += [""] + absenceLines.map { "- \($0.markdown)" } }
    for device in devices { lines += [""] + device.markdownLines }
    lines += ["", endLine]
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Diagnosis {
  fileprivate var markdownLines: [String] {
    var lines = ["### \(capture.address): \(headline.markdown)", ""]
    lines += Self.table(
      attributes.map { [$0.label, $0.text.markdown] }, header: ["what", "value"])
    let doubts = findings.filter { $0.severity >= .warning || $0.check == .pageUnreadable }
    if !doubts.isEmpty {
      lines.append("")
      lines += doubts.map { finding in
        let remedy = remedy(of: finding).map { ". What to do: \($0)" } ?? ""
        return "- **\(finding.severity.rawValue)** `\(finding.check.code)`: "
          + (finding.text + remedy).markdown
      }
    }
    let map = AddressMap(self)
    if let map {
      lines += ["", "Graphics addresses; ends are exclusive:", ""]
      lines += Self.table(
        map.regions.map {
          [
            "`\($0.range.start.hex())`", "`\($0.range.end.hex())`", bytesText($0.range.size),
            $0.partName, $0.label,
          ]
        }, header: ["start", "end", "size", "part", "use"])
    }
    let checks = findings.map {
      "- \($0.severity.rawValue) `\($0.check.code)`: \($0.text.markdown)"
    }
    lines += Self.folded("Checks", checks)
    lines += Self.folded(
      "Map", Self.code(map.map { Array(TextMap.drawings(of: $0).joined()) } ?? []))
    lines += Self.folded(
      "Expected i915 messages",
      Self.code(expectedProbe.map { ExpectedMessages($0, of: self).text } ?? []))
    lines += Self.folded("Capture", Self.code(capture.lines))
    return lines
  }

  private static func table(_ rows: [[String]], header: [String]) -> [String] {
    let separator = header.map { _ in "---" }
    return ([header, separator] + rows)
      .map { "| " + $0.joined(separator: " | ") + " |" }
  }

  /// A block that trackers fold; the blank lines let Markdown work inside.
  private static func folded(_ title: String, _ lines: [String]) -> [String] {
    guard !lines.isEmpty else { return [] }
    return ["", "<details><summary>\(title)</summary>", ""] + lines + ["", "</details>"]
  }

  private static func code(_ lines: [String]) -> [String] {
    lines.isEmpty ? [] : ["```text"] + lines + ["```"]
  }
}

extension String {
  /// Text that came from outside may hold what Markdown would take for its own.
  ///
  /// Trackers look for people, issues and addresses in what is shown, after all
  /// escapes: only a space of no width keeps those apart.
  fileprivate var markdown: String {
    let space = "&#8203;"
    var previous: Unicode.Scalar?
    return escaped { scalar in
      defer { previous = scalar }
      switch (previous, scalar) {
      case (_, "\\"), (_, "`"), (_, "*"), (_, "_"), (_, "["), (_, "]"), (_, "|"), (_, "~"):
        return "\\\(scalar)"
      case (_, "&"): return "&amp;"
      case (_, "<"): return "&lt;"
      case (_, ">"): return "&gt;"
      case (_, "@"), (_, "#"): return "\(scalar)\(space)"
      case ("/", "/"), ("w", "."): return "\(space)\(scalar)"
      default: return nil
      }
    }
  }
}
