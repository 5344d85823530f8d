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
    text += line
    text += "\n"
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
    var beginning = String.run(of: " ", indent)
    beginning += colour.map { paint(label, $0) } ?? label
    beginning += String.run(of: " ", max(label.isEmpty ? 0 : 1, column - indent - label.utf8.count))
    for piece in Self.wrapped(sentence, to: Self.width - column) {
      line(beginning + piece)
      beginning = String.run(of: " ", column)
    }
  }

  /// The words on lines of at most `width` columns; a word that is longer than
  /// a line is cut.
  ///
  /// A column is a Unicode scalar: what is not ASCII here is names that others
  /// chose, and to find the characters of a text takes ten times as long.
  static func wrapped(_ words: String, to width: Int) -> [String] {
    if words.utf8.count <= width { return [words] }
    let space = UInt8(ascii: " ")
    var lines: [String] = []
    var (line, word) = (Columns(), Columns())
    func endLine() {
      lines.append(String(decoding: line.bytes, as: UTF8.self))
      line = Columns()
    }
    func endWord() {
      guard word.count > 0 else { return }
      if line.count > 0, line.count + 1 + word.count > width { endLine() }
      if line.count > 0 { line.append(space) }
      line.append(word)
      word = Columns()
    }
    for byte in words.utf8 {
      if byte == space {
        endWord()
        continue
      }
      if word.count == width, !UTF8.isContinuation(byte) {
        endWord()
        endLine()
      }
      word.append(byte)
    }
    endWord()
    endLine()
    return lines
  }

  /// A part of a text in UTF-8, and how many columns it takes.
  private struct Columns {
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0

    mutating func append(_ byte: UInt8) {
      bytes.append(byte)
      if !UTF8.isContinuation(byte) { count += 1 }
    }

    mutating func append(_ other: Columns) {
      bytes += other.bytes
      count += other.count
    }
  }

  /// The words in bold, or in a colour, on a terminal that has them.
  package func paint(_ words: String, _ colour: Colour?) -> String {
    guard isColoured else { return words }
    return "\u{1B}[\(colour.map { "1;\($0.rawValue)" } ?? "1")m\(words)\u{1B}[0m"
  }
}

/// For columns of ASCII.
extension String {
  /// `fill`, which is ASCII, `count` times. `String(repeating:count:)` adds one
  /// at a time.
  static func run(of fill: Unicode.Scalar, _ count: Int) -> String {
    String(
      decoding: [UInt8](repeating: UInt8(ascii: fill), count: Swift.max(0, count)), as: UTF8.self)
  }

  /// Padded with spaces on the left.
  package func leftPadded(_ width: Int) -> String { .run(of: " ", width - utf8.count) + self }

  /// Padded with spaces on the right.
  package func rightPadded(_ width: Int) -> String { self + .run(of: " ", width - utf8.count) }
}
