import Foundation
import Support
import CoreFixtures
import Testing
import VgtCore

/// A report gives itself again, whatever a paste does to it.
struct PasteTests {
  static let formats = ["text", "json", "markdown", "svg"]

  /// 50 machines of 20 functions: 1,000 configurations.
  @Test(arguments: 1...cases(50))
  func `a live report and --from of it are the same`(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let bed = try QuickBed(random.machine(functions: 20))
    // The guard-page rule on one half, the exact rule on the other.
    let kernel = seed.isMultiple(of: 2) ? ["--kernel", "4.8"] : []
    let input = random.pick(Self.formats)
    let pasted = Array(try bed.run(["--format", input] + kernel).output.utf8)
    for format in Self.formats {
      let live = try bed.run(["--format", format] + kernel)
      let decoded = try Tool.run(["--from", "-", "--format", format] + kernel, input: pasted)
      let what = "seed \(seed), from \(input) to \(format)"
      #expect(decoded.status == live.status, "\(what)")
      // Why a page cannot be read is told again.
      #expect(decoded.errors.isEmpty || live.errors.contains(decoded.errors), "\(what)")
      #expect(Self.difference(of: live.output, from: decoded.output) == nil, "\(what)")
    }
  }

  /// 200 machines of 5 functions, each in one format through one mangling.
  @Test(arguments: 1...cases(200))
  func `a mangled report decodes to the same captures`(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(1000 + seed))
    let (format, mangling) = (random.pick(Self.formats), random.pick(Mangling.all))
    let report = try QuickBed(random.machine(functions: 5)).run("--format", format).output
    let captures = try CaptureParser.captures(in: Array(report.utf8))
    #expect(captures.count == 5)
    let mangled = try? CaptureParser.captures(in: Array(mangling.apply(report).utf8))
    #expect(mangled == captures, "seed \(seed), \(format), \(mangling)")
  }

  /// The sample in each format, made once for all the manglings.
  private static let samples = Result {
    try formats.map { try Tool.run(["--sample", "--format", $0]).output }
  }

  @Test(arguments: Mangling.all)
  func `the binary reads through every mangling`(mangling: Mangling) throws {
    let samples = try Self.samples.get()
    for sample in samples {
      let run = try Tool.run(["--from", "-"], input: Array(mangling.apply(sample).utf8))
      #expect(run.errors == "")
      #expect(run.output == samples[0])
    }
  }

  /// The programs that people's mails really go through.
  @Test(arguments: [
    "fold -w 60", "fold -s -w 60", "fold -w 72 | sed 's/^/> /' | fold -w 72",
    #"python3 -c 'import sys, textwrap; print(textwrap.fill(sys.stdin.read(), 60))'"#,
    #"python3 -c 'import sys, textwrap; print(textwrap.fill(sys.stdin.read(), 76))' | sed 's/^/> > /'"#,
    #"python3 -c 'import sys, quopri; quopri.encode(sys.stdin.buffer, sys.stdout.buffer, True)'"#,
    #"sed 's/^/> /' | python3 -c 'import sys, quopri; quopri.encode(sys.stdin.buffer, sys.stdout.buffer, False)' | sed 's/$/\r/'"#,
    #"sed 's/^ *//; s/$/\r/'"#, "expand | unexpand -a", "cat -A",
  ])
  func `the binary reads through what other programs do`(filter: String) throws {
    let expected = try Tool.run(["--sample"]).output
    for format in Self.formats {
      let run = try Tool.shell(
        #""$TOOL" --sample --format "$1" | \#(filter) | "$TOOL" --from -"#, format)
      #expect(run.errors == "", "\(format)")
      #expect(run.output == expected, "\(format)")
    }
  }

  @Test func `several captures in one file are several devices`() throws {
    let first = try QuickBed(.healthy).run().output
    let second = try QuickBed(.healthy.with(\.page.id, 3)).run("--format", "json").output
    let mail = "> On Monday, A wrote:\n> \(first)\nMine is different:\n\(second)\nBest\n"
    let report = try Tool.run(["--from", "-", "--format", "json"], input: Array(mail.utf8)).report()
    #expect(report.devices.map(\.vgt_if?.vgt_id) == [1, 3])
    #expect(report.devices.map(\.backend) == ["capture", "capture"])
  }

  @Test func `what the driver and the kernel were stays recorded, --kernel judges anew`() throws {
    let live = try QuickBed(.healthy.with(\.page.caps, 0).with(\.driver, "xe")).run().output
    func report(_ arguments: String...) throws -> ReportDocument {
      try Tool.run(
        ["--from", "-", "--format", "json"] + arguments, input: Array(live.utf8)
      ).report()
    }
    #expect(try report().verdict == "failed")
    let older = try report("--kernel", "4.18")
    #expect(older.verdict == "ok")
    #expect(older.kernel.release == "6.1.0-bed")
    #expect(try older.device.driver == "xe")
  }

  @Test func `a report of a report is the same report`() throws {
    let first = try Tool.run(["--sample"]).output
    let second = try Tool.run(["--from", "-"], input: Array(first.utf8)).output
    let third = try Tool.run(["--from", "-"], input: Array(second.utf8)).output
    #expect(second == first)
    #expect(third == first)
  }

  @Test func `a file is read as standard input is`() throws {
    let folder = try ScratchFolder()
    let sample = try Tool.run(["--sample"])
    try folder.write(sample.output, to: "mail")
    #expect(try Tool.run(["--from", folder.path("mail")]) == sample)
  }

  /// The first line in which the two reports differ, but for the ways that
  /// they may: a capture's backend, and where a line that names it is broken.
  private static func difference(of live: String, from decoded: String) -> String? {
    func lines(_ report: String) -> [Substring] {
      report
        .replacing(/"backend": "[a-z]+"/, with: "")
        .replacing(/\s+/, with: " ")
        .replacing("a capture, made through ", with: "")
        .split(separator: ". ")
    }
    let (live, decoded) = (lines(live), lines(decoded))
    if live.count != decoded.count { return "\(live.count) and \(decoded.count) pieces" }
    return zip(live, decoded).first { $0 != $1 }.map { "\($0)\n\($1)" }
  }
}
