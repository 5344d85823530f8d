import Foundation

/// A file with the whole expected output of a test.
package struct Golden: Sendable {
  private let url: URL

  /// - Parameters:
  ///   - name: A file in `Goldens` beside the test's source.
  ///   - file: The test's source.
  package init(_ name: String, beside file: String = #filePath) {
    url = URL(filePath: file).deletingLastPathComponent().appending(path: "Goldens/\(name)")
  }

  /// How `text` differs: the first line that does; `nil` when it does not.
  ///
  /// With the environment variable UPDATE_GOLDENS the file is rewritten, and
  /// that is a difference too, so that no change slips by unseen.
  package func difference(from text: String) throws -> String? {
    if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] != nil {
      try Data(text.utf8).write(to: url)
      return "\(url.lastPathComponent): written anew; look at what changed"
    }
    let expected = try String(contentsOf: url, encoding: .utf8)
    guard expected != text else { return nil }
    let lines = (
      expected.split(separator: "\n", omittingEmptySubsequences: false),
      text.split(separator: "\n", omittingEmptySubsequences: false)
    )
    let index =
      zip(lines.0, lines.1).enumerated().first { $1.0 != $1.1 }?.offset
      ?? min(lines.0.count, lines.1.count)
    func line(of lines: [Substring]) -> Substring { index < lines.count ? lines[index] : "(end)" }
    return """
      \(url.lastPathComponent):\(index + 1): expected, then found:
      \(line(of: lines.0))
      \(line(of: lines.1))
      """
  }
}
