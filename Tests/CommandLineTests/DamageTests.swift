import Support
import Testing

/// A capture that is cut or damaged is said to be so, naming the line.
struct DamageTests {
  /// The sample's capture alone; line 30 is its checksum.
  private func sampleLines() throws -> [String] {
    let report = try Tool.run(["--sample"]).output
    let lines = report.split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex { $0.hasSuffix("vgt-balloon capture: 2") })
    return Array(lines[start..<start + 30])
  }

  private func message(for lines: [String]) throws -> String {
    let run = try Tool.run(
      ["--from", "-"], input: Array((lines.joined(separator: "\n") + "\n").utf8))
    #expect(run.status == 65)
    #expect(run.output == "")
    #expect(run.messages.count == 1)
    return run.errors.replacing("vgt-balloon: standard input, ", with: "")
  }

  @Test func `a sound capture is read`() throws {
    let lines = try sampleLines()
    #expect(lines.last?.contains("crc32: ") == true)
    let run = try Tool.run(
      ["--from", "-"], input: Array((lines.joined(separator: "\n") + "\n").utf8))
    #expect(run.status == 0)
  }

  @Test(arguments: [
    (1, "line 1: the capture is cut or damaged: 'sample' is missing\n"),
    (3, "line 3: the capture is cut or damaged: 'address' is missing\n"),
    (14, "line 14: the capture is cut or damaged: 'driver_range' is missing\n"),
    (24, "line 24: the capture is damaged: 'accesses' cannot be read\n"),
    (29, "line 29: the capture is cut or damaged: 'crc32' is missing\n"),
  ])
  func `a capture that is cut names the last line there is`(kept: Int, expected: String) throws {
    #expect(try message(for: Array(try sampleLines().prefix(kept))) == expected)
  }

  @Test func `a capture without its beginning names the line that proves it`() throws {
    let message = try message(for: Array(try sampleLines().dropFirst(3)))
    #expect(message.contains("the capture is cut: its beginning is missing"))
    #expect(message.hasPrefix("line "))
  }

  @Test func `one digit changed is found by the checksum`() throws {
    var lines = try sampleLines()
    lines[5] = lines[5].replacing("0x04", with: "0x05")
    #expect(
      try message(for: lines).hasPrefix("line 30: the capture is damaged: crc32 is 0x490fbd44, "))
  }

  @Test func `lines that changed places are found`() throws {
    var lines = try sampleLines()
    lines.swapAt(4, 5)
    #expect(try message(for: lines).hasPrefix("line "))
  }

  @Test func `a later version of the capture is not guessed at`() throws {
    var lines = try sampleLines()
    lines[0] = lines[0].replacing(": 2", with: ": 3")
    #expect(
      try message(for: lines) == "line 1: the capture has version '3', this tool reads 1 to 2\n")
  }

  @Test func `the second of two captures that is damaged is not passed over`() throws {
    let sound = try sampleLines()
    #expect(
      try message(for: sound + sound.prefix(29))
        == "line 59: the capture is cut or damaged: 'crc32' is missing\n")
  }

  @Test func `a file is named by the name that was given`() throws {
    let folder = try ScratchFolder()
    try folder.write("vgt-balloon capture: 2\n", to: "mail")
    #expect(
      try Tool.run(["--from", folder.path("mail")]).errors == """
        vgt-balloon: \(folder.path("mail")), line 1: the capture is cut or damaged: \
        'sample' is missing

        """)
  }
}
