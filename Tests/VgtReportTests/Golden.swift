import Foundation
import Testing

/// Compares a whole text with the file of its name in Goldens.
///
/// With UPDATE_GOLDENS=1 in the environment the file is written anew, and the
/// test still fails, so that no change goes by unseen.
func expectGolden(
  _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Goldens/\(name)")
  if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
    try text.write(to: file, atomically: true, encoding: .utf8)
    Issue.record("wrote \(name); look at the difference", sourceLocation: sourceLocation)
    return
  }
  let golden = try String(contentsOf: file, encoding: .utf8)
  guard text != golden else { return }
  let lines = zip(
    golden.split(separator: "\n", omittingEmptySubsequences: false),
    text.split(separator: "\n", omittingEmptySubsequences: false))
  let difference = lines.first { $0 != $1 }.map { "'\($0)' became '\($1)'" } ?? "its length"
  Issue.record("\(name) differs: \(difference)", sourceLocation: sourceLocation)
}
