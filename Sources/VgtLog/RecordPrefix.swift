internal import VgtCore

/// What stands in front of a message: what the kernel and the driver put there,
/// and what the programs did through which the log went.
struct RecordPrefix {
  /// The function that the driver names.
  let device: PCIAddress?
  let stamp: Stamp?
  /// Whether something else than the driver's own prefix stands between the
  /// beginning of the kernel's record and the message.
  let isForeign: Bool
  /// Whether the record is the running kernel's, with a prefix of the driver.
  let isLive: Bool

  /// What tells one record from another.
  struct Stamp: Hashable, Sendable {
    /// A digest of the kernel's time.
    let kernelTime: UInt64?
    /// A digest of the whole prefix.
    let digest: UInt64
  }

  private typealias Mark = NormalizedText.Mark
  private static let longest = 512

  init(_ text: Span<UInt8>, before position: Int) {
    let start = Self.lineStart(text, of: position)
    let line = text.extracting(start..<position)
    if line.indices.contains(where: { Mark.isBreak(line[$0]) }) {
      let (whole, joined) = Self.withoutBreaks(line)
      self.init(text, start..<position, whole.span, joined: joined.span)
    } else {
      self.init(text, start..<position, line, joined: line)
    }
  }

  /// - Parameters:
  ///   - line: What is in `range`, without soft breaks.
  ///   - joined: The same without the quotation marks behind them.
  private init(
    _ text: Span<UInt8>, _ range: Range<Int>, _ line: Span<UInt8>, joined: Span<UInt8>
  ) {
    device = Self.device(text, before: range.upperBound)
    var boundary = Self.boundary(line, 0..<line.count)
    var rest = DriverPrefix(line, (boundary?.range.upperBound ?? line.count)..<line.count)
    if !rest.isWhole, boundary != nil, !Self.quotesDevice(text, before: range.upperBound) {
      while !rest.isWhole, let end = boundary?.range.upperBound,
        let next = Self.joined(line, behind: end)
      {
        boundary = next
        rest = DriverPrefix(line, next.range.upperBound..<line.count)
      }
    }
    stamp = Self.stamp(line, 0..<line.count, boundary?.time)
    if let boundary {
      isForeign = !rest.isWhole && (joined.count == line.count || !Self.isDriverPrefix(joined))
      isLive =
        boundary.isAtStart && rest.isWhole && rest.namesDriver
        && (range.lowerBound == 0 || text[range.lowerBound - 1] == Mark.lineEnd)
    } else {
      isForeign = Self.quotesDevice(text, before: range.upperBound)
      isLive = false
    }
  }

  /// A line without its soft breaks, and without the blanks behind them: a mail
  /// that is quoted after it was encoded has a mark behind each, in the middle of
  /// a word too.
  private static func withoutBreaks(_ line: Span<UInt8>) -> (whole: [UInt8], joined: [UInt8]) {
    var (whole, joined): ([UInt8], [UInt8]) = ([], [])
    for index in line.indices where !Mark.isBreak(line[index]) {
      whole.append(line[index])
      let isMark =
        line[index] == Mark.blank && index > 0 && line[index - 1] == Mark.softBreak
      if !isMark { joined.append(line[index]) }
    }
    return (whole, joined)
  }

  /// Whether the kernel's own part of a line is nothing but a driver's prefix.
  private static func isDriverPrefix(_ line: Span<UInt8>) -> Bool {
    guard let boundary = boundary(line, 0..<line.count) else { return false }
    return DriverPrefix(line, boundary.range.upperBound..<line.count).isWhole
  }

  /// Whether a message can begin here: a prefix or the beginning of a line is
  /// in front, not a word of a sentence or of source code.
  static func startsMessage(_ text: Span<UInt8>, at position: Int) -> Bool {
    var end = position
    while end > 0, text[end - 1] == Mark.blank || text[end - 1] == Mark.softBreak { end -= 1 }
    guard end > 0 else { return true }
    let previous = text[end - 1]
    switch previous {
    case UInt8(ascii: "\""):
      // JSON's "MESSAGE":"…", not a string in a source file, or a process.
      return isMessageField(text, before: end - 1)
    case Mark.damage: return end == 1 || !text[end - 2].isLetter
    case UInt8(ascii: "("), UInt8(ascii: "'"), UInt8(ascii: "%"), UInt8(ascii: "/"),
      UInt8(ascii: "?"):
      return false
    default:
      return !previous.isLetter || endsPrefix(text, before: end)
    }
  }

