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
    line(paint(words, nil))
  }

  /// A sentence behind a label, wrapped at spaces, the further lines indented
  /// as far as its first.
  package mutating func entry(
    _ label: String, _ sentence: String, indent: Int = 2, column: Int = 13,
    colour: Colour? = nil
  ) {
    let space = max(1, column - indent - label.count)
    var current = String(repeating: " ", count: indent)
    current += colour.map { paint(label, $0) } ?? label
    current += String(repeating: " ", count: space)
    var width = indent + label.count + space
    var isEmpty = true
    for word in sentence.split(separator: " ") {
      if !isEmpty, width + 1 + word.count > Self.width {
        line(current)
        current = String(repeating: " ", count: column)
        width = column
        isEmpty = true
      }
      current += (isEmpty ? "" : " ") + word
      width += (isEmpty ? 0 : 1) + word.count
      isEmpty = false
    }
    line(current)
  }

  /// The words in bold, or in a colour, on a terminal that has them.
  package func paint(_ words: String, _ colour: Colour?) -> String {
    guard isColoured else { return words }
    return "\u{1B}[\(colour.map { "1;\($0.rawValue)" } ?? "1")m\(words)\u{1B}[0m"
  }
}

extension String {
  /// Padded with spaces in front.
  package func leftPadded(_ width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }

  /// Padded with spaces behind.
  package func rightPadded(_ width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
