/// What is wrong with a capture, and in which line of the input, counted from 1.
package struct CaptureError: Error, Hashable, Sendable {
  package let line: Int
  package let reason: Reason

  package enum Reason: Hashable, Sendable {
    /// The text ends, or something else stands, where this key should.
    case missing(key: String)
    /// The value of this key cannot be read.
    case unreadableValue(key: String)
    /// The lines from `start` on do not give the checksum that is recorded.
    case checksum(recorded: UInt32, computed: UInt32, start: Int)
    /// The accesses recorded are not the loads that the page is read with.
    case otherAccesses
    /// A later form of the capture than this tool reads.
    case unknownVersion(String)
    /// A capture's last lines stand here without its first.
    case beginningMissing
    /// Each line begins with something like this, which could not be told from
    /// the capture.
    indirect case prefixed(String, Reason)
    /// More captures than were asked for.
    case tooMany
  }
}

/// Finds captures in any text that a report may have become: quoted, wrapped,
/// indented, encoded as quoted-printable, HTML or JSON, with prose around.
package enum CaptureParser {
  /// Every capture in `text`, in order; empty when there is none.
  ///
  /// - Parameters:
  ///   - text: The bytes of the report; need not be valid UTF-8.
  ///   - limit: The most captures to read.
  /// - Throws: `CaptureError` for the first capture that is cut or damaged.
  package static func captures(
    in text: [UInt8], limit: Int = .max
  ) throws(CaptureError) -> [Capture] {
    var captures: [Capture] = []
    var characters = CaptureCharacters(text)
    while try findBeginning(in: &characters) {
      guard captures.count < limit else {
        throw CaptureError(line: characters.line, reason: .tooMany)
      }
      var statements = CaptureStatements(characters)
      do {
        captures.append(try statements.capture())
      } catch {
        guard let prefix = characters.prefix else { throw error }
        throw CaptureError(line: error.line, reason: .prefixed(prefix, error.reason))
      }
      characters = statements.rest
      characters.endCapture()
    }
    return captures
  }

  /// Moves behind the next capture's first key; `false` when there is none.
  private static func findBeginning(
    in characters: inout CaptureCharacters
  ) throws(CaptureError) -> Bool {
    let key = "\(CaptureKey.capture.rawValue):"
    var first = KeyMatcher(key)
    var late = KeyMatcher("\(CaptureKey.driverFences.rawValue):")
    while let character = characters.next() {
      if first.matches(character), isBeforeNumber(characters) {
        characters.beginCapture(afterKeyOf: key.utf8.count)
        return true
      }
      if late.matches(character), isInsideCapture(characters) {
        throw CaptureError(line: characters.line, reason: .beginningMissing)
      }
    }
    return false
  }

  /// Whether a version follows, or nothing; people write of a capture, too.
  private static func isBeforeNumber(_ characters: CaptureCharacters) -> Bool {
    var ahead = characters
    return ahead.next()?.isDigit ?? true
  }

  /// Whether the key after next follows.
  private static func isInsideCapture(_ characters: CaptureCharacters) -> Bool {
    var ahead = characters
    var key = KeyMatcher("\(CaptureKey.unreadable.rawValue):")
    for _ in 0..<128 {
      guard let character = ahead.next() else { return false }
      if key.matches(character) { return true }
    }
    return false
  }
}

/// Recognises one key in a stream of characters.
struct KeyMatcher {
  private let key: [UInt8]
  private var matched = 0

  /// - Parameter key: Spaces in it are left out. Its first character must not
  ///   recur in it: a match that fails can then begin again only at the
  ///   character that failed.
  init(_ key: String) {
    self.key = key.utf8.filter { $0 != UInt8(ascii: " ") }
  }

  mutating func matches(_ character: UInt8) -> Bool {
    if character != key[matched] { matched = 0 }
    if character == key[matched] { matched += 1 }
    guard matched == key.count else { return false }
    matched = 0
    return true
  }
}
