internal import VgtCore

/// A report for an issue tracker: the verdict, a table of the essentials, and
/// the rest folded, with the capture in a code block.
///
/// CommonMark with the tables that GitHub, GitLab and Gitea have.
package struct MarkdownReport: Sendable {
  private let report: Report

  package init(_ report: Report) {
    self.report = report
  }

  package var text: String {
    var lines = ["**\(Tool.title): \(report.verdict.rawValue)** - \(report.headline)"]
    if report.isSample {
      lines += ["", "> This is the embedded sample guest, not a machine of the reporter's."]
    }
    for device in report.devices {
      lines += [""] + self.lines(of: device)
    }
    lines += ["", "\(Tool.title): end of report: \(report.verdict.rawValue)"]
    return lines.joined(separator: "\n") + "\n"
  }

  private func lines(of device: Diagnosis) -> [String] {
    var lines = ["### \(device.capture.address): \(device.headline)", ""]
    lines += table(
      device.essentials.map { [$0.label, Self.escape($0.text)] }, header: ["what", "value"])
    let doubts = device.findings.filter { $0.severity >= .warning }
    if !doubts.isEmpty {
      lines.append("")
      lines += doubts.map { finding in
        let remedy = finding.code.reference.remedy.map { ". What to do: \($0)" } ?? ""
        return "- **\(finding.severity.rawValue)** `\(finding.code.rawValue)`: "
          + Self.escape(finding.text + remedy)
      }
    }
    if let map = device.map {
      lines += ["", "Graphics addresses, in bytes; ends are exclusive:", ""]
      lines += table(
        map.regions.map {
          [
            "`\($0.range.start.hex())`", "`\($0.range.end.hex())`", "\($0.range.size >> 10) KiB",
            $0.isMappable ? "mappable" : "unmappable", $0.use.rawValue,
          ]
        }, header: ["start", "end", "size", "part", "use"])
    }
    lines += folded("Checks", checks(device))
    lines += folded("Map", code(device.map.map { TextMap($0).lines } ?? []))
    lines += folded("The driver's words", code(DriverWords(device)?.lines ?? []))
    lines += folded("Capture", code(device.capture.lines))
    return lines
  }

  private func checks(_ device: Diagnosis) -> [String] {
    device.findings.map {
      "- \($0.severity.rawValue) `\($0.code.rawValue)`: \(Self.escape($0.text))"
    }
  }

  private func table(_ rows: [[String]], header: [String]) -> [String] {
    let separator = header.map { _ in "---" }
    return ([header, separator] + rows)
      .map { "| " + $0.joined(separator: " | ") + " |" }
  }

  /// A block that trackers fold; the blank lines let Markdown work inside.
  private func folded(_ title: String, _ lines: [String]) -> [String] {
    guard !lines.isEmpty else { return [] }
    return ["", "<details><summary>\(title)</summary>", ""] + lines + ["", "</details>"]
  }

  private func code(_ lines: [String]) -> [String] {
    lines.isEmpty ? [] : ["```text"] + lines + ["```"]
  }

  /// Text that came from outside may hold what Markdown would take for its own.
  private static func escape(_ text: String) -> String {
    text.escaped { scalar in
      switch scalar {
      case "\\", "`", "*", "_", "[", "]", "<", ">", "|": "\\\(scalar)"
      default: nil
      }
    }
  }
}
