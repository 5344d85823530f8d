internal import VgtCore

/// Reads on from a place in normalized text, over line breaks and over what a
/// console put in front of each line.
///
/// A figure counts only when what the driver prints after it is there too: what
/// a line's right edge cut off, or a console wrote over its last column, cannot
/// be told from the end of a number otherwise.
struct TextCursor {
  private(set) var position: Int
  /// Where the message begins.
  private let origin: Int
  private var crossedLines = 0
  /// What stands in front of the message in its line, once a line was crossed.
  private var model: Range<Int>?

  /// The longest message, with a prefix on each of its lines.
  static let longestMessage = 2048

  private typealias Mark = NormalizedText.Mark

  init(at position: Int) {
    self.position = position
    origin = position
  }

  /// Passes `token` if it is next. A space in it stands for white space, which
  /// must be there only between letters.
  ///
  /// - Returns: Whether it was next; nothing is passed if not.
  mutating func accept(_ token: Token, _ text: Span<UInt8>) -> Bool {
    let start = self
    skipGap(text)
    if acceptBegun(token, text) { return true }
    self = start
    return false
  }

  func isNext(_ token: Token, _ text: Span<UInt8>) -> Bool {
    var copy = self
    return copy.accept(token, text)
  }

  /// Passes as much of `token` as there is.
  ///
  /// - Returns: Whether that was all of it.
  mutating func acceptBegun(_ token: Token, _ text: Span<UInt8>) -> Bool {
    for (index, expected) in token.characters.enumerated() {
      let before = self
      let isNext =
        if expected == UInt8(ascii: " ") {
          skipGap(text) || !token.characters.isBetweenWords(index)
        } else {
          nextInWord(text) == expected
        }
      guard isNext else {
        self = before
        return false
      }
    }
    return true
  }

  /// The next character of a word, passed, be it on the next line; a blank's
  /// mark where the word ends, 0 where the message does.
  mutating func nextInWord(_ text: Span<UInt8>) -> UInt8 {
    while position < text.count {
      let character = text[position]
      if Mark.isBreak(character) {
        guard crossBreak(text) else { return 0 }
      } else {
        position += 1
        guard character == Mark.blank, position < text.count, Mark.isBreak(text[position]) else {
          return character
        }
      }
    }
    return 0
  }

  /// Passes white space and line breaks.
  @discardableResult
  mutating func skipGap(_ text: Span<UInt8>) -> Bool {
    let start = position
    while position < text.count {
      if text[position] == Mark.blank {
        position += 1
      } else if Mark.isBreak(text[position]) {
        guard crossBreak(text) else { break }
      } else {
        break
      }
    }
    return position > start
  }

  /// Goes to where the message goes on after a line break.
  ///
  /// - Returns: `false`, and nothing is passed, when the next line is a record
  ///   of its own.
  private mutating func crossBreak(_ text: Span<UInt8>) -> Bool {
    guard position - origin < Self.longestMessage else { return false }
    var next = position + 1
    if text[position] != Mark.softBreak {
      // Most lines of a log are told at once.
      if RecordPrefix.isRecordStart(text, at: text.blankEnd(from: next)) { return false }
      let model = model ?? RecordPrefix.lineStart(text, of: origin)..<origin
      self.model = model
      let match = LinePrefix.match(text, at: next, like: model, lines: crossedLines + 1)
      if RecordPrefix.holdsRecordStart(text, next..<match.end) { return false }
      next = text.blankEnd(from: match.end)
      if RecordPrefix.isRecordStart(text, at: next) { return false }
    }
    // Quotation marks may have been put in front even of a soft break's line.
    next = text.blankEnd(from: next)
    if Mark.isFeed(text[position]) { crossedLines += 1 }
    position = next
    return true
  }

  // Figures.

