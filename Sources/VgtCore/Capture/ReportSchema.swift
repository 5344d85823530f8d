/// The schema version that a JSON report names.
package enum ReportSchema {
  /// The version whose captures this tool reads.
  package static let version = 1

  /// The first schema version in `text` that is another than `version`; `nil`
  /// when there is none, as in reports that are no JSON.
  ///
  /// - Parameter text: The bytes of the report; quoted, wrapped or encoded as
  ///   `CaptureParser` allows.
  package static func otherVersion(in text: [UInt8]) -> String? {
    // Without the first letter, which recurs in the key.
    var key = KeyMatcher("chema_version:")
    var characters = CaptureCharacters(text)
    while let character = characters.next() {
      guard key.matches(character) else { continue }
      var following = characters
      // With its first letter.
      following.beginCapture(afterKeyOf: "schema_version:".utf8.count)
      let version = following.take(20) { $0.isDigit || ".-".utf8.contains($0) }
      // Prose may have such a word, and a JSON that was cut.
      if following.take(5) == "tool:", version != "\(Self.version)" { return version }
    }
    return nil
  }
}
