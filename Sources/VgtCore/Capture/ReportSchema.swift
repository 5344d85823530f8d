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
      var version = ""
      var following = characters
      // With its first letter.
      following.beginCapture(afterKeyOf: "schema_version:".utf8.count)
      var next = following.next()
      while version.utf8.count < 20, let digit = next, isNumeric(digit) {
        version.unicodeScalars.append(Unicode.Scalar(digit))
        next = following.next()
      }
      // Prose may have such a word, and a JSON that was cut.
      let isFollowed = "tool:".utf8.allSatisfy { character in
        defer { next = following.next() }
        return next == character
      }
      if isFollowed, version != "\(Self.version)" { return version }
    }
    return nil
  }

  private static func isNumeric(_ character: UInt8) -> Bool {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"): true
    default: false
    }
  }
}
