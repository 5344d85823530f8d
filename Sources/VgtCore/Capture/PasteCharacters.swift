/// The characters of a pasted text that can belong to a capture, in order, with
/// everything taken out that mail, chats and trackers put in.
///
/// Taken out: white space, quotation marks of mail and JSON, quoted-printable's
/// soft line breaks, HTML entities, terminal colours. Decoded: quoted-printable's
/// `=3A`. What remains is the alphabet of `Capture.canonicalLines`.
struct PasteCharacters: Sendable {
  private let text: [UInt8]
  private var position = 0
  /// The line of the last character given, counted from 1.
  private(set) var line = 1
  /// The line feeds passed since that character.
  private var pendingLines = 0

  init(_ text: [UInt8]) {
    self.text = text
  }

  mutating func next() -> UInt8? {
    while position < text.count {
      var character = text[position]
      position += 1
      if !Self.isCaptureCharacter[Int(character)] {
        switch character {
        case UInt8(ascii: "\n"): pendingLines += 1
        case UInt8(ascii: "="): character = quotedPrintable() ?? character
        case UInt8(ascii: "&"): skipEntity()
        case UInt8(ascii: "\\"): skipEscape()
        case 0x1B: skipColour()
        default: break
        }
      }
      if Self.isCaptureCharacter[Int(character)] {
        line += pendingLines
        pendingLines = 0
        return character
      }
    }
    return nil
  }

  /// The byte that `=XX` stands for; `nil` for a soft line break.
  private mutating func quotedPrintable() -> UInt8? {
    guard position + 1 < text.count, let high = Self.hexDigit(text[position]),
      let low = Self.hexDigit(text[position + 1])
    else { return nil }
    position += 2
    return high << 4 | low
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }

  /// Passes `&gt;` and the like: none stands for a capture's character.
  private mutating func skipEntity() {
    let entity = text[position...].prefix(6)
    if let end = entity.firstIndex(of: UInt8(ascii: ";")),
      entity[..<end].allSatisfy({ $0 != UInt8(ascii: "\n") })
    {
      position = end + 1
    }
  }

  /// Passes the letter of a JSON string's `\n`, `\r`, `\t`.
  private mutating func skipEscape() {
    if position < text.count,
      [UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t")]
        .contains(text[position])
    {
      position += 1
    }
  }

  /// Passes a terminal's `ESC [ … m`.
  private mutating func skipColour() {
    let sequence = text[position...].prefix(16)
    if sequence.first == UInt8(ascii: "["), let end = sequence.firstIndex(of: UInt8(ascii: "m")) {
      position = end + 1
    }
  }

  private static let isCaptureCharacter: [Bool] = {
    var table = [Bool](repeating: false, count: 256)
    for byte in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:._+~%/-".utf8 {
      table[Int(byte)] = true
    }
    return table
  }()
}
