/// Lines of at most 76 columns, ASCII, in colour where asked.
///
/// Mail, trackers and serial consoles wrap or cut at 80 columns, and quoting
/// takes two of them twice.
package struct TextPage: Sendable {
  package static let width = 76

  package enum Colour: Int, Sendable {
    case red = 31
    case green = 32
    case yellow = 33
    case blue = 34
  }

  package private(set) var text = ""
  private let isColoured: Bool

  package init(coloured isColoured: Bool) {
    self.isColoured = isColoured
  }

  /// One line as it is.
  package mutating func line(_ line: String = "") {
    text += line + "\n"
  }

  /// A heading: a blank line, then the words.
  package mutating func heading(_ words: String) {
    line()
    for piece in Self.wrapped(words, to: Self.width) { line(paint(piece, nil)) }
  }

  /// A sentence after a label, wrapped at spaces, the further lines indented
  /// as far as its first.
  package mutating func entry(
    _ label: String, _ sentence: String, indent: Int = 2, column: Int = 13,
    colour: Colour? = nil
  ) {
    var beginning = String(repeating: " ", count: indent)
    beginning += colour.map { paint(label, $0) } ?? label
    beginning += String(
      repeating: " ", count: max(label.isEmpty ? 0 : 1, column - indent - label.count))
    for piece in Self.wrapped(sentence, to: Self.width - column) {
      line(beginning + piece)
      beginning = String(repeating: " ", count: column)
    }
  }

  /// The words on lines of at most `width` columns; a word that is longer than
  /// a line is cut.
  ///
  /// A column is a Unicode scalar: what is not ASCII here is names that others
  /// chose, and to find the characters of a text takes ten times as long.
  static func wrapped(_ words: String, to width: Int) -> [String] {
    if words.utf8.count <= width { return [words] }
    var lines: [String] = []
    var current = ""
    var column = 0
    for word in words.utf8.split(separator: UInt8(ascii: " ")) {
      var rest = Substring(word).unicodeScalars
      var length = rest.count
      while length > 0 {
        let room = width - (column == 0 ? 0 : column + 1)
        if length <= room || column == 0 {
          let cut = length <= room ? rest.endIndex : rest.index(rest.startIndex, offsetBy: room)
          if column > 0 { current += " " }
          current.append(contentsOf: Substring(rest[..<cut]))
          column = width - room + min(length, room)
          rest = rest[cut...]
          length -= min(length, room)
        } else {
          lines.append(current)
          current = ""
          column = 0
        }
      }
    }
    return lines + [current]
  }

  /// The words in bold, or in a colour, on a terminal that has them.
  package func paint(_ words: String, _ colour: Colour?) -> String {
    guard isColoured else { return words }
    return "\u{1B}[\(colour.map { "1;\($0.rawValue)" } ?? "1")m\(words)\u{1B}[0m"
  }
}

extension String {
  /// Padded with spaces on the left.
  package func leftPadded(_ width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }

  /// Padded with spaces on the right.
  package func rightPadded(_ width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
