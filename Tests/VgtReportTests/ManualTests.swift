import Foundation
import Testing
import VgtCore

/// The manual's section of finding codes is made from the table that the report
/// takes its words from. `UPDATE_GOLDENS=1` writes it anew, and still fails, so
/// that the change is looked at.
@Suite struct ManualTests {
  private let path = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../scripts/packaging/vgt-balloon.8").standardizedFileURL

  @Test func `the manual explains every finding code in the words of the report`() throws {
    let manual = try String(contentsOf: path, encoding: .utf8)
    let (begin, end) = (".\\\" findings: begin\n", ".\\\" findings: end\n")
    let start = try #require(manual.range(of: begin)).upperBound
    let stop = try #require(manual.range(of: end)).lowerBound
    let section = String(manual[start..<stop])
    if section != Self.section, ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
      try manual.replacingCharacters(in: start..<stop, with: Self.section)
        .write(to: path, atomically: true, encoding: .utf8)
      Issue.record("wrote the findings of \(path.lastPathComponent) anew; look at the difference")
    }
    #expect(section == Self.section)
  }

  private static var section: String {
    ".Bl -tag -width Ds\n" + Check.all.map(item).joined() + ".El\n"
  }

  private static func item(_ check: Check) -> String {
    var lines = [".It Cm \(check.code)"]
    lines += wrapped(check.meaning)
    if let message = check.message?.outline {
      let isSentence = message.hasSuffix(".") && !message.hasSuffix("...")
      let words = isSentence ? message.dropLast() : message[...]
      lines += wrapped("The guest's kernel says \\(lq\(words)\\(rq.")
    }
    if let remedy = check.remedy { lines += wrapped("What to do: \(remedy).") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Lines of at most 80 columns. None of the words may begin with a full stop
  /// or an apostrophe, which roff would take for a request.
  private static func wrapped(_ sentence: String) -> [String] {
    var lines: [String] = []
    for word in sentence.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= 80 || word.hasPrefix(".") {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
