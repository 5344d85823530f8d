internal import VgtCore

/// What the kernel's own text in a line begins behind.
struct RecordBoundary {
  let range: Range<Int>
  /// The kernel's time in it.
  let time: Range<Int>?

  private typealias Mark = NormalizedText.Mark

  /// Whether the line begins with the kernel's time.
  var isTimeAtStart: Bool { range.lowerBound == 0 && time != nil }

  private init(_ range: Range<Int>, time: Range<Int>? = nil) {
    self.range = range
    self.time = time
  }

  /// The first from `start` on; `nil` where nothing tells.
  init?(_ line: Span<UInt8>, from start: Int) {
    var field: RecordBoundary?
    for index in start..<line.count {
      switch line[index] {
      case UInt8(ascii: "["):
        guard let end = RecordPrefix.timeEnd(line, index) else { continue }
        self.init(index..<(Self.hostEnd(line, from: end) ?? end), time: index..<end)
        return
      case UInt8(ascii: "k") where line.holds("kernel:", at: index):
        let end = index + 7
        self.init(index..<(RecordPrefix.timeEnd(line, line.blankEnd(from: end)) ?? end))
        return
      case UInt8(ascii: ";") where Self.isRecordHeader(line, start..<index):
        self.init(start..<index + 1, time: start..<index)
        return
      case UInt8(ascii: "\"") where RecordPrefix.isMessageField(line, before: index):
        field = RecordBoundary(index..<index + 1)
      default: break
      }
    }
    guard let field else { return nil }
    self = field
  }

  /// What a further record of the kernel begins behind in the line, as in a log
  /// whose line breaks became blanks.
  func next(_ line: Span<UInt8>) -> RecordBoundary? {
    guard let next = RecordBoundary(line, from: range.upperBound) else { return nil }
    let first = next.range.lowerBound
    let quotes = (range.upperBound..<first).count { line[$0] == UInt8(ascii: "\"") }
    let before = line[first - 1] == Mark.blank ? first - 2 : first - 1
    return before >= 0 && !"'=(".utf8.contains(line[before]) && quotes % 2 == 0 ? next : nil
  }

  /// Passes `guest kernel:` between the time and the message.
  private static func hostEnd(_ line: Span<UInt8>, from start: Int) -> Int? {
    var words = 0
    for index in start..<line.count {
      if line[index] == Mark.blank { words += 1 }
      if words > 2 || line[index] == UInt8(ascii: "]") { return nil }
      if line.holds("kernel:", at: index) { return index + 7 }
    }
    return nil
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
}

/// The driver's own prefix, from the beginning of the kernel's record to the
/// message: `i915 0000:00:04.0: [drm:intel_vgt_balloon [i915]] *ERROR* `.
struct DriverPrefix {
  /// Whether there is nothing else.
  private(set) var isWhole = true
  /// Whether the driver, or DRM, is named.
  private(set) var namesDriver = false

  init(_ line: Span<UInt8>, from start: Int) {
    var index = start
    while index < line.count {
      switch line[index] {
      case ...NormalizedText.Mark.innerEnd, UInt8(ascii: ":"): index += 1
      case UInt8(ascii: "["):
        guard let end = Self.bracketEnd(line, from: index) else {
          isWhole = false
          return
        }
        if line.holds("[drm", at: index) { namesDriver = true }
        index = end
      case UInt8(ascii: "i") where line.holds("i915", at: index):
        namesDriver = true
        index += 4
      case UInt8(ascii: "d") where line.holds("drm", at: index): index += 3
      case UInt8(ascii: "e") where line.holds("error", at: index): index += 5
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
  private static func bracketEnd(_ line: Span<UInt8>, from start: Int) -> Int? {
    var depth = 0
    var index = start
    let isDRM = line.holds("[drm", at: start)
    while index < line.count {
      let character = line[index]
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