  /// Whether the line goes on with what the line before it ends with: "un" and
  /// "mappable graphic memory".
  static func continues(_ text: Span<UInt8>, at position: Int, after ends: [String]) -> Bool {
    guard !ends.isEmpty else { return false }
    let start = lineStart(text, of: position)
    guard start > 0, !holdsRecordStart(text, start..<position) else { return false }
    let last = significant(text, before: start, count: 4)
    return ends.contains { last.hasSuffix($0) }
  }

  /// Where the line begins that `position` is in; a soft break ends no line.
  static func lineStart(_ text: Span<UInt8>, of position: Int) -> Int {
    var start = position
    while start > 0, position - start < longest, !Mark.isLineEnd(text[start - 1]) { start -= 1 }
    return start
  }

  /// Whether a record of the kernel or the driver begins here.
  static func isRecordStart(_ text: Span<UInt8>, at position: Int) -> Bool {
    guard position < text.count else { return false }
    switch text[position] {
    case UInt8(ascii: "["): return isWord("[drm", text, position) || timeEnd(text, position) != nil
    case UInt8(ascii: "i"): return isWord("i915", text, position)
    default: return false
    }
  }

  /// Whether the line goes on with a syslog's prefix: `Jul 20 10:00:01 guest kernel:`.
  static func isRecordAhead(_ text: Span<UInt8>, behind position: Int) -> Bool {
    for index in position..<min(text.count, position + 64) {
      if Mark.isLineEnd(text[index]) { return false }
      if text[index] == UInt8(ascii: "k"), isWord("kernel:", text, index) { return true }
    }
    return false
  }

  static func holdsRecordStart(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    range.contains { isRecordStart(text, at: $0) }
  }

  /// Whether "i915" stands in front: XenGT's `i915_balloon_space`.
  static func isDriverName(_ text: Span<UInt8>, before position: Int) -> Bool {
    significant(text, before: position, count: 4).elementsEqual("i915".utf8)
  }

  /// - Parameter word: At most 15 letters, which a string holds in itself.
  static func isWord(_ word: String, _ text: Span<UInt8>, _ position: Int) -> Bool {
    guard position + word.utf8.count <= text.count else { return false }
    var index = position
    for byte in word.utf8 {
      guard text[index] == byte else { return false }
      index += 1
    }
    return true
  }

  /// The end of the kernel's time that begins here: `[    5.693099]`.
  ///
  /// - Parameter blank: What stands for white space.
  static func timeEnd(
    _ text: Span<UInt8>, _ position: Int, blank: UInt8 = NormalizedText.Mark.blank
  ) -> Int? {
    var index = position
    func take(_ isWanted: (UInt8) -> Bool) -> Int {
      let start = index
      while index < text.count, index - start < 16, isWanted(text[index]) { index += 1 }
      return index - start
    }
    guard take({ $0 == UInt8(ascii: "[") }) == 1 else { return nil }
    _ = take { $0 == blank }
    guard take(\.isDigit) > 0, take({ $0 == UInt8(ascii: ".") }) == 1, take(\.isDigit) > 0 else {
      return nil
    }
    return take { $0 == UInt8(ascii: "]") } == 1 ? index : nil
  }

  /// What the kernel's own text in a line begins behind.
  private struct Boundary {
    let range: Range<Int>
    /// The kernel's time in it.
    var time: Range<Int>?
    /// Whether the line begins with it.
    var isAtStart = false
  }

  /// `nil` where nothing tells.
  private static func boundary(_ text: Span<UInt8>, _ line: Range<Int>) -> Boundary? {
    var index = line.lowerBound
    var field: Boundary?
    while index < line.upperBound {
      switch text[index] {
      case UInt8(ascii: "["):
        if let end = timeEnd(text, index), end <= line.upperBound {
          let host = hostEnd(text, end..<line.upperBound)
          return Boundary(
            range: index..<(host ?? end), time: index..<end, isAtStart: index == line.lowerBound)
        }
      case UInt8(ascii: "k") where isWord("kernel:", text, index) && index + 7 <= line.upperBound:
        return Boundary(
          range: index..<(timeAfter(text, index + 7..<line.upperBound) ?? index + 7))
      case UInt8(ascii: ";") where isRecordHeader(text, line.lowerBound..<index):
        return Boundary(
          range: line.lowerBound..<index + 1, time: line.lowerBound..<index, isAtStart: true)
      case UInt8(ascii: "\"") where isMessageField(text, before: index):
        field = Boundary(range: index..<index + 1)
      default: break
      }
      index += 1
    }
    return field
  }

