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
    let characters = Self.withoutBreaks(text.extracting(start..<position))
    let line = characters.span
    device = Self.device(text, before: position)
    guard var boundary = RecordBoundary(line, from: 0) else {
      stamp = Self.stamp(line, time: nil)
      isForeign = Self.quotesDevice(text, before: position)
      isLive = false
      return
    }
    var rest = DriverPrefix(line, from: boundary.range.upperBound)
    if !rest.isWhole, !Self.quotesDevice(text, before: position) {
      while !rest.isWhole, let next = boundary.next(line) {
        boundary = next
        rest = DriverPrefix(line, from: next.range.upperBound)
      }
    }
    stamp = Self.stamp(line, time: boundary.time)
    isForeign = !rest.isWhole && !Self.isDriverPrefix(text.extracting(start..<position))
    isLive =
      boundary.isTimeAtStart && rest.isWhole && rest.namesDriver
      && (start == 0 || text[start - 1] == Mark.lineEnd)
  }

  /// A line without its soft breaks.
  ///
  /// - Parameter marks: Whether also without the blanks behind them: a mail that
  ///   is quoted after it was encoded has a mark behind each, in the middle of a
  ///   word too.
  private static func withoutBreaks(_ line: Span<UInt8>, andMarks marks: Bool = false) -> [UInt8] {
    var characters: [UInt8] = []
    characters.reserveCapacity(line.count)
    for index in line.indices where !Mark.isBreak(line[index]) {
      let isMark =
        line[index] == Mark.blank && index > 0 && line[index - 1] == Mark.softBreak
      if !(marks && isMark) { characters.append(line[index]) }
    }
    return characters
  }

  /// Whether the kernel's own part of a line is nothing but a driver's prefix.
  private static func isDriverPrefix(_ line: Span<UInt8>) -> Bool {
    let characters = withoutBreaks(line, andMarks: true)
    guard let boundary = RecordBoundary(characters.span, from: 0) else { return false }
    return DriverPrefix(characters.span, from: boundary.range.upperBound).isWhole
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
    var cursor = BackwardCursor(before: start)
    return ends.contains { cursor.accept($0, text) }
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
    case UInt8(ascii: "["):
      return text.holds("[drm", at: position) || timeEnd(text, position) != nil
    case UInt8(ascii: "i"): return text.holds("i915", at: position)
    default: return false
    }
  }

  /// Whether the line goes on with a syslog's prefix: `Jul 20 10:00:01 guest kernel:`.
  static func isRecordAhead(_ text: Span<UInt8>, behind position: Int) -> Bool {
    for index in position..<min(text.count, position + 64) {
      if Mark.isLineEnd(text[index]) { return false }
      if text.holds("kernel:", at: index) { return true }
    }
    return false
  }

  static func holdsRecordStart(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    range.contains { isRecordStart(text, at: $0) }
  }

  /// Whether "i915" stands in front: XenGT's `i915_balloon_space`.
  static func isDriverName(_ text: Span<UInt8>, before position: Int) -> Bool {
    var cursor = BackwardCursor(before: position)
    return cursor.accept("i915", text)
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

  /// Whether a string begins here that JSON says to hold a message.
  static func isMessageField(_ text: Span<UInt8>, before position: Int) -> Bool {
    var cursor = BackwardCursor(before: position)
    // The last is of this tool's own JSON.
    return cursor.accept(":", text)
      && !["comm\"", "exe\"", "cmdline\"", "identifier\"", "kernelmessage\""].contains {
        cursor.accept($0, text)
      }
  }

  /// Whether a driver that quotes what a device says stands in front: anyone
  /// can make a device that says anything.
  private static func quotesDevice(_ text: Span<UInt8>, before position: Int) -> Bool {
    var cursor = BackwardCursor(before: position, reach: 64)
    repeat {
      let words = ["product:", "manufacturer:", "serialnumber:", "hostnamesetto"]
      if words.contains(where: { cursor.accept($0, text) }) { return true }
    } while cursor.next(text) != nil
    return false
  }

  /// Whether the letters in front are "drm", "ERROR", or the end of a time.
  private static func endsPrefix(_ text: Span<UInt8>, before position: Int) -> Bool {
    var start = position
    while start > 0, position - start < 8, text[start - 1].isLetter { start -= 1 }
    switch position - start {
    case 1: return text[start] == UInt8(ascii: "z") && start > 0 && text[start - 1].isDigit
    case 3: return text.holds("drm", at: start)
    case 5: return text.holds("error", at: start)
    default: return false
    }
  }

  /// - Parameter time: The kernel's, in the line.
  private static func stamp(_ line: Span<UInt8>, time: Range<Int>?) -> Stamp? {
    // What is in front of the driver's own prefix.
    func front(of range: Range<Int>) -> Range<Int> {
      range.prefix { !line.holds("i915", at: $0) && !line.holds("[drm", at: $0) }
    }
    // FNV-1a.
    func digest(_ range: Range<Int>) -> UInt64 {
      range.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64(line[$1])) &* 0x100_0000_01b3 }
    }
    let whole = front(of: 0..<line.count)
    guard whole.contains(where: { line[$0].isDigit }) else { return nil }
    return Stamp(kernelTime: time.map { digest(front(of: $0)) }, digest: digest(whole))
  }

  /// The address in `i915 0000:00:04.0: [drm] *ERROR* `, directly in front.
  private static func device(_ text: Span<UInt8>, before position: Int) -> PCIAddress? {
    var cursor = BackwardCursor(before: position)
    // What may stand between the address and the words.
    while cursor.accept("error", text) || cursor.acceptBracket("drm", text) {}
    guard cursor.accept(":", text),
      let function = cursor.hexadecimal(digits: 1, text), function < 8, cursor.accept(".", text),
      let device = cursor.hexadecimal(digits: 2, text), device < 32, cursor.accept(":", text),
      let bus = cursor.hexadecimal(digits: 2, text),
      let domain = cursor.accept(":", text) ? domain(text, before: cursor) : 0
    else { return nil }
    return PCIAddress(
      domain: domain, bus: UInt8(bus), device: UInt8(device), function: UInt8(function))
  }

  /// The domain in front. After the driver's name its digits start; elsewhere it
  /// has four.
  private static func domain(_ text: Span<UInt8>, before end: BackwardCursor) -> UInt32? {
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
}
