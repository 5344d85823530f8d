import CoreFixtures
import Foundation
import Testing
import VgtCore

/// The lines of a report around the capture, as a report has them.
private func paste(_ captures: Capture...) -> String {
  captures.map { capture in
    "CAPTURE\n" + capture.lines.map { "  \($0)\n" }.joined() + "\nend of report\n"
  }.joined()
}

private func parse(_ text: String) throws(CaptureError) -> [Capture] {
  try CaptureParser.captures(in: Array(text.utf8))
}

@Suite struct `a capture` {
  /// The checksum was computed with zlib's crc32 over these lines.
  @Test func `is a line a fact, under zlib's checksum`() {
    #expect(
      Guest.july2021.capture.lines == [
        "vgt-balloon capture: 2",
        "sample: no",
        "kernel: 5.14.0-rc2+",
        "address: 0000:00:04.0",
        "device: 0x5912",
        "revision: 0x04",
        "class: 0x030000",
        "command: 0x0407",
        "gmch_control: 0x00c0",
        "bar0: 0xfd000000+0x1000000",
        "bar2: 0xc0000000+0x10000000",
        "driver: i915",
        "backend: sysfs",
        "driver_log: agrees",
        "driver_range: 0x10000000-0xe7ef8000",
        "driver_range: 0xffef8000-0x100000000",
        "driver_range: 0x0-0x31c7000",
        "driver_range: 0x71c7000-0x10000000",
        "driver_aperture: agrees/4294967296/469762048",
        "driver_fences: agrees/4",
        "enable_guc: none",
        "unreadable: none",
        "accesses: 6",
        "0x78000 64 0x4776544776544776",
        "0x78008 64 0x0000000100000001",
        "0x78010 32 0x0000001c",
        "0x78040 64 0x04000000031c7000",
        "0x78048 64 0x18000000e7ef8000",
        "0x78050 32 0x00000004",
        "crc32: 0xc2d44115",
      ])
  }

  @Test func `says none where there is nothing`() {
    var capture = Guest.healthy().surroundings
    capture.command = nil
    capture.gmchControl = nil
    capture.bar0 = nil
    capture.bar2 = nil
    capture.driver = nil
    capture.driverAnswers = .notAsked(.noDriver)
    capture.unreadable = .mapFailed(12)
    #expect(
      Array(capture.canonicalLines.dropFirst(7)) == [
        "command: none", "gmch_control: none", "bar0: none", "bar2: none", "driver: none",
        "backend: sysfs", "driver_log: absent/no-driver", "driver_aperture: absent/no-driver",
        "driver_fences: absent/no-driver", "enable_guc: none", "unreadable: map-failed-12",
        "accesses: 0",
      ])
  }

  @Test func `escapes what a name may not hold`() {
    let capture = Guest.healthy().surroundings.changing(\.kernelRelease, to: "6.1 é\n:%")
      .changing(\.driver, to: "none")
    #expect(capture.canonicalLines[2] == "kernel: 6.1%20%c3%a9%0a%3a%25")
    #expect(capture.canonicalLines[14 - 3] == "driver: %6eone")
  }

  @Test func `has lines of at most 74 columns, for the report to indent`() {
    for seed in seeds(1000) {
      var generator = SeededGenerator(seed: seed)
      let long = generator.capture().lines.filter { $0.utf8.count > 74 }
      #expect(long == [], "seed \(seed)")
    }
  }

  @Test func `is the same after it was read back`() throws {
    for seed in seeds(2000) {
      var generator = SeededGenerator(seed: seed)
      let capture = generator.capture()
      #expect(try parse(paste(capture)) == [capture], "seed \(seed)")
    }
  }

  @Test func `has the longest driver's name that sysfs can hold`() throws {
    let capture = Guest.healthy().capture
      .changing(\.driver, to: String(repeating: "\u{1B}", count: 255))
    #expect(try parse(paste(capture)) == [capture])
  }

  @Test(arguments: Mangling.all)
  func `survives what a paste goes through`(mangling: Mangling) throws {
    for seed in seeds(20) {
      var generator = SeededGenerator(seed: seed)
      let captures = [generator.capture(), generator.capture()]
      let text = mangling.apply(paste(captures[0]) + paste(captures[1]))
      #expect(try parse(text) == captures, "seed \(seed)")
    }
  }

  /// Where a cut line goes on with a digit or a sign, nothing tells it from the
  /// number or the sign in front of it.
  @Test(arguments: Mangling.foldedLinePrefixes)
  func `cut behind a prefix is read, or the error names the prefix`(mangling: Mangling) throws {
    var read = 0
    for seed in seeds(20) {
      var generator = SeededGenerator(seed: seed)
      let capture = generator.capture()
      do {
        #expect(try parse(mangling.apply(paste(capture))) == [capture], "seed \(seed)")
        read += 1
      } catch {
        guard case .prefixed = error.reason else {
          Issue.record("seed \(seed): \(error)")
          continue
        }
      }
    }
    #expect(read > seeds(20).count / 2)
  }

  @Test(arguments: ["", "\n", "hello", "vgt-balloon capture", "0x78000 64 0x4776544776544776"])
  func `is not seen where there is none`(text: String) throws {
    #expect(try parse(text) == [])
  }
}

