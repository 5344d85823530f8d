import VgtCore

/// Reads the figures of a message, one character after the other, over line
/// breaks.
///
/// A figure counts only when what the driver prints behind it is there too:
/// what a line's right edge cut off, or a console wrote over its last column,
/// cannot be told from the end of a number otherwise.
struct LogFigures {
  private(set) var position: Int

  init(at position: Int) {
    self.position = position
  }

  /// `base 0x… size …KiB`, as of the driver's announcements.
  mutating func share(_ text: Span<UInt8>, unit: LogWord) -> LogShare {
    var share = LogShare(base: nil, size: nil)
    guard accept(.base, text) else { return share }
    let start = position
    let base = address(text)
    if accept(.size, text) {
      share.base = base
    } else {
      position = start
      guard skip(to: .size, text) else { return share }
    }
    share.size = kib(text, unit: unit).flatMap(Self.bytes)
    return share
  }

  /// `0x… - 0x… ] … KiB`, as of the driver's reservations.
  mutating func range(_ text: Span<UInt8>, unit: LogWord) -> LogRange {
    var range = LogRange(start: nil, end: nil, kib: nil)
    var start = position
    let first = address(text)
    if accept(.dash, text), isNext(.hexPrefix, text) {
      range.start = first
    } else {
      position = start
      guard skip(to: .dash, text) else { return range }
    }
    start = position
    let last = address(text)
    if accept(.bracket, text) {
      range.end = last
    } else {
      position = start
      guard skip(to: .bracket, text) else { return range }
    }
    range.kib = kib(text, unit: unit)
    return range
  }

  /// Passes `word` if it is next.
  ///
  /// - Returns: Whether it was next; nothing is passed if not.
  mutating func accept(_ word: LogWord, _ text: Span<UInt8>) -> Bool {
    let start = position
    for character in word.characters where next(text) != character {
      position = start
      return false
    }
    return true
  }

  func isNext(_ word: LogWord, _ text: Span<UInt8>) -> Bool {
    var copy = self
    return copy.accept(word, text)
  }

  /// The next character that is no line break, passed; 0 at the end.
  mutating func next(_ text: Span<UInt8>) -> UInt8 {
    while position < text.count {
      let character = text[position]
      position += 1
      if !PlainText.Mark.isBreak(character) { return character }
    }
    return 0
  }

  private mutating func address(_ text: Span<UInt8>) -> UInt64? {
    guard accept(.hexPrefix, text) else { return nil }
    return number(text, radix: 16)
  }

  private mutating func kib(_ text: Span<UInt8>, unit: LogWord) -> UInt64? {
    guard let number = number(text, radix: 10), accept(unit, text) else { return nil }
    return number
  }

  private mutating func number(_ text: Span<UInt8>, radix: UInt64) -> UInt64? {
    var value: UInt64 = 0
    var count = 0
    var isTooLarge = false
    while true {
      let before = position
      guard let digit = next(text).hexValue, digit < radix else {
        position = before
        return count == 0 || isTooLarge ? nil : value
      }
      count += 1
      let (product, overflow) = value.multipliedReportingOverflow(by: radix)
      isTooLarge = isTooLarge || overflow
      let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
      isTooLarge = isTooLarge || carry
      value = sum
    }
  }

  /// Passes what is left of a damaged figure, in the same line.
  private mutating func skip(to word: LogWord, _ text: Span<UInt8>) -> Bool {
    let limit = min(text.count, position + 40)
    while position < limit {
      if accept(word, text) { return true }
      let character = text[position]
      if character == PlainText.Mark.lineEnd || character == PlainText.Mark.innerEnd {
        return false
      }
      position += 1
    }
    return false
  }

  private static func bytes(kib: UInt64) -> UInt64? {
    let (bytes, overflow) = kib.multipliedReportingOverflow(by: 1024)
    return overflow ? nil : bytes
  }
}
