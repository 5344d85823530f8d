/// Reads a kernel log, or a mail or an issue with one in it, as a stream.
///
/// Memory does not grow with the input, only with the probes found in it.
package struct LogReader: Sendable {
  private var scanner = LogScanner()
  private var assembler = LogAssembler()
  private var isFirst = true
  /// Whether each character is looked at, since the text is not in bytes.
  private var isWide = false
  /// How many of the next bytes to look at one by one.
  private var attention: Int
  /// The last bytes that were not looked at.
  private var unread: [UInt8] = []
  /// The line feeds in front of them that were not looked at either.
  private var skippedLines = 0
  private var hasGap = false

  /// What is looked at before and behind a place found by the sieve, in bytes:
  /// some lines, however they are wrapped.
  private static let before = 2048
  private static let behind = 4096

  /// - Parameter attention: How many bytes at the beginning to look at one by
  ///   one: a paste is small, and may be broken anywhere.
  package init(attention: Int = 1 << 18) {
    self.attention = attention
  }

  /// Reads on; chunks may end anywhere.
  package mutating func read(_ chunk: [UInt8]) {
    guard !chunk.isEmpty else { return }
    let bytes = unread.isEmpty ? chunk : unread + chunk
    // The end is kept: it may be the beginning of a message.
    guard bytes.count > Self.before else {
      unread = bytes
      return
    }
    let start = read(bytes.span, upTo: bytes.count - Self.before)
    unread = Array(bytes[start...])
  }

  /// Ends the input.
  ///
  /// - Returns: The probes, in the order in which they begin.
  package mutating func finish() -> [LogBoot] {
    let bytes = unread
    unread = []
    _ = read(bytes.span, upTo: bytes.count)
    scanner.breakOff(skippingLines: 0).forEach { assembler.add($0) }
    return assembler.finish()
  }

  /// - Returns: Where what is still to be read begins, not above `horizon`.
  private mutating func read(_ bytes: Span<UInt8>, upTo horizon: Int) -> Int {
    if isFirst {
      isFirst = false
      isWide = Self.isWide(bytes)
      scanner.dropsZeros = isWide
    }
    if isWide {
      look(bytes, 0..<horizon)
      return horizon
    }
    var position = min(attention, horizon)
    look(bytes, 0..<position)
    attention -= position
    // What was looked at may lead on.
    var searched = 0
    while position < horizon, let match = LogSieve.shared.firstMatch(in: bytes, from: searched) {
      var start = max(position, match - Self.before)
      if start > position {
        while start < match, bytes[start - 1] != UInt8(ascii: "\n") { start += 1 }
        start = min(start, horizon)
        leave(bytes, position..<start)
      }
      let end = min(horizon, match + Self.behind)
      if end > start { look(bytes, start..<end) }
      position = max(start, end)
      attention = max(attention, match + Self.behind - horizon)
      searched = max(match + 1, position - Self.before)
    }
    leave(bytes, position..<max(position, horizon))
    return horizon
  }

  /// Looks at each character.
  private mutating func look(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    if hasGap {
      scanner.breakOff(skippingLines: skippedLines).forEach { assembler.add($0) }
      hasGap = false
      skippedLines = 0
    }
    scanner.read(bytes, range).forEach { assembler.add($0) }
  }

  /// Passes over bytes that tell nothing.
  private mutating func leave(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    hasGap = true
    skippedLines += Self.lineFeeds(bytes.extracting(range))
  }

  /// The compiler makes vector instructions of this form, and not of others.
  private static func lineFeeds(_ bytes: Span<UInt8>) -> Int {
    var count: UInt32 = 0
    var index = 0
    let end = bytes.count
    while index < end {
      count &+= bytes[index] == UInt8(ascii: "\n") ? 1 : 0
      index &+= 1
    }
    return Int(count)
  }

  /// Whether this is the beginning of UTF-16: a mark, or every second byte 0.
  private static func isWide(_ bytes: Span<UInt8>) -> Bool {
    let sample = bytes.extracting(..<min(256, bytes.count))
    guard sample.count >= 2 else { return false }
    if (sample[0], sample[1]) == (0xFF, 0xFE) || (sample[0], sample[1]) == (0xFE, 0xFF) {
      return true
    }
    let zeros = sample.indices.count { sample[$0] == 0 }
    return sample.count >= 16 && zeros * 5 > sample.count * 2
  }
}