  /// What a further record of the kernel begins behind in a line, as in a log whose
  /// line breaks became blanks.
  private static func joined(_ line: Span<UInt8>, behind start: Int) -> Boundary? {
    guard var next = boundary(line, start..<line.count) else { return nil }
    let first = next.range.lowerBound
    let quotes = (start..<first).count { line[$0] == UInt8(ascii: "\"") }
    let before = line[first - 1] == Mark.blank ? first - 2 : first - 1
    guard before >= 0, !"'=(".utf8.contains(line[before]), quotes % 2 == 0 else { return nil }
    next.isAtStart = false
    return next
  }

  /// Passes `guest kernel:` between the time and the message.
  private static func hostEnd(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var words = 0
    for index in range {
      if text[index] == Mark.blank { words += 1 }
      if words > 2 || text[index] == UInt8(ascii: "]") { return nil }
      if text[index] == UInt8(ascii: "k"), isWord("kernel:", text, index),
        index + 7 <= range.upperBound
      {
        return index + 7
      }
    }
    return nil
  }

  private static func timeAfter(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var start = range.lowerBound
    while start < range.upperBound, text[start] == Mark.blank { start += 1 }
    return start < range.upperBound ? timeEnd(text, start) : nil
  }

  /// Whether this is `6,723,5693099,-`: Linux 6.1
  /// `Documentation/ABI/testing/dev-kmsg`.
  private static func isRecordHeader(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var commas = 0
    for index in range {
      if text[index] == UInt8(ascii: ",") { commas += 1 }
      if commas < 3, text[index] != UInt8(ascii: ","), !text[index].isDigit { return false }
    }
    return commas >= 3
  }

  /// Whether a string begins here that JSON says to hold a message.
  private static func isMessageField(_ text: Span<UInt8>, before position: Int) -> Bool {
    let front = significant(text, before: position, count: 20)
    guard front.last == UInt8(ascii: ":") else { return false }
    // The last is of this tool's own JSON.
    return !["comm\":", "exe\":", "cmdline\":", "identifier\":", "kernelmessage\":"].contains {
      front.hasSuffix($0)
    }
  }

  /// Whether a driver that quotes what a device says stands in front: anyone
  /// can make a device that says anything.
  private static func quotesDevice(_ text: Span<UInt8>, before position: Int) -> Bool {
    let front = significant(text, before: position, count: 64)
    return ["product:", "manufacturer:", "serialnumber:", "hostnamesetto"].contains { word in
      front.indices.contains { front[$0...].starts(with: word.utf8) }
    }
  }

  /// Whether the letters in front are "drm", "ERROR", or the end of a time.
  private static func endsPrefix(_ text: Span<UInt8>, before position: Int) -> Bool {
    var word: [UInt8] = []
    var index = position - 1
    while index >= 0, word.count < 8, text[index].isLetter {
      word.insert(text[index], at: 0)
      index -= 1
    }
    switch String(decoding: word, as: UTF8.self) {
    case "drm", "error": return true
    case "z": return index >= 0 && text[index].isDigit
    default: return false
    }
  }

  private static func stamp(
    _ text: Span<UInt8>, _ line: Range<Int>, _ time: Range<Int>?
  ) -> Stamp? {
    var hasDigit = false
    // FNV-1a.
    func digest(_ range: Range<Int>) -> UInt64 {
      var digest: UInt64 = 0xcbf2_9ce4_8422_2325
      for index in range {
        if text[index] == UInt8(ascii: "i"), isWord("i915", text, index) { break }
        if text[index] == UInt8(ascii: "["), isWord("[drm", text, index) { break }
        hasDigit = hasDigit || text[index].isDigit
        digest = (digest ^ UInt64(text[index])) &* 0x100_0000_01b3
      }
      return digest
    }
    let whole = digest(line)
    return hasDigit ? Stamp(kernelTime: time.map(digest), digest: whole) : nil
  }