@Suite struct `a capture of version 1` {
  private static var files: [URL] {
    get throws {
      let corpus = URL(filePath: #filePath)
        .appending(path: "../../Fuzz/Corpus/capture").standardized
      return try FileManager.default.contentsOfDirectory(
        at: corpus, includingPropertiesForKeys: nil)
    }
  }

  /// Pasted reports of the time when there was only this version.
  @Test func `comes back line by line, and has no enable_guc`() throws {
    var count = 0
    for file in try Self.files {
      let text = try Data(contentsOf: file)
      for capture in (try? CaptureParser.captures(in: Array(text))) ?? [] {
        count += 1
        #expect(capture.version == 1)
        #expect(capture.enableGuC == nil)
        #expect(Diagnosis(capture).capture == capture)
        #expect(capture.lines.first == "vgt-balloon capture: 1")
        #expect(try parse(paste(capture)) == [capture])
      }
    }
    #expect(count >= 39)
  }

  @Test func `may not hold what version 2 has`() {
    var lines = Guest.healthy().capture.lines
    lines[0] = "vgt-balloon capture: 1"
    #expect(throws: CaptureError.self) { try parse(lines.joined(separator: "\n")) }
  }
}

@Suite struct `a damaged capture` {
  private struct Found: Equatable {
    let line: Int
    let reason: CaptureError.Reason
  }

  private static let healthy = Guest.healthy().capture.lines

  private func damage(_ lines: [String]) -> Found? {
    do {
      _ = try parse(lines.joined(separator: "\n"))
      return nil
    } catch {
      return Found(line: error.line, reason: error.reason)
    }
  }

  @Test func `is not seen in a healthy one`() {
    #expect(damage(Self.healthy) == nil)
  }

  /// The line that is named is the last one left; the key is the one that
  /// should have come next.
  @Test(
    arguments: zip(
      1...29,
      [
        "sample", "kernel", "address", "device", "revision", "class", "command", "gmch_control",
        "bar0", "bar2", "driver", "backend", "driver_log", "driver_range", "driver_range",
        "driver_range", "driver_range", "driver_range", "driver_fences", "enable_guc", "unreadable",
        "accesses",
      ] + Array(repeating: "", count: 7)))
  func `that is cut names the last line and what is missing`(count: Int, key: String) {
    let found = damage(Array(Self.healthy.prefix(count)))
    #expect(found?.line == count)
    switch count {
    case 23...28: #expect(found?.reason == .unreadableValue(key: "accesses"))
    case 29: #expect(found?.reason == .missing(key: "crc32"))
    default: #expect(found?.reason == .missing(key: key))
    }
  }

  @Test func `that lost its first lines names the first that proves it`() {
    #expect(
      damage(Array(Self.healthy.dropFirst(3)))
        == Found(line: 17, reason: .beginningMissing))
  }

