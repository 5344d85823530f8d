import Foundation
import Testing

/// Whole outputs that are looked at before they are expected.
enum Golden {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()

  static let schema = tests.deletingLastPathComponent().appending(path: "Schemas/host.schema.json")

  /// Expects `text` to be what the file holds. With `UPDATE_GOLDENS` set the
  /// file is written anew, and the test fails all the same.
  static func expect(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = tests.appending(path: "Goldens/\(name)")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("\(name) was written anew: look at it", sourceLocation: sourceLocation)
    }
    let golden = try String(contentsOf: file, encoding: .utf8)
    #expect(text == golden, sourceLocation: sourceLocation)
  }
}
