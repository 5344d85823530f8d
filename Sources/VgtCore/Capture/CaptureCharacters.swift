/// The characters of a pasted text that can belong to a capture, in order:
/// the alphabet of `Capture.canonicalLines`, without spaces and line breaks.
struct CaptureCharacters: Sendable {
  private let text: [UInt8]
  private var position = 0
  /// The line of the last character given, counted from 1.
  private(set) var line = 1
  /// The line feeds passed since that character.
  private var pendingLines = 0
  /// What stands in front of the key with which a capture begins, and its line.
  private var model: (range: Range<Int>, line: Int)?

  init(_ bytes: [UInt8]) {
    var text = NormalizedText(.capture)
    text.append(bytes.span, 0..<bytes.count)
    self.text = text.characters
  }

  mutating func next() -> UInt8? {
    while position < text.count {
      let character = text[position]
      position += 1
      if character > NormalizedText.Mark.damage {
        line += pendingLines
        pendingLines = 0
        return character
      }
      if NormalizedText.Mark.isFeed(character) { pendingLines += 1 }
      if NormalizedText.Mark.isLineEnd(character) { skipPrefix() }
    }
    return nil
  }

  /// Passes at most `limit` characters, as long as they are wanted.
  mutating func take(_ limit: Int, while isWanted: (UInt8) -> Bool = { _ in true }) -> String {
    var text = ""
    while text.utf8.count < limit {
      var ahead = self
      guard let character = ahead.next(), isWanted(character) else { break }
      self = ahead
      text.unicodeScalars.append(Unicode.Scalar(character))
    }
    return text
  }

  /// Takes what stands in front of a key of `length` characters, just passed,
  /// for what stands in front of each line.
  mutating func beginCapture(afterKeyOf length: Int) {
    var start = position
    var rest = length
    while start > 0, rest > 0 {
      start -= 1
      if text[start] > NormalizedText.Mark.damage { rest -= 1 }
    }
    let end = start
    while start > 0, end - start < 256, !NormalizedText.Mark.isLineEnd(text[start - 1]) {
      start -= 1
    }
    model = start < end ? (start..<end, line) : nil
  }

  mutating func endCapture() { model = nil }

  /// What stands in front of each line; `nil` for white space alone.
  var prefix: String? {
    guard let range = model?.range else { return nil }
    let characters = text[range].map { $0 <= NormalizedText.Mark.damage ? UInt8(ascii: " ") : $0 }
    let words = String(decoding: characters, as: UTF8.self).split(separator: " ")
    return words.isEmpty ? nil : words.map(String.init).joined(separator: " ")
  }

  private mutating func skipPrefix() {
    guard let model else { return }
    let match = LinePrefix.match(
      text.span, at: position, like: model.range, lines: line + pendingLines - model.line)
    if match.isWhole { position = match.end }
  }
}
