import Support
import Testing

/// Where the result goes: whole, and never over anything that is there.
struct OutputTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  private func sample(into name: String) throws -> ToolRun {
    try Tool.run(["--sample", "--output", folder.path(name)])
  }

  @Test(arguments: ["text", "json", "markdown", "svg"])
  func `-o writes what standard output would have had`(format: String) throws {
    let run = try Tool.run(["--sample", "--format", format, "-o", folder.path("report")])
    let printed = try Tool.run(["--sample", "--format", format])
    #expect(run.status == 0)
    #expect(run.output == "")
    #expect(run.errors == "")
    #expect(printed.output != "")
    #expect(folder.read("report") == Array(printed.output.utf8))
  }

  @Test func `-o keeps the status of the report`() throws {
    let bed = try QuickBed(.healthy.with(\.page.caps, 0))
    #expect(try bed.run("-o", folder.path("report")).status == 2)
    #expect(folder.read("report") != nil)
  }

  @Test func `where there is no result no file is left`() throws {
    let run = try Tool.run(["log", folder.path("none"), "-o", folder.path("report")])
    #expect(run.status == 66)
    #expect(folder.read("report") == nil)
  }

  @Test func `a folder's name is refused`() throws {
    let run = try Tool.run(["--sample", "-o", folder.path("report") + "/"])
    #expect(run.status == 64)
    #expect(folder.read("report") == nil)
  }

  @Test func `a file that exists is not overwritten`() throws {
    try folder.write("precious", to: "report")
    let run = try sample(into: "report")
    #expect(run.status == 74)
    #expect(run.output == "")
    #expect(
      run.errors == """
        vgt-balloon: cannot write \(folder.path("report")): it exists; \
        choose a file name that does not exist yet

        """)
    #expect(folder.read("report") == Array("precious".utf8))
  }

  @Test func `a symbolic link is not followed to a file that exists`() throws {
    try folder.write("precious", to: "target")
    try folder.link("report", to: folder.path("target"))
    #expect(try sample(into: "report").status == 74)
    #expect(folder.read("target") == Array("precious".utf8))
  }

  @Test func `a dangling symbolic link is not followed`() throws {
    try folder.link("report", to: folder.path("target"))
    #expect(try sample(into: "report").status == 74)
    #expect(folder.read("target") == nil)
  }

  @Test(arguments: ["no/such/folder/report", "file/report"])
  func `a folder that is not there is status 74`(name: String) throws {
    try folder.write("", to: "file")
    let run = try sample(into: name)
    #expect(run.status == 74)
    #expect(run.messages.count == 1)
    #expect(run.errors.hasPrefix("vgt-balloon: cannot write \(folder.path(name)): "))
  }

  /// The report has more than one page, so that a part of it fits.
  @Test(arguments: ["text", "json", "markdown", "svg"])
  func `a full disk leaves no part of a file`(format: String) throws {
    let bed = try QuickBed(.healthy)
    let run = try bed.run(
      ["--format", format, "-o", "\(bed.path("small"))/report"],
      under: ["sh", "-c", #""$@"; status=$?; ls -A "$BED/small"; exit $status"#, "sh"],
      after: #"mkdir "$BED/small"; mount -t tmpfs -o size=4k bed "$BED/small""#)
    #expect(run.status == 74)
    #expect(run.output == "")
    #expect(
      run.errors == """
        vgt-balloon: cannot write \(bed.path("small"))/report: No space left on device

        """)
  }

  @Test func `a reader that has gone is no failure`() throws {
    let run = try Tool.shell(
      #"mkfifo "$1"; exec 4<>"$1" 5>"$1" 4<&-; "$TOOL" --sample >&5; echo "$?""#,
      folder.path("pipe"))
    #expect(run.output == "0\n")
    #expect(run.errors == "")
  }

  @Test func `a disk with room in the same place holds the whole file`() throws {
    let bed = try QuickBed(.healthy)
    let run = try bed.run(
      ["-o", "\(bed.path("small"))/report"],
      under: ["sh", "-c", #""$@"; status=$?; tail -n 1 "$BED/small/report"; exit $status"#, "sh"],
      after: #"mkdir "$BED/small"; mount -t tmpfs -o size=64k bed "$BED/small""#)
    #expect(run.status == 0)
    #expect(run.output == "vgt-balloon 0.1.0: end of report: ok\n")
  }
}

/// Colour is for terminals, unless asked for.
struct ColourTests {
  private let escape = "\u{1B}["

  @Test func `a file and a pipe get no colour`() throws {
    #expect(!(try Tool.run(["--sample"]).output.contains(escape)))
  }

  @Test func `--color always colours, and never does not`() throws {
    #expect(try Tool.run(["--sample", "--color", "always"]).output.contains(escape))
    #expect(!(try Tool.run(["--sample", "--color", "never"]).output.contains(escape)))
  }

  /// `script` gives the program a terminal.
  private func onTerminal(_ command: String) throws -> String {
    try Tool.shell(#"script -qec "$1" /dev/null"#, command).output
  }

  @Test func `a terminal gets colour`() throws {
    #expect(try onTerminal("$TOOL --sample").contains(escape))
  }

  @Test func `a file stays plain, whatever terminal the tool is run on`() throws {
    let folder = try ScratchFolder()
    _ = try onTerminal("$TOOL --sample -o \(folder.path("report"))")
    let report = String(decoding: try #require(folder.read("report")), as: UTF8.self)
    #expect(report.contains("VERDICT"))
    #expect(!report.contains(escape))
  }

  @Test(arguments: ["NO_COLOR=1 $TOOL --sample", "$TOOL --sample --color never"])
  func `NO_COLOR and --color never keep a terminal plain`(command: String) throws {
    let output = try onTerminal(command)
    #expect(output.contains("VERDICT"))
    #expect(!output.contains(escape))
  }

  @Test func `an empty NO_COLOR counts as none`() throws {
    #expect(try onTerminal("NO_COLOR= $TOOL --sample").contains(escape))
  }

  @Test func `colour changes nothing but itself`() throws {
    let plain = try Tool.run(["--sample"]).output
    let coloured = try Tool.run(["--sample", "--color", "always"]).output
    #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }
}
