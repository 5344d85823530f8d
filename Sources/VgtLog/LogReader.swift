internal import VgtCore

/// What a log holds.
package struct LogContents: Hashable, Sendable {
  /// In the order in which they begin.
  package fileprivate(set) var probes: [LogProbe] = []
  package fileprivate(set) var hostMessages: [HostMessage] = []
  /// The device ids of the Intel display functions that the log names.
  package fileprivate(set) var displayFunctions: [UInt16] = []
  /// The lines where this tool's own reports begin, which were passed over.
  package fileprivate(set) var reports: [Int] = []

  package init() {}
}

/// Reads a kernel log, or a mail or an issue with one in it, as a stream.
///
/// Memory does not grow with the input, only with the messages found in it.
package struct LogReader: Sendable {
  private var scanner: MessageScanner
  private var assembler = LogAssembler()
  private var contents = LogContents()
  /// Whether one of this tool's reports, with the messages it expects, is being
  /// passed over.
  private var isInReport = false
  /// The parts of a crashed kernel's log, the last first.
  private var storedParts: [(number: UInt64, events: [LogEvent])] = []
  /// How many of the next bytes to look at one by one.
  private var attention = Self.beginning
  /// The last bytes that were not looked at.
  private var unread: [UInt8] = []
  /// The line feeds directly in front of them that were passed over; `nil` when
  /// nothing was.
  private var skippedLines: Int?

  /// Whose words a log may hold.
  package enum Origin: Sendable {
    /// The running kernel's records, unchanged. Users can make other drivers
    /// say what they like there, so the driver's own prefix is asked for.
    case kernel
    /// A text that may have lost prefixes, and more.
    case paste
  }

  /// What is looked at before and after a place found by the prefilter, in
  /// bytes: some lines, however they are wrapped.
  private static let before = 2048
  private static let after = 4096
  /// How many bytes at the beginning to look at one by one: a paste is small,
  /// and may be broken anywhere.
  private static let beginning = 1 << 18

  package init(_ origin: Origin = .paste) {
    scanner = MessageScanner(isLive: origin == .kernel)
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
    read(bytes.span, upTo: bytes.count - Self.before)
    unread = Array(bytes.suffix(Self.before))
  }

  /// Ends the input.
  package mutating func finish() -> LogContents {
    let bytes = unread
    unread = []
    read(bytes.span, upTo: bytes.count)
    take(scanner.breakOff(skippingLines: 0))
    endStoredParts()
    contents.probes = assembler.finish()
    return contents
  }

  private mutating func read(_ bytes: Span<UInt8>, upTo horizon: Int) {
    var position = min(attention, horizon)
    look(bytes, 0..<position)
    attention -= position
    // What was looked at may lead on.
    var searched = 0
    while position < horizon {
      if scanner.isEncoded { return look(bytes, position..<horizon) }
      guard let match = LiteralPrefilter.shared.firstMatch(in: bytes, from: searched) else {
        return leave(bytes, position..<horizon)
      }
      var start = max(position, match - Self.before)
      if start > position {
        while start < match, bytes[start - 1] != UInt8(ascii: "\n") { start += 1 }
        start = min(start, horizon)
        leave(bytes, position..<start)
      }
      let end = max(start, min(horizon, match + Self.after))
      look(bytes, start..<end)
      position = end
      attention = max(attention, match + Self.after - horizon)
      searched = max(match + 1, position - Self.before)
    }
  }

  /// Looks at each character.
  private mutating func look(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    if let skippedLines { take(scanner.breakOff(skippingLines: skippedLines)) }
    skippedLines = nil
    take(scanner.read(bytes, range))
  }

  /// Passes over bytes that tell nothing.
  private mutating func leave(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    skippedLines = (skippedLines ?? 0) + Self.lineFeeds(bytes.extracting(range))
  }

  private mutating func take(_ events: [LogEvent]) {
    for event in events { take(event) }
  }

  private mutating func take(_ event: LogEvent) {
    if isInReport {
      // A report is cut where the kernel speaks again: what a report expects
      // has no times.
      guard event.kind == .reportEnd || event.stamp?.kernelTime != nil else { return }
      isInReport = false
    }
    switch event.kind {
    case .report(let hasEnd):
      isInReport = hasEnd
      contents.reports.append(event.line)
    case .reportEnd: break
    case .host(let kind, let vgpu, let figures):
      if kind == .goldenState, let device = figures.first {
        note(UInt16(truncatingIfNeeded: device))
      }
      contents.hostMessages.append(
        HostMessage(line: event.line, kind: kind, vgpu: vgpu, figures: figures))
    case .displayFunction(let device): note(device)
    case .storedPart(let number):
      if let last = storedParts.last, last.number >= number { endStoredParts() }
      storedParts.append((number, []))
    default:
      if storedParts.isEmpty {
        assembler.add(event)
      } else {
        storedParts[storedParts.count - 1].events.append(event)
      }
    }
  }

  private mutating func note(_ device: UInt16) {
    if !contents.displayFunctions.contains(device), contents.displayFunctions.count < 64 {
      contents.displayFunctions.append(device)
    }
  }

  /// Puts the parts of a crashed kernel's log in the order of time.
  private mutating func endStoredParts() {
    for part in storedParts.reversed() { part.events.forEach { assembler.add($0) } }
    storedParts = []
  }

  /// How many bytes tell whether a file is text.
  package static let sampleSize = 1024

  /// Whether a file that begins so is no text: a program, a picture, an archive.
  /// A console's log may hold a few such bytes too, a text may be in another
  /// encoding than UTF-8, and a crash may leave zeros in front.
  package static func isBinary(_ beginning: [UInt8]) -> Bool {
    guard !NormalizedText.isWide(beginning.span) else { return false }
    let sample = beginning.drop { $0 == 0 }.prefix(sampleSize)
    let controls = sample.count { $0 < 0x20 && !(0x07...0x0D).contains($0) && $0 != 0x1B }
    // What is no UTF-8 comes out as U+FFFD.
    let broken = String(decoding: sample, as: UTF8.self).unicodeScalars.count { $0 == "\u{FFFD}" }
    return controls * 10 > sample.count * 3
      || controls * 20 > sample.count && (controls + broken) * 10 > sample.count * 3
      || sample.starts(with: [0x7F, 0x45, 0x4C, 0x46])
      || sample.starts(with: [0x89, 0x50, 0x4E, 0x47])
  }

  /// How many bytes to count in one of eight bits, so that the compiler makes
  /// vector instructions of it that take sixteen bytes each.
  private static let counted = 240

  private static func lineFeeds(_ bytes: Span<UInt8>) -> Int {
    var count = 0
    var start = 0
    while start < bytes.count {
      let end = min(start + counted, bytes.count)
      count += Int(fewLineFeeds(bytes.extracting(start..<end)))
      start = end
    }
    return count
  }

  private static func fewLineFeeds(_ bytes: Span<UInt8>) -> UInt8 {
    var count: UInt8 = 0
    var index = 0
    let end = bytes.count
    while index < end {
      count &+= bytes[index] == UInt8(ascii: "\n") ? 1 : 0
      index &+= 1
    }
    return count
  }
}
