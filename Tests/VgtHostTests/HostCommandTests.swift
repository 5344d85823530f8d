import Foundation
import Support
import Testing
import VgtCore

@Suite struct `vgt-balloon host` {
  private let first = Capture.healthy.textReport
  private let second = Capture.second.jsonReport

  @Test func `is 0 for guests that keep apart, text and JSON mixed`() throws {
    let folder = try ScratchFolder(["a.txt": first, "b.json": second])
    let run = try Tool.run(["host", folder.path("a.txt"), folder.path("b.json")])
    #expect(run.status == 0)
    #expect(run.errors == "")
    #expect(run.output.contains("VERDICT  ok: 2 vGPUs, no overlap"))
  }

  @Test func `takes the regular files of a directory, by name, and nothing below it`() throws {
    let folder = try ScratchFolder(["b": second, "a": first])
    try folder.write("no report", to: "c/d")
    let run = try Tool.run(["host", "--format", "json", folder.url.path])
    #expect(run.status == 0)
    #expect(
      run.output.matches(of: /"source": "(.+)"/).map { String($0.1) }
        == ["\(folder.url.path)/a", "\(folder.url.path)/b"])
  }

  @Test func `follows a link in a directory to a regular file`() throws {
    let folder = try ScratchFolder(["report": first])
    let links = try ScratchFolder()
    try links.link("link", to: folder.path("report"))
    let run = try Tool.run(["host", links.url.path])
    #expect(run.status == 0)
  }

  @Test func `reads standard input`() throws {
    let run = try Tool.run(["host", "-", "--format", "json"], input: first)
    #expect(run.status == 0)
    #expect(run.output.contains("\"source\": \"-\""))
  }

  @Test func `is 2 for an overlap`() throws {
    let overlapping = Capture.second.mappable(at: 0x71C_6000).textReport
    let folder = try ScratchFolder(["a": first, "b": overlapping])
    let run = try Tool.run(["host", folder.url.path])
    #expect(run.status == 2)
  }

  @Test func `is 1 when no report holds a vGPU`() throws {
    let none = Capture.healthy.answering(0, at: .magic).textReport
    let folder = try ScratchFolder(["a": none])
    let run = try Tool.run(["host", folder.url.path])
    #expect(run.status == 1)
    #expect(run.errors.hasSuffix("/a: comes from a machine without a GVT-g vGPU\n"))
  }

  @Test func `is 65 for two hosts, an overlap notwithstanding, and shows the good ones`() throws {
    let overlapping = Capture.second.mappable(at: 0x71C_6000).textReport
    let foreign = Capture.healthy.id(3).aperture(512 * mib).unmappable(at: 0x2000_0000).textReport
    let folder = try ScratchFolder(["a": first, "b": overlapping, "c": foreign])
    let run = try Tool.run(["host", folder.url.path])
    #expect(run.status == 65)
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(run.errors.contains("/c: comes from a different host (aperture 512 MiB, GGTT 4 GiB"))
    #expect(run.output.contains("OVERLAPS"))
  }

  private static let bad: KeyValuePairs<String, [UInt8]> = [
    "empty": [],
    "binary": [0x7F, 0x45, 0x4C, 0x46, 0, 1, 2, 0xFF],
    "newer": Capture.second.jsonReport.replacing(
      "\"schema_version\": 1,", with: "\"schema_version\": 2,"),
    "newer-capture": Capture.second.textReport.replacing("capture: 2", with: "capture: 3"),
    "cut": Array(Capture.second.textReport.dropLast(300)),
    "prose": Array("it does not work\n".utf8),
  ]

  @Test(arguments: bad.map { ($0.key, $0.value) })
  func `is 65 for a bad file, with one line, and shows the good one`(
    name: String, bytes: [UInt8]
  ) throws {
    let folder = try ScratchFolder(["good": first, "bad": bytes])
    let bad = folder.path("bad")
    let run = try Tool.run(["host", "--format", "json", bad, folder.path("good")])
    #expect(run.status == 65)
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(run.errors.hasPrefix("vgt-balloon: \(bad): "))
    #expect(run.output.contains("\"vgt_id\": 1,"))
    #expect(run.output.matches(of: /"reason": ".+"/).count == 1)
  }

  @Test func `is 65 when one file of two is missing`() throws {
    let folder = try ScratchFolder(["good": first])
    let run = try Tool.run(["host", folder.path("missing"), folder.path("good")])
    #expect(run.status == 65)
    #expect(run.errors.hasSuffix("/missing: cannot be read: No such file or directory\n"))
    #expect(run.output.contains("\n  vGPU1    mappable   0x0031c7000"))
  }

  @Test func `is 66 when no input can be opened`() throws {
    let folder = try ScratchFolder()
    let run = try Tool.run(["host", "--format", "json", folder.path("a"), folder.path("b")])
    #expect(run.status == 66)
    #expect(run.errors.split(separator: "\n").count == 2)
    #expect(run.output.matches(of: /"reason"/).count == 2)
  }

  @Test func `is 65 for a directory without a file`() throws {
    let folder = try ScratchFolder()
    let run = try Tool.run(["host", folder.url.path])
    #expect(run.status == 65)
    #expect(run.errors.hasSuffix(": is a directory without a regular file\n"))
  }

  @Test func `passes over what begins with a dot, and notes what is no report in a folder`() throws
  {
    let folder = try ScratchFolder(["a": first, ".swp": [0, 1], "notes": Array("to do\n".utf8)])
    let run = try Tool.run(["host", folder.url.path])
    #expect(run.status == 0)
    #expect(
      run.errors
        == "vgt-balloon: \(folder.url.path)/notes: holds no capture and no kernel log of a GVT-g guest;"
        + " paste the report whole, with its CAPTURE part\n")
    #expect(run.output.contains("  NOTE  "))
  }

  @Test func `names what is unusable first, and what it shows then`() throws {
    let folder = try ScratchFolder(["good": first, "empty": []])
    let run = try Tool.run(["host", folder.path("empty"), folder.path("good")])
    #expect(run.status == 65)
    let verdict = run.output.split(separator: "\n", omittingEmptySubsequences: false)[2...]
      .prefix { !$0.isEmpty && !$0.hasPrefix("HOST") }
      .joined(separator: " ").split(separator: " ").joined(separator: " ")
    #expect(verdict.contains("empty is unusable or from another host; shown: 1 vGPU, no overlap"))
  }

  @Test func `is 65 for guests that cannot be on one host`() throws {
    // 3 x 64 MiB in an aperture of 256 MiB, of which the host keeps 128.
    let third = Capture.healthy.id(3).mappable(at: 0xC00_0000).unmappable(at: 0x3000_0000)
    let folder = try ScratchFolder(["a": first, "b": second, "c": third.textReport])
    let run = try Tool.run(["host", folder.url.path])
    #expect(run.status == 65)
    #expect(run.output.contains("VERDICT  unusable: more was given out than one host can give"))
    #expect(run.output.contains("192 MiB of mappable space were given out"))
  }

  @Test func `is 64 without a report`() throws {
    #expect(try Tool.run(["host"]).status == 64)
  }

  @Test func `is 74 rather than overwrite a file`() throws {
    let folder = try ScratchFolder(["a": first])
    let file = folder.path("a")
    let run = try Tool.run(["host", file, "-o", file])
    #expect(run.status == 74)
    #expect(folder.read("a") == first)
  }

  @Test func `keeps the name of a file from the terminal`() throws {
    let folder = try ScratchFolder(["\u{1B}[2J": []])
    let run = try Tool.run(["host", folder.url.path])
    #expect(!run.errors.contains("\u{1B}"))
  }

  @Test func `says of a repeated report that it is kept once`() throws {
    let folder = try ScratchFolder(["a": first, "b": Capture.healthy.jsonReport])
    let run = try Tool.run(["host", folder.url.path])
    #expect(run.status == 0)
    #expect(run.errors.contains("/b: repeats vGPU 1 from "))
    #expect(run.errors.hasSuffix(" with the same shares; counted once\n"))
  }
}