  /// `base 0x… size …KiB`, as of the driver's announcements.
  mutating func share(_ text: Span<UInt8>, unit: Token) -> LogShare {
    var share = LogShare()
    guard accept(.base, text), read(&share.base, text, upTo: .size) else { return share }
    // Nothing where it is more than 64 bits.
    share.size = kib(text, unit: unit).flatMap { $0.leadingZeroBitCount < 10 ? nil : $0 << 10 }
    return share
  }

  /// `0x… - 0x… ] … KiB`, as of the driver's reservations.
  mutating func range(_ text: Span<UInt8>, unit: Token) -> LogRange {
    var range = LogRange()
    guard read(&range.start, text, upTo: .dash, before: .hexPrefix),
      read(&range.end, text, upTo: .bracket)
    else { return range }
    range.kib = kib(text, unit: unit)
    return range
  }

  /// Passes an address and `token`, or what is left of a damaged address.
  ///
  /// - Parameters:
  ///   - figure: Left as it is where the address is damaged.
  ///   - next: What must follow `token`.
  /// - Returns: Whether `token` was there.
  private mutating func read(
    _ figure: inout UInt64?, _ text: Span<UInt8>, upTo token: Token, before next: Token? = nil
  ) -> Bool {
    let start = self
    let address = address(text)
    if accept(token, text), next.map({ isNext($0, text) }) ?? true {
      figure = address
      return true
    }
    self = start
    return skip(to: token, text)
  }

  /// The number after a minus sign, as of an error.
  mutating func errno(_ text: Span<UInt8>) -> UInt64? {
    guard accept(.dash, text) else { return nil }
    return number(text, radix: 10)
  }

  /// Passes white space and a number.
  mutating func decimal(_ text: Span<UInt8>) -> UInt64? {
    skipGap(text)
    return number(text, radix: 10)
  }

  /// Passes `0x` and a number.
  mutating func address(_ text: Span<UInt8>) -> UInt64? {
    guard accept(.hexPrefix, text) else { return nil }
    return number(text, radix: 16)
  }

  private mutating func kib(_ text: Span<UInt8>, unit: Token) -> UInt64? {
    guard let number = decimal(text), accept(unit, text) else { return nil }
    return number
  }

  /// Passes digits; `nil` when there are none, or they are more than 64 bits.
  mutating func number(_ text: Span<UInt8>, radix: UInt64) -> UInt64? {
    var value: UInt64?
    var isTooLarge = false
    while true {
      let before = self
      guard let digit = nextInWord(text).hexValue, digit < radix else {
        self = before
        return isTooLarge ? nil : value
      }
      let (high, low) = (value ?? 0).multipliedFullWidth(by: radix)
      let (sum, carry) = low.addingReportingOverflow(UInt64(digit))
      isTooLarge = isTooLarge || high > 0 || carry
      value = sum
    }
  }

  /// Passes what is left of a damaged figure, in the same line.
  mutating func skip(to token: Token, _ text: Span<UInt8>, within count: Int = 48) -> Bool {
    let limit = min(text.count, position + count)
    while position < limit, !Mark.isLineEnd(text[position]) {
      if accept(token, text) { return true }
      position += 1
    }
    return false
  }
}

/// Words as `NormalizedText` has them, a space for white space.
struct Token: Sendable, ExpressibleByStringLiteral {
  let characters: [UInt8]

  /// - Parameter text: As printed.
  init(printed text: some StringProtocol) {
    characters = text.utf8.compactMap { byte in
      byte == UInt8(ascii: " ") ? byte : TextAlphabet.log.character(byte)
    }
  }

  init(stringLiteral text: StaticString) {
    self.init(printed: "\(text)")
  }

  static let base: Token = "base"
  static let size: Token = "size"
  static let dash: Token = "-"
  static let bracket: Token = "]"
  static let colon: Token = ":"
  static let hexPrefix: Token = "0x"
  static let kib: Token = "kib"
  static let kb: Token = "kb"
  static let error: Token = "error"
}
