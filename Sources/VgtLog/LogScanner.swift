import VgtCore

/// Finds the driver's messages in a log's bytes.
struct LogScanner: Sendable {
  private var text = PlainText()
  private var walk = LogWalk()

  private static let batch = 1 << 15

  var dropsZeros: Bool {
    get { text.dropsZeros }
    set { text.dropsZeros = newValue }
  }

  /// Reads on.
  ///
  /// - Returns: The messages that are complete.
  mutating func read(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [LogEvent] {
    var start = range.lowerBound
    while start < range.upperBound {
      let end = min(range.upperBound, start + Self.batch)
      text.append(bytes, start..<end)
      if text.characters.count > Self.batch { scan(upTo: nil) }
      start = end
    }
    return walk.takeEvents()
  }

  /// Ends what is unfinished, at the end of the input or where a part of it is
  /// left out.
  ///
  /// - Parameter lines: The line feeds in that part.
  mutating func breakOff(skippingLines lines: Int) -> [LogEvent] {
    text.breakOff()
    scan(upTo: text.characters.count)
    walk.line += lines
    return walk.takeEvents()
  }

  /// - Parameter limit: Where to stop; by default where a message may be
  ///   unfinished.
  private mutating func scan(upTo limit: Int?) {
    let limit = limit ?? text.characters.count - LogWalk.longestMessage
    let characters = text.characters
    walk.scan(characters.span, upTo: limit)
    text.removeFirst(walk.forget())
  }
}

/// A walk over plain text from message to message.
private struct LogWalk: Sendable {
  /// The first character that was not looked at.
  private var position = 0
  /// The line of the character at `position`, counted from 1.
  var line = 1
  private var events: [LogEvent] = []
  private let phrases = LogPhrase.byLetter
  private let secondLetters = LogPhrase.secondLetters

  /// The longest message, with a line break behind each character.
  static let longestMessage = 1024
  /// The longest prefix with an address, looked for in front of a message.
  private static let longestPrefix = 512

  mutating func takeEvents() -> [LogEvent] {
    defer { events.removeAll(keepingCapacity: true) }
    return events
  }

  /// Gives up what is no more needed.
  ///
  /// - Returns: How many characters.
  mutating func forget() -> Int {
    let count = max(0, position - Self.longestPrefix)
    position -= count
    return count
  }

  mutating func scan(_ text: Span<UInt8>, upTo limit: Int) {
    var position = self.position
    while position < limit {
      let character = text[position]
      if character < UInt8(ascii: "a") {
        if PlainText.Mark.isFeed(character) { line += 1 }
        position += 1
        continue
      }
      guard mayStart(text, at: position), let end = pass(text, at: position) else {
        position += 1
        continue
      }
      while position < end {
        if PlainText.Mark.isFeed(text[position]) { line += 1 }
        position += 1
      }
    }
    self.position = position
  }

  /// Whether the first two characters begin a phrase.
  private func mayStart(_ text: Span<UInt8>, at position: Int) -> Bool {
    let letter = Int(text[position]) - Int(UInt8(ascii: "a"))
    guard letter < secondLetters.count, position + 1 < text.count else { return false }
    let second = text[position + 1]
    return secondLetters[letter] & 1 << UInt64(second & 63) != 0 || PlainText.Mark.isBreak(second)
  }

  /// The end of the phrase at `position`; its event is noted.
  private mutating func pass(_ text: Span<UInt8>, at position: Int) -> Int? {
    for phrase in phrases[Int(text[position] - UInt8(ascii: "a"))] {
      var figures = LogFigures(at: position)
      guard figures.accept(phrase.head, text), LogPrefix.startsMessage(text, at: position),
        passTail(of: phrase, text, &figures)
      else { continue }
      if let event = event(of: phrase, at: position, text, figures) { events.append(event) }
      return figures.position
    }
    return nil
  }

  /// Passes as much of the tail as there is.
  ///
  /// - Returns: `false` when it is not the driver's: words go on differently,
  ///   and not because of a cut.
  private func passTail(
    of phrase: LogPhrase, _ text: Span<UInt8>, _ figures: inout LogFigures
  ) -> Bool {
    for character in phrase.tail.characters {
      let before = figures
      guard figures.next(text) == character else {
        figures = before
        return isCut(text, at: before.position)
      }
    }
    guard phrase.endsWord, figures.position < text.count else { return true }
    return !text[figures.position].isLetter
  }

  /// Whether a line ends here, perhaps behind one more character, which a
  /// console wrote over its last column.
  private func isCut(_ text: Span<UInt8>, at position: Int) -> Bool {
    func isEnd(_ index: Int) -> Bool {
      index >= text.count || PlainText.Mark.isBreak(text[index])
        || text[index] == PlainText.Mark.damage || text[index] == UInt8(ascii: "\"")
    }
    return isEnd(position) || isEnd(position + 1)
  }

  private func event(
    of phrase: LogPhrase, at position: Int, _ text: Span<UInt8>, _ figures: LogFigures
  ) -> LogEvent? {
    var figures = figures
    var dialect = phrase.dialect
    let kind: LogEvent.Kind
    switch phrase.meaning {
    case .nothing: return nil
    case .event(let event): kind = event
    case .mappable: kind = .mappable(figures.share(text, unit: .kib))
    case .unmappable: kind = .unmappable(figures.share(text, unit: .kib))
    case .low: kind = .mappable(figures.share(text, unit: .kb))
    case .high: kind = .unmappable(figures.share(text, unit: .kb))
    case .range:
      if LogPrefix.isDriverName(text, before: position) { dialect = .xengt }
      let start = figures
      var range = figures.range(text, unit: dialect == .xengt ? .kb : .kib)
      if dialect == nil, range.kib == nil {
        // Without the prefix, the unit tells the dialect.
        var other = start
        let inKB = other.range(text, unit: .kb)
        if inKB.kib != nil, inKB.start != nil, inKB.end != nil {
          (range, dialect) = (inKB, .xengt)
        }
      }
      kind = .range(range)
    }
    let device = dialect == .xengt ? nil : LogPrefix.device(text, before: position)
    return LogEvent(
      kind: kind, line: line, device: device, dialect: dialect,
      stamp: LogPrefix.stamp(text, before: position))
  }
}
