internal import VgtCore

/// Finds the messages in a log's bytes.
struct MessageScanner: Sendable {
  /// Whether the text is of the running kernel, which loses and wraps nothing,
  /// and in which anyone may have written a message's words.
  private let isLive: Bool
  private var text = NormalizedText(.log)
  /// The first character that was not looked at.
  private var position = 0
  /// The line of the character at `position`, counted from 1.
  private var line = 1
  private var events: [LogEvent] = []
  private let patterns = MessagePattern.byLetter
  private let beginnings = MessagePattern.beginnings

  private typealias Mark = NormalizedText.Mark

  private static let batch = 1 << 15
  /// The longest prefix with an address, looked for in front of a message, and
  /// the line before it.
  private static let longestPrefix = 1024

  init(isLive: Bool) {
    self.isLive = isLive
  }

  /// Whether each byte that follows must be read to know what the next one means.
  var isEncoded: Bool { text.isEncoded }

  /// Reads on.
  ///
  /// - Returns: The messages that are complete.
  mutating func read(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [LogEvent] {
    var ordinary = OrdinaryRecords(range.lowerBound)
    var start = range.lowerBound
    while start < range.upperBound {
      if text.isAtLineStart, let run = ordinary.run(bytes, start..<range.upperBound) {
        text.append(OrdinaryRecords.substitute, insteadOfLines: run.lines)
        start = run.end
      } else {
        let end = lineEnd(bytes, start..<min(range.upperBound, start + Self.batch))
        text.append(bytes, start..<end)
        start = end
      }
      if text.characters.count > Self.batch {
        // What is behind may be the beginning of a message.
        scan(upTo: text.characters.count - TextCursor.longestMessage)
      }
    }
    return takeEvents()
  }

  /// Where the line ends, its line feed included, or else the range.
  private func lineEnd(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
    var index = range.lowerBound
    while index < range.upperBound {
      index += 1
      if bytes[index - 1] == UInt8(ascii: "\n") { break }
    }
    return index
  }

  /// Ends what is unfinished, at the end of the input or where a part of it is
  /// left out.
  ///
  /// - Parameter lines: The line feeds in that part.
  mutating func breakOff(skippingLines lines: Int) -> [LogEvent] {
    text.breakOff()
    scan(upTo: text.characters.count)
    line += lines
    return takeEvents()
  }

  private mutating func takeEvents() -> [LogEvent] {
    defer { events.removeAll(keepingCapacity: true) }
    return events
  }

  private mutating func scan(upTo limit: Int) {
    let characters = text.characters
    walk(characters.span, upTo: limit)
    let count = max(0, position - Self.longestPrefix)
    position -= count
    text.removeFirst(count)
  }

  /// Goes from message to message.
  private mutating func walk(_ text: Span<UInt8>, upTo limit: Int) {
    var position = self.position
    while position < limit {
      let character = text[position]
      if character < UInt8(ascii: "a") {
        if Mark.isFeed(character) { line += 1 }
        position += 1
        continue
      }
      guard mayStart(text, at: position), let end = pass(text, at: position) else {
        position += 1
        continue
      }
      while position < end {
        if Mark.isFeed(text[position]) { line += 1 }
        position += 1
      }
    }
    self.position = position
  }

  /// Whether the first three characters begin a message, or a line break keeps
  /// them apart.
  private func mayStart(_ text: Span<UInt8>, at position: Int) -> Bool {
    guard text[position] <= UInt8(ascii: "z") else { return false }
    var next = position + 1
    let second = Self.nextInLine(text, &next)
    if Mark.isBreak(second) { return true }
    let thirds = beginnings[Int(text[position] & 31) << 5 | Int(second & 31)]
    if thirds == 0 { return false }
    let third = Self.nextInLine(text, &next)
    return Mark.isBreak(third) || thirds &>> UInt32(third & 31) & 1 != 0
  }

  /// The next character that is no blank, passed; 0 at the end.
  private static func nextInLine(_ text: Span<UInt8>, _ position: inout Int) -> UInt8 {
    while position < text.count {
      position += 1
      if text[position - 1] != Mark.blank { return text[position - 1] }
    }
    return 0
  }

  /// The end of the message at `position`; its event is noted.
  private mutating func pass(_ text: Span<UInt8>, at position: Int) -> Int? {
    // Most letters that stand at the end of a line go no further; what the next
    // line begins with is looked at once for all patterns.
    var start = TextCursor(at: position)
    _ = start.nextInWord(text)
    let second = start.nextInWord(text)
    let candidates = patterns[Int(text[position] - UInt8(ascii: "a"))]
    for index in candidates.indices {
      let expected = candidates[index].head.characters[1]
      guard expected == second || expected == UInt8(ascii: " ") else { continue }
      var cursor = TextCursor(at: position)
      guard cursor.acceptBegun(candidates[index].head, text),
        RecordPrefix.startsMessage(text, at: position)
      else { continue }
      let pattern = candidates[index]
      // XenGT's `i915_balloon_space`, broken in the middle, looks like mainline's.
      if pattern.meaning == .driver(.range), RecordPrefix.isDriverName(text, before: position) {
        continue
      }
      guard passTail(of: pattern, text, &cursor) else {
        // A range that is damaged is still one.
        if pattern.isRange { events.append(LogEvent(kind: .fragment, line: line)) }
        continue
      }
      let prefix = RecordPrefix(text, before: position)
      guard isOwn(pattern, prefix, text, at: position) else {
        // It may be a line whose prefix is damaged.
        events.append(LogEvent(kind: .fragment, line: line))
        return cursor.position
      }
      let reader = MessageReader(pattern: pattern, prefix: prefix, start: position, line: line)
      if let event = reader.event(text, cursor), !isLive || event.isWhole { events.append(event) }
      return cursor.position
    }
    return nil
  }

  /// Whether the message is what it seems, by what is in front of it.
  private func isOwn(
    _ pattern: MessagePattern, _ prefix: RecordPrefix, _ text: Span<UInt8>, at position: Int
  ) -> Bool {
    guard case .driver = pattern.meaning else { return true }
    if isLive { return prefix.isLive }
    return !prefix.isForeign
      && !RecordPrefix.continues(text, at: position, after: pattern.predecessors)
  }

  /// Passes as much of the tail as there is.
  ///
  /// - Returns: `false` when it is not the driver's: words go on differently,
  ///   and not because of a cut.
  private func passTail(
    of pattern: MessagePattern, _ text: Span<UInt8>, _ cursor: inout TextCursor
  ) -> Bool {
    guard cursor.acceptBegun(pattern.tail, text) else {
      return !isLive && isCut(text, at: cursor.position)
    }
    let end = cursor.position
    // A process's name, before its number.
    if !pattern.hasFigures, end < text.count, text[end] == UInt8(ascii: "["),
      RecordPrefix.timeEnd(text, end) == nil
    {
      return false
    }
    if isLive, pattern.endsWord { return end >= text.count || text[end] <= Mark.damage }
    let next = text.blankEnd(from: end)
    return !pattern.endsWord || next >= text.count || !text[next].isLetter
      || RecordPrefix.isRecordStart(text, at: next)
      || RecordPrefix.isRecordAhead(text, behind: next)
  }

  /// Whether a line ends here, perhaps after one more character, which a
  /// console wrote over its last column.
  private func isCut(_ text: Span<UInt8>, at position: Int) -> Bool {
    func isEnd(_ index: Int) -> Bool {
      let index = text.blankEnd(from: index)
      return index >= text.count || Mark.isBreak(text[index]) || text[index] == Mark.damage
        || text[index] == UInt8(ascii: "\"")
    }
    return isEnd(position) || isEnd(position + 1)
  }
}