  /// The address in `i915 0000:00:04.0: [drm] *ERROR* `, directly in front.
  private static func device(_ text: Span<UInt8>, before position: Int) -> PCIAddress? {
    var cursor = BackwardCursor(before: position)
    // What may stand between the address and the words.
    while cursor.accept("error", text) || cursor.acceptBracket("drm", text) {}
    guard cursor.accept(":", text) else { return nil }
    return address(text, cursor)
  }

  /// The address in front. After the driver's name the domain's digits start;
  /// elsewhere it has four.
  private static func address(_ text: Span<UInt8>, _ cursor: BackwardCursor) -> PCIAddress? {
    var cursor = cursor
    guard let function = cursor.hexadecimal(digits: 1, text), function < 8,
      cursor.accept(".", text), let device = cursor.hexadecimal(digits: 2, text), device < 32,
      cursor.accept(":", text), let bus = cursor.hexadecimal(digits: 2, text)
    else { return nil }
    var domain: UInt32? = 0
    if cursor.accept(":", text) { domain = self.domain(text, cursor) }
    return domain.map {
      PCIAddress(
        domain: $0, bus: UInt8(bus), device: UInt8(device), function: UInt8(function))
    }
  }

  private static func domain(_ text: Span<UInt8>, _ end: BackwardCursor) -> UInt32? {
    for digits in 4...8 {
      var cursor = end
      guard let domain = cursor.hexadecimal(digits: digits, text) else { break }
      if cursor.accept("i915", text) { return domain }
    }
    var cursor = end
    guard let domain = cursor.hexadecimal(digits: 4, text),
      cursor.next(text)?.hexValue == nil
    else { return nil }
    return domain
  }

  /// The characters in front, without white space and line breaks.
  private static func significant(
    _ text: Span<UInt8>, before position: Int, count: Int
  ) -> [UInt8] {
    var characters: [UInt8] = []
    var index = position - 1
    while index >= 0, characters.count < count {
      if text[index] > Mark.innerEnd { characters.append(text[index]) }
      index -= 1
    }
    return characters.reversed()
  }
}

/// The driver's own prefix, from the beginning of the kernel's record to the
/// message: `i915 0000:00:04.0: [drm:intel_vgt_balloon [i915]] *ERROR* `.
private struct DriverPrefix {
  /// Whether there is nothing else.
  private(set) var isWhole = true
  /// Whether the driver, or DRM, is named.
  private(set) var namesDriver = false

  init(_ text: Span<UInt8>, _ range: Range<Int>) {
    var index = range.lowerBound
    while index < range.upperBound {
      switch text[index] {
      case ...NormalizedText.Mark.innerEnd, UInt8(ascii: ":"): index += 1
      case UInt8(ascii: "["):
        guard let end = Self.bracketEnd(text, index..<range.upperBound) else {
          isWhole = false
          return
        }
        if RecordPrefix.isWord("[drm", text, index) { namesDriver = true }
        index = end
      case UInt8(ascii: "i") where RecordPrefix.isWord("i915", text, index):
        namesDriver = true
        index += 4
      case UInt8(ascii: "d") where RecordPrefix.isWord("drm", text, index): index += 3
      case UInt8(ascii: "e") where RecordPrefix.isWord("error", text, index): index += 5
      case let character where character.hexValue != nil || character == UInt8(ascii: "."):
        index += 1
      default:
        isWhole = false
        return
      }
    }
  }

  /// The end of what is in brackets: DRM's function, a second time, the caller
  /// (`[T123]`).
  private static func bracketEnd(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var depth = 0
    var index = range.lowerBound
    let isDRM = RecordPrefix.isWord("[drm", text, index)
    while index < range.upperBound {
      let character = text[index]
      index += 1
      switch character {
      case UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { return index }
      case UInt8(ascii: "t"), UInt8(ascii: "c"), UInt8(ascii: "."), NormalizedText.Mark.blank: break
      default: if !isDRM, !character.isDigit { return nil }
      }
    }
    return nil
  }
}

extension Collection<UInt8> where Self: BidirectionalCollection {
  fileprivate func hasSuffix(_ text: String) -> Bool {
    suffix(text.utf8.count).elementsEqual(text.utf8)
  }
}
