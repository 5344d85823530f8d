/// What a tool put in front of every line of a text: a line number, a time, a
/// host's or a container's name, a console's mark.
///
/// Its numbers differ from line to line, so two prefixes are the same when they
/// differ in digits alone.
package enum LinePrefix {
  /// Where two lines cease to be alike.
  package struct Match: Hashable, Sendable {
    /// Where the text after the prefix begins, in the second line.
    package let end: Int
    /// Whether the first line's beginning was matched whole.
    package let isWhole: Bool
  }

  /// Compares the line that begins at `start` with `model`, the beginning of an
  /// earlier line.
  ///
  /// A prefix ends with the model, or at white space outside brackets.
  ///
  /// - Parameter lines: How many lines lie between, for a prefix that is nothing
  ///   but the line's number.
  package static func match(
    _ text: Span<UInt8>, at start: Int, like model: Range<Int>, lines: Int
  ) -> Match {
    var (here, there) = (model.lowerBound, start)
    if here < model.upperBound, text[here] == NormalizedText.Mark.blank { here += 1 }
    if there < text.count, text[there] == NormalizedText.Mark.blank { there += 1 }
    var end = start
    var depth = 0
    var isNumber = true
    while here < model.upperBound, there < text.count {
      let (expected, found) = (text[here], text[there])
      if expected.isDigit, found.isDigit {
        let first = number(text, &here, below: model.upperBound)
        let second = number(text, &there, below: text.count)
        let isAlone =
          isNumber && (here >= model.upperBound || text[here] == NormalizedText.Mark.blank)
        // A number alone must count the lines; else it is of the text.
        if isAlone, second != first &+ UInt64(lines) { return Match(end: start, isWhole: false) }
        continue
      }
      guard expected == found, !NormalizedText.Mark.isLineEnd(found) else { break }
      here += 1
      there += 1
      switch found {
      case UInt8(ascii: "["), UInt8(ascii: "("): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: ")"): depth -= 1
      case NormalizedText.Mark.blank: if depth == 0 { end = there }
      default: break
      }
      if found != NormalizedText.Mark.blank { isNumber = false }
    }
    if here >= model.upperBound { return Match(end: there, isWhole: !model.isEmpty) }
    return Match(end: end, isWhole: false)
  }

  private static func number(
    _ text: Span<UInt8>, _ position: inout Int, below limit: Int
  ) -> UInt64 {
    var value: UInt64 = 0
    while position < limit, text[position].isDigit {
      value = value &* 10 &+ UInt64(text[position] - UInt8(ascii: "0"))
      position += 1
    }
    return value
  }
}
