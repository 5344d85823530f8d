internal import VgtCore

/// Finds the records that can bear on no message, which are most of what is near
/// one, so that they need no closer look.
///
/// Such a record begins with the kernel's time, and so does the line behind it: no
/// message goes on into it or out of it, and whoever looks back from behind it
/// stops at the time. It is plain: normalized, it is the same but for letters'
/// case. And it holds no literal, of which each message's beginning has one.
struct OrdinaryRecords {
  /// What is left of a run of them: a record's beginning.
  static let substitute = Array("[0.0]".utf8)

  /// The first literal that is not behind, found when it is needed.
  private var literal: Int

  /// What a byte is in a plain record.
  private enum Role: UInt8 {
    /// It comes out as it is, but for case.
    case itself
    /// It is left out, so its neighbours meet.
    case dropped
    /// No plain record holds it.
    case special
  }

  /// For each byte its role.
  private static let roles: [Role] = (0...UInt8.max).map { byte in
    switch byte {
    // What a colour begins with that lost its escape character.
    case UInt8(ascii: "["): .special
    // What that would end with is a letter like others.
    case _ where byte.endsColour: .itself
    case _ where TextAlphabet.log.isPlain(byte): .itself
    case _ where TextAlphabet.log.isDropped(byte): .dropped
    default: .special
    }
  }
  private let roles = Self.roles
  private let prefilter = LiteralPrefilter.nearby

  init(_ start: Int) {
    literal = start - 1
  }

  /// The ordinary records at the beginning of `range`; what is behind it is
  /// looked at only to tell whether another record follows.
  mutating func run(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (end: Int, lines: Int)? {
    var (end, lines) = (range.lowerBound, 0)
    guard var text = Self.timeEnd(bytes, end) else { return nil }
    findLiteral(bytes, range)
    let limit = min(range.upperBound, literal)
    while text < limit, let next = plainEnd(bytes, text..<limit),
      let nextText = Self.timeEnd(bytes, next)
    {
      (end, lines, text) = (next, lines + 1, nextText)
    }
    return lines > 0 ? (end, lines) : nil
  }

  private mutating func findLiteral(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    guard literal < range.lowerBound else { return }
    let searched = bytes.extracting(..<range.upperBound)
    literal = prefilter.firstMatch(in: searched, from: range.lowerBound) ?? range.upperBound
  }

  /// Where the record's line ends, if the rest of it is plain.
  private func plainEnd(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = bytes[index]
      switch roles[Int(byte)] {
      case .itself: break
      case .dropped:
        guard index + 2 < range.upperBound, isHarmless(bytes, index) else { return nil }
      case .special:
        if byte == UInt8(ascii: "\n") { return index + 1 }
        guard byte == UInt8(ascii: " "), bytes[index - 1] != byte else { return nil }
      }
      index += 1
    }
    return nil
  }

  /// Whether no literal comes about where a byte is left out.
  private func isHarmless(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
    let (first, second) = (bytes[index - 2], bytes[index - 1])
    let (third, fourth) = (bytes[index + 1], bytes[index + 2])
    // Two blanks would become one.
    return !(second == UInt8(ascii: " ") && third == second)
      && [first, second, third, fourth].allSatisfy { roles[Int($0)] != .dropped }
      && !prefilter.mayHold(first, second, third) && !prefilter.mayHold(second, third, fourth)
  }

  private static func timeEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    RecordPrefix.timeEnd(bytes, start, blank: UInt8(ascii: " "))
  }
}
