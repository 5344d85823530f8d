import Support
import Testing

/// Plain command lines are answered without the parser, and must be answered
/// as the parser would.
struct PlainCommandTests {
  /// A plain command line, and the same in a form that only the parser reads.
  @Test(
    arguments: [
      ([], ["report", "--color=auto"]),
      (["report"], ["--format=text"]),
      (["--format", "json"], ["report", "--format=json"]),
      (["report", "--format", "markdown"], ["--format=markdown"]),
      (["report", "--format", "svg"], ["report", "--format=svg"]),
      (["ggtt"], ["ggtt", "--color=auto"]),
      (["ggtt", "--format", "json"], ["ggtt", "--format=json"]),
      (["log"], ["log", "--format=text"]),
      (["log", "/dev/null", "none"], ["log", "--format=text", "/dev/null", "none"]),
      (["detect"], ["detect", "--backend=auto"]),
      (["detect", "--quiet"], ["detect", "-q"]),
      (["udev", "0000:00:02.0"], ["udev", "--", "0000:00:02.0"]),
    ] as [([String], [String])])
  func `the answer is the parser's`(plain: [String], parsed: [String]) throws {
    for function in [SyntheticFunction.healthy, .healthy.with(\.command, 0)] {
      let bed = try QuickBed(function)
      #expect(try bed.run(plain) == bed.run(parsed))
    }
  }

  @Test(arguments: [
    ["--format"], ["--format", "yaml"], ["report", "--format", "json", "extra"],
    ["report", "report"], ["ggtt", "--format", "svg"], ["log", "--format"], ["log", "x", "-x"],
    ["detect", "--loud"], ["udev", "--format", "json"],
  ])
  func `what is wrong is left to the parser`(arguments: [String]) throws {
    let run = try QuickBed(.healthy).run(arguments)
    #expect(run.status == 64)
    #expect(run.output == "")
  }
}