  @Test(arguments: [
    (2, "sample: maybe", "sample"), (3, "kernel: 6.1%zz", "kernel"),
    (3, "kernel: 6.1/0", "kernel"), (4, "address: 0000:00:04.9", "address"),
    (5, "device: 5912", "device"), (5, "device: 0x15912", "device"),
    (5, "device: 0x+912", "device"), (6, "revision: 0x104", "revision"),
    (7, "class: vga", "class"), (8, "command: 0x", "command"),
    (9, "gmch_control: -1", "gmch_control"), (10, "bar0: 0xfd000000", "bar0"),
    (10, "bar0: 0xfd000000+0x0", "bar0"), (11, "bar2: some", "bar2"),
    (12, "driver: i9%1", "driver"), (13, "backend: capture", "backend"),
    (14, "driver_log: maybe", "driver_log"), (14, "driver_log: absent/no-reason", "driver_log"),
    (14, "driver_log: agrees/4", "driver_log"), (15, "driver_range: 0x2-0x1", "driver_range"),
    (18, "driver_range: 0x0", "driver_range"),
    (19, "driver_aperture: agrees/4294967296", "driver_aperture"),
    (19, "driver_aperture: agrees/+1/1", "driver_aperture"),
    (20, "driver_fences: agrees/-4", "driver_fences"), (21, "enable_guc: on", "enable_guc"),
    (21, "enable_guc: +2", "enable_guc"), (22, "unreadable: mood", "unreadable"),
    (22, "unreadable: map-failed--1", "unreadable"), (23, "accesses: 7", "accesses"),
    (1, "vgt-balloon capture: 2x", "vgt-ballooncapture"),
  ])
  func `with a value that cannot be read names its line`(line: Int, text: String, key: String) {
    var lines = Self.healthy
    lines[line - 1] = text
    #expect(damage(lines) == Found(line: line, reason: .unreadableValue(key: key)))
  }

  @Test(arguments: [(24, "0x78000 64 0x477654477654477g"), (29, "0x78050 32 four")])
  func `with an access that cannot be read names its line`(line: Int, text: String) {
    var lines = Self.healthy
    lines[line - 1] = text
    #expect(damage(lines)?.line == line)
    #expect(damage(lines)?.reason == .unreadableValue(key: "accesses"))
  }

  @Test(arguments: [
    (25, "0x78004 64 0x0000000100000001"), (24, "0x78000 32 0x4776544776544776"),
    (26, "0x78040 64 0x0400000008000000"),
  ])
  func `with other accesses than the reader's says so`(line: Int, text: String) {
    var lines = Self.healthy
    lines[line - 1] = text
    #expect(damage(lines) == Found(line: line, reason: .otherAccesses))
  }

  @Test func `of a later version says which`() {
    var lines = Self.healthy
    lines[0] = "vgt-balloon capture: 20"
    #expect(damage(lines) == Found(line: 1, reason: .unknownVersion("20")))
  }

  /// Every digit of the block counts.
  @Test func `with one digit changed is found wherever the digit is`() {
    let healthy = Array(Self.healthy.joined(separator: "\n").utf8)
    for position in healthy.indices where (0x30...0x39).contains(healthy[position]) {
      var changed = healthy
      changed[position] = healthy[position] == 0x39 ? 0x31 : healthy[position] + 1
      #expect(
        throws: CaptureError.self, "byte \(position): \(String(decoding: changed, as: UTF8.self))"
      ) {
        try CaptureParser.captures(in: changed)
      }
    }
  }

  @Test func `with a wrong checksum names its lines and both sums`() {
    var lines = ["Hello,", ""] + Self.healthy
    lines[4] = "kernel: 6.1.0-54-amd64"
    let found = damage(lines)
    #expect(found?.line == 32)
    guard case .checksum(let recorded, let computed, let start) = found?.reason else {
      Issue.record("\(String(describing: found))")
      return
    }
    #expect(recorded == Guest.healthy().capture.checksum)
    #expect(
      computed
        == Guest.healthy().changing(\.surroundings.kernelRelease, to: "6.1.0-54-amd64").capture
        .checksum)
    #expect(start == 3)
  }

  @Test func `is found behind a sound one`() {
    #expect(
      damage(Self.healthy + Array(Self.healthy.prefix(5)))
        == Found(line: 35, reason: .missing(key: "revision")))
  }

  @Test func `that is cut before a sound one is still found`() {
    #expect(
      damage(Array(Self.healthy.prefix(5)) + Self.healthy)?.line == 5)
  }
}

