import Foundation
import Support
import Testing

/// Whole outputs, letter by letter.
struct GoldenTests {
  @Test(arguments: [
    ("help.txt", ["--help"]),
    ("help-report.txt", ["report", "--help"]),
    ("help-detect.txt", ["detect", "--help"]),
    ("sample.txt", ["--sample"]),
    ("sample-4.8.txt", ["--sample", "--kernel", "4.8"]),
    ("sample.json", ["--sample", "--format", "json"]),
    ("sample.md", ["--sample", "--format", "markdown"]),
    ("sample.svg", ["--sample", "--format", "svg"]),
  ])
  func `the output is as recorded`(name: String, arguments: [String]) throws {
    let run = try Tool.run(arguments)
    #expect(run.status == 0)
    #expect(try Golden(name).difference(from: run.output) == nil)
  }

  @Test(arguments: [
    ("failing.txt", SyntheticFunction.healthy.with(\.page.caps, 0).with(\.driver, "i915")),
    ("invalid.txt", .healthy.with(\.page.mappableBase, 0xF00_0000)),
    ("bare-metal.txt", .healthy.with(\.page, .filled(with: 0))),
    ("unreadable.txt", .healthy.with(\.command, 0)),
    ("unlisted.txt", .healthy.with(\.deviceID, 0x9A49)),
  ])
  func `a live report is as recorded`(name: String, function: SyntheticFunction) throws {
    let run = try QuickBed(function).run()
    #expect(try Golden(name).difference(from: run.output) == nil)
  }

  @Test func `usage that is wrong is answered as recorded`() throws {
    let run = try Tool.run(["--formta", "json"])
    #expect(try Golden("usage.txt").difference(from: run.errors) == nil)
  }

  @Test func `the README shows the sample's report`() throws {
    let readme = try String(
      contentsOf: URL(filePath: #filePath).appending(path: "../../../README.md").standardized,
      encoding: .utf8)
    let shown = try #require(
      readme.components(separatedBy: "```\n").first { $0.contains("SAMPLE") })
    let report = try Tool.run(["--sample"]).output.split(separator: "\n")
    let lines = shown.split(separator: "\n").filter { !$0.hasSuffix("...") }
    #expect(lines.count > 40)
    #expect(lines.filter { !report.contains($0) } == [])
  }
}
