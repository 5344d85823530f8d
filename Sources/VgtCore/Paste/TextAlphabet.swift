/// Which characters a kind of text is made of; all others are left out.
package struct TextAlphabet: Sendable {
  /// For each byte, what to do: an action, or the character to put out.
  let actions: [UInt8]
  /// For each ASCII byte, its character; 0 for none.
  private let characters: [UInt8]

  enum Action {
    static let drop: UInt8 = 0
    static let special: UInt8 = 1
  }

  /// Kernel messages, in lower case. Underscores and asterisks are left out,
  /// since markup eats them; `>`, `|`, `+` and `` ` `` since they quote.
  package static let log = TextAlphabet { byte in
    guard byte > UInt8(ascii: " "), byte < 0x7F, !"><|+_*`".utf8.contains(byte) else {
      return nil
    }
    return byte.isLetter ? byte | 0x20 : byte
  }

  /// Captures: `Capture.canonicalLines` is made of these.
  package static let capture = TextAlphabet { byte in
    byte.isLetterOrDigit || ":._+~%/-".utf8.contains(byte) ? byte : nil
  }

  private init(_ character: (UInt8) -> UInt8?) {
    characters = (0..<128).map { character($0) ?? 0 }
    actions = (0..<256).map { byte in
      let byte = UInt8(byte)
      if byte >= 0x7F || byte < 0x20 { return Action.special }
      let isSpecial = byte.endsColour || " =\\&<".utf8.contains(byte)
      return isSpecial ? Action.special : character(byte) ?? Action.drop
    }
  }

  /// Whether a byte is always a character of this text, whatever is around it.
  package func isPlain(_ byte: UInt8) -> Bool { actions[Int(byte)] > Action.special }

  /// Whether a byte is left out, whatever is around it.
  package func isDropped(_ byte: UInt8) -> Bool { actions[Int(byte)] == Action.drop }

  /// What a special byte comes out as behind `last` where it is nothing special;
  /// `nil` where it must be looked at.
  func plainCharacter(_ byte: UInt8, after last: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: " "):
      return last == NormalizedText.Mark.blank ? Action.drop : NormalizedText.Mark.blank
    case _ where byte.endsColour:
      if last.isDigit || last == UInt8(ascii: ";") || last == UInt8(ascii: "[") { return nil }
      return character(byte) ?? Action.drop
    default: return nil
    }
  }

  /// `nil` for what this text has none of.
  package func character(_ byte: UInt8) -> UInt8? {
    guard byte < 128, characters[Int(byte)] != 0 else { return nil }
    return characters[Int(byte)]
  }

  /// The character of an HTML entity.
  static func entity(_ name: String) -> Unicode.Scalar? {
    switch name {
    case "amp": "&"
    case "gt": ">"
    case "lt": "<"
    case "quot": "\""
    case "apos": "'"
    case "nbsp": " "
    case "ndash", "mdash", "minus": "-"
    case _ where name.hasPrefix("#x"): UInt32(name.dropFirst(2), radix: 16).flatMap { .init($0) }
    case _ where name.hasPrefix("#"): UInt32(name.dropFirst()).flatMap { .init($0) }
    default: nil
    }
  }

  /// The mark that an HTML tag stands for, 0 for none; `nil` when it is no tag
  /// that mails and trackers put around text.
  static func tagEffect(_ name: [UInt8]) -> UInt8? {
    let isEnd = name.first == UInt8(ascii: "/")
    let letters = name.dropFirst(isEnd ? 1 : 0).map { $0 | 0x20 }
    return switch String(decoding: letters, as: UTF8.self) {
    case "br": isEnd ? nil : NormalizedText.Mark.innerEnd
    case "p", "div", "pre", "li", "tr", "h1", "h2", "h3", "h4", "ol", "ul", "table":
      NormalizedText.Mark.innerEnd
    case "td", "th": NormalizedText.Mark.blank
    case "span", "code", "b", "i", "u", "s", "em", "tt", "a", "font", "strong", "mark", "small",
      "big", "kbd", "samp", "sub", "sup", "html", "body", "head", "tbody", "del", "ins", "var",
      "tspan", "o:p":
      0
    default: nil
    }
  }
}

extension UInt8 {
  /// Whether a terminal's colour (`[01;31m`) or the clearing of a line (`[K`) may
  /// end with it.
  package var endsColour: Bool {
    self | 0x20 == UInt8(ascii: "m") || self | 0x20 == UInt8(ascii: "k")
  }
}
