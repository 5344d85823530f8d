internal import VgtCore

/// Reads back from a place in normalized text, over white space and line breaks.
struct BackwardCursor {
  private var position: Int
  /// How many characters more to look at.
  private var left: Int

  /// - Parameter reach: What is further away, in characters, is no prefix.
  init(before position: Int, reach: Int = 96) {
    self.position = position
    left = reach
  }

  /// The character in front, passed.
  mutating func next(_ text: Span<UInt8>) -> UInt8? {
    guard left > 0 else { return nil }
    while position > 0 {
      position -= 1
      if Self.isSignificant(text[position]) {
        left -= 1
        return text[position]
      }
    }
    return nil
  }

  /// Passes `word` if it is in front; nothing is passed if not.
  mutating func accept(_ word: String, _ text: Span<UInt8>) -> Bool {
    let start = self
    for expected in word.utf8.reversed() where next(text) != expected {
      self = start
      return false
    }
    return true
  }

  /// Passes what is in brackets, if it begins with `word`. Brackets nest once:
  /// `[drm:intel_vgt_balloon [i915]]`.
  mutating func acceptBracket(_ word: String, _ text: Span<UInt8>) -> Bool {
    let start = self
    var depth = 0
    repeat {
      switch next(text) {
      case UInt8(ascii: "]"): depth += 1
      case UInt8(ascii: "["): depth -= 1
      case nil: depth = -1
      default: break
      }
    } while depth > 0
    if depth == 0, holds(word, text, upTo: start.position) { return true }
    self = start
    return false
  }

  /// Whether a bracket opens here and `word` is the first in it.
  private func holds(_ word: String, _ text: Span<UInt8>, upTo end: Int) -> Bool {
    guard text[position] == UInt8(ascii: "[") else { return false }
    var index = position + 1
    for expected in word.utf8 {
      while index < end, !Self.isSignificant(text[index]) { index += 1 }
      guard index < end, text[index] == expected else { return false }
      index += 1
    }
    return true
  }

  private static func isSignificant(_ character: UInt8) -> Bool {
    character > NormalizedText.Mark.innerEnd
  }

  /// Passes a number of so many hex digits.
  mutating func hexadecimal(digits: Int, _ text: Span<UInt8>) -> UInt32? {
    var value: UInt32 = 0
    for place in 0..<digits {
      guard let digit = next(text)?.hexValue else { return nil }
      value |= UInt32(digit) << UInt32(4 * place)
    }
    return value
  }
}
