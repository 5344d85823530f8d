/// A part of a mail in base64 (RFC 2045, 6.8), from its header to its last
/// line.
struct MailPart: Sendable {
  private var place = Place.outside
  /// Whether the line, and the part, hold anything yet.
  private var isLineEmpty = true
  private var isEmpty = true
  /// The characters of the group of four begun, and their bits.
  private var group: (count: Int, bits: UInt32) = (0, 0)

  private enum Place {
    case outside
    /// After the header that announces it.
    case header
    case body
  }

  enum Step {
    case nothing
    /// The last bytes of a word of 24 bits, the first of them on top.
    case decoded(UInt32, count: Int)
    /// The byte is of what follows the part.
    case ended
  }

  var isOpen: Bool { place != .outside }
  var isBody: Bool { place == .body }

  private static let announcement = Array("encoding:base64".utf8)

  /// Takes note of a line of plain text that ends.
  ///
  /// - Parameter characters: All characters up to the line's end.
  mutating func endLine(of characters: [UInt8]) {
    if place == .header {
      // An empty line ends the header.
      guard let last = characters.last, NormalizedText.Mark.isBreak(last) else { return }
      self = MailPart()
      place = .body
    } else if let last = characters.last, last == UInt8(ascii: "4"),
      Self.announces(characters)
    {
      place = .header
    }
  }

  private static func announces(_ characters: [UInt8]) -> Bool {
    var rest = announcement[...]
    for character in characters.reversed() where character != NormalizedText.Mark.blank {
      guard let expected = rest.popLast() else { return true }
      guard character | 0x20 == expected | 0x20 else { return false }
    }
    return rest.isEmpty
  }

  /// One byte of the body.
  mutating func take(_ byte: UInt8) -> Step {
    switch byte {
    case UInt8(ascii: "\n"):
      // A blank line ends it, but for one in front.
      guard isEmpty || !isLineEmpty else { return end() }
      isLineEmpty = true
      return .nothing
    case UInt8(ascii: "\r"), UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ">"), 0:
      return .nothing
    case UInt8(ascii: "="):
      defer { group = (0, 0) }
      (isLineEmpty, isEmpty) = (false, false)
      switch group.count {
      case 2: return .decoded(group.bits << 12, count: 1)
      case 3: return .decoded(group.bits << 6, count: 2)
      default: return .nothing
      }
    default:
      guard let value = Self.value(byte) else { return end() }
      (isLineEmpty, isEmpty) = (false, false)
      group = (group.count + 1, group.bits << 6 | value)
      guard group.count == 4 else { return .nothing }
      defer { group = (0, 0) }
      return .decoded(group.bits, count: 3)
    }
  }

  private mutating func end() -> Step {
    self = MailPart()
    return .ended
  }

  private static func value(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a") + 26)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0") + 52)
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
