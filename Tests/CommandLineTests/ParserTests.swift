import Foundation
import Support
import Testing

/// What the parser takes and refuses, and what its help says.
struct ParserTests {
  @Test(arguments: [
    ("detec", "'detec' is not a command; did you mean 'detect'?"),
    ("hosts", "'hosts' is not a command; did you mean 'host'?"),
    ("gtgt", "'gtgt' is not a command; did you mean 'ggtt'?"),
    ("something", "'something' is not a command; see vgt-balloon --help"),
    ("--jsn", "Unknown option '--jsn'. Did you mean '--json'? (see vgt-balloon --help)"),
    ("--formta", "Unknown option '--formta'. Did you mean '--format'? (see vgt-balloon --help)"),
  ])
  func `a misspelt word gets the nearest one`(word: String, message: String) throws {
    let run = try Tool.run([word])
    #expect(run.status == 64)
    #expect(run.errors == "vgt-balloon: \(message)\n")
  }

  @Test(arguments: [[], ["report"]])
  func `a file where a command is expected gets --from`(words: [String]) throws {
    let folder = try ScratchFolder(["paste.txt": Array("text".utf8)])
    let path = folder.path("paste.txt")
    let run = try Tool.run(words + [path])
    #expect(run.status == 64)
    #expect(
      run.errors == "vgt-balloon: '\(path)' is not a command; did you mean --from \(path)?\n")
  }

  @Test func `help of a command that there is not fails`() throws {
    let run = try Tool.run(["help", "detec"])
    #expect(run.status == 64)
    #expect(run.output == "")
    #expect(run.errors == "vgt-balloon: 'detec' is not a command; did you mean 'detect'?\n")
  }

  @Test func `help of a command is that command's`() throws {
    #expect(try Tool.run(["help", "detect"]) == Tool.run(["detect", "--help"]))
  }

  @Test(arguments: ["--version", "-V"])
  func `the version is a name and a number`(option: String) throws {
    let run = try Tool.run([option])
    #expect(run.status == 0)
    #expect(run.output == "vgt-balloon 0.1.0\n")
  }

  @Test(arguments: [["--help"], ["-h"], ["help"]])
  func `help shows the options of a report, and four examples`(words: [String]) throws {
    let help = try Tool.run(words).output
    for option in ["--from", "--sample", "--format", "--json", "--kernel", "-s,", "-o,", "-V,"] {
      #expect(help.contains("\n  \(option)"), "\(option)")
    }
    #expect(help.matches(of: /\n  [#$] vgt-balloon/).count == 4)
  }

  @Test(arguments: ["", "report", "detect", "log", "host", "ggtt", "udev"])
  func `help is at most 80 columns wide, whatever the terminal`(command: String) throws {
    let help = try Tool.run(
      [command, "--help"].filter { !$0.isEmpty }, environment: ["COLUMNS": "40"])
    #expect(help.status == 0)
    #expect(help.output.split(separator: "\n").filter { $0.count > 80 } == [])
    #expect(help.output.split(separator: "\n").contains { $0.count > 60 })
  }

  @Test func `--json is --format json`() throws {
    #expect(
      try Tool.run(["--sample", "--json"]) == Tool.run(["--sample", "--format", "json"]))
  }

  @Test func `--json beside another form is wrong usage`() throws {
    let run = try Tool.run(["--sample", "--json", "--format", "svg"])
    #expect(run.status == 64)
    #expect(run.errors.hasPrefix("vgt-balloon: --json and --format svg exclude each other"))
  }

  @Test func `-o - is standard output`() throws {
    #expect(try Tool.run(["--sample", "-o", "-"]) == Tool.run(["--sample"]))
  }

  @Test func `--from twice uses both`() throws {
    let sample = try Tool.run(["--sample"]).output
    let guest = try QuickBed(.healthy).run("report").output
    let folder = try ScratchFolder(["a": Array(sample.utf8), "b": Array(guest.utf8)])
    let run = try Tool.run(["--from", folder.path("a"), "--from", folder.path("b"), "--json"])
    #expect(run.output.matches(of: /"address": "0000:/).count == 2)
  }

  @Test func `detect -q prints nothing, of an error either`() throws {
    let run = try QuickBed(.healthy.with(\.command, 0)).run("detect", "-q")
    #expect(run.status == 3)
    #expect(run.output == "")
    #expect(run.errors == "")
  }

  /// The README and the manual are held to them in their own tests.
  @Test func `help names every exit status`() throws {
    let help = try Tool.run(["--help"]).output
    for status in [0, 1, 2, 3, 64, 65, 66, 74] {
      #expect(help.contains("\n  \(status) "), "\(status)")
    }
  }
}