@Suite struct `any input` {
  /// Bytes that captures and pastes are made of, or any at all.
  private func noise(using generator: inout SeededGenerator) -> [UInt8] {
    let length = Int.random(in: 0...600, using: &generator)
    let bytes: [UInt8]? =
      generator.once(in: 2) ? Array("vgt-balloncaprue:1 0x=&;\\\n>\u{1B}[m%/".utf8) : nil
    return (0..<length).map { _ in
      bytes.map { generator.pick($0) } ?? UInt8.random(in: 0 ... .max, using: &generator)
    }
  }

  private func mutated(using generator: inout SeededGenerator) -> [UInt8] {
    var text = Array(
      generator.pick(Mangling.all).apply(generator.capture().lines.joined(separator: "\n")).utf8)
    for _ in 0..<Int.random(in: 1...8, using: &generator) where !text.isEmpty {
      let place = Int.random(in: text.indices, using: &generator)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: text[place] = UInt8.random(in: 0 ... .max, using: &generator)
      case 1: text.remove(at: place)
      case 2: text.insert(UInt8.random(in: 0 ... .max, using: &generator), at: place)
      case 3: text.removeSubrange(place..<min(text.count, place + 40))
      default: text.insert(contentsOf: text[place...].prefix(60), at: place)
      }
    }
    return text
  }

  @Test func `ends in captures or in a named line, 10,000 times`() {
    for seed in seeds(10_000) {
      var generator = SeededGenerator(seed: seed)
      let text = generator.once(in: 3) ? noise(using: &generator) : mutated(using: &generator)
      do {
        for capture in try CaptureParser.captures(in: text) {
          _ = Diagnosis(capture)
        }
      } catch {
        let lines = 1 + text.count { $0 == UInt8(ascii: "\n") }
        #expect((1...lines).contains(error.line), "seed \(seed)")
      }
    }
  }

  /// Each tries to make the reader look at the same bytes again and again.
  @Test(arguments: [
    ("prose", "Here is what my guest sees, thanks for looking. "),
    ("keys without an end", "vgt-balloon capture "), ("almost keys", "vgt-balloon capturevgt-"),
    ("entities", "&&&&&&"), ("soft breaks", "==\n=3=\n"), ("escapes", "\u{1B}[\u{1B}["),
    ("nothing to see", "\n \n "),
  ])
  func `takes time in proportion to its size`(name: String, piece: String) throws {
    func text(_ kilobytes: Int) -> [UInt8] {
      Array(String(repeating: piece, count: (kilobytes << 10) / piece.utf8.count).utf8)
    }
    // As many bytes in eight pieces and in one, by turns. Time that grew with the
    // square would be eight times. It is this thread's, however busy the machine.
    let (small, large) = isQuick ? (text(8), text(64)) : (text(64), text(512))
    var pieces: [Duration] = []
    var whole: [Duration] = []
    for _ in 0..<3 {
      pieces.append(
        try threadTime { for _ in 0..<8 { _ = try CaptureParser.captures(in: small) } })
      whole.append(try threadTime { _ = try CaptureParser.captures(in: large) })
    }
    let (least, other) = (try #require(whole.min()), try #require(pieces.min()))
    #expect(least < other * 4, "in one \(least), in eight \(other)")
  }

  /// The processor's time that a piece of work takes in this thread.
  private func threadTime(_ work: () throws -> Void) rethrows -> Duration {
    func now() -> Duration {
      var time = timespec()
      unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
    let start = now()
    try work()
    return now() - start
  }

  @Test func `of 10 MB with a capture at its end is read`() throws {
    let capture = Guest.healthy().capture
    let line = "[    1.234567] usb 1-1: new device = 3 & more\n"
    let prose = String(repeating: line, count: cases(220_000))
    #expect(try parse(prose + paste(capture)) == [capture])
  }
}
