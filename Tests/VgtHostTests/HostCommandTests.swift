import Foundation
import Testing
import VgtCore

@Suite struct `vgt-balloon host` {
  private let first = Capture.healthy.textReport
  private let second = Capture.second.jsonReport

  @Test func `is 0 for guests that keep apart, text and JSON mixed`() throws {
    try Scratch.files(["a.txt": first, "b.json": second]) { directory in
      let run = try Program.tool(
        "host", directory.appending(path: "a.txt").path, directory.appending(path: "b.json").path)
      #expect(run.status == 0)
      #expect(run.errors == "")
      #expect(run.output.contains("VERDICT  ok: 2 vGPUs, no overlap"))
    }
  }

  @Test func `takes the regular files of a directory, by name, and nothing below it`() throws {
    try Scratch.files(["b": second, "a": first]) { directory in
      let below = directory.appending(path: "c")
      try FileManager.default.createDirectory(at: below, withIntermediateDirectories: true)
      try Data("no report".utf8).write(to: below.appending(path: "d"))
      let run = try Program.tool("host", "--format", "json", directory.path)
      #expect(run.status == 0)
      #expect(
        run.output.matches(of: /"source": "(.+)"/).map { String($0.1) }
          == ["\(directory.path)/a", "\(directory.path)/b"])
    }
  }

  @Test func `follows a link in a directory to a regular file`() throws {
    try Scratch.files(["report": first]) { directory in
      try Scratch.directory { links in
        try FileManager.default.createSymbolicLink(
          at: links.appending(path: "link"),
          withDestinationURL: directory.appending(path: "report"))
        let run = try Program.tool("host", links.path)
        #expect(run.status == 0)
      }
    }
  }

  @Test func `reads standard input`() throws {
    let run = try Program.tool("host", "-", "--format", "json", input: Data(first))
    #expect(run.status == 0)
    #expect(run.output.contains("\"source\": \"-\""))
  }

  @Test func `is 2 for an overlap`() throws {
    let overlapping = Capture.second.mappable(at: 0x71C_6000).textReport
    try Scratch.files(["a": first, "b": overlapping]) { directory in
      let run = try Program.tool("host", directory.path)
      #expect(run.status == 2)
    }
  }

  @Test func `is 1 when no report holds a vGPU`() throws {
    let none = Capture.healthy.answering(0, at: .magic).textReport
    try Scratch.files(["a": none]) { directory in
      let run = try Program.tool("host", directory.path)
      #expect(run.status == 1)
      #expect(run.errors.hasSuffix("/a: is of a machine without a GVT-g vGPU\n"))
    }
  }

  @Test func `is 65 for two hosts, an overlap notwithstanding, and shows the good ones`() throws {
    let overlapping = Capture.second.mappable(at: 0x71C_6000).textReport
    let foreign = Capture.healthy.id(3).aperture(512 * mib).unmappable(at: 0x2000_0000).textReport
    try Scratch.files(["a": first, "b": overlapping, "c": foreign]) { directory in
      let run = try Program.tool("host", directory.path)
      #expect(run.status == 65)
      #expect(run.errors.split(separator: "\n").count == 1)
      #expect(run.errors.contains("/c: is from another host (aperture 512 MiB, GGTT 4 GiB"))
      #expect(run.output.contains("OVERLAPS"))
    }
  }

  private static let bad: KeyValuePairs<String, [UInt8]> = [
    "empty": [],
    "binary": [0x7F, 0x45, 0x4C, 0x46, 0, 1, 2, 0xFF],
    "newer": Capture.second.jsonReport.replacing(
      "\"schema_version\": 1,", with: "\"schema_version\": 2,"),
    "newer-capture": Capture.second.textReport.replacing("capture: 1", with: "capture: 2"),
    "cut": Array(Capture.second.textReport.dropLast(300)),
    "prose": Array("it does not work\n".utf8),
  ]

  @Test(arguments: bad.map { ($0.key, $0.value) })
  func `is 65 for a bad file, with one line, and shows the good one`(
    name: String, bytes: [UInt8]
  ) throws {
    try Scratch.files(["good": first, "bad": bytes]) { directory in
      let bad = directory.appending(path: "bad").path
      let run = try Program.tool(
        "host", "--format", "json", bad, directory.appending(path: "good").path)
      #expect(run.status == 65)
      #expect(run.errors.split(separator: "\n").count == 1)
      #expect(run.errors.hasPrefix("vgt-balloon: \(bad): "))
      #expect(run.output.contains("\"vgt_id\": 1,"))
      #expect(run.output.matches(of: /"reason": ".+"/).count == 1)
    }
  }

  @Test func `is 65 when one file of two is missing`() throws {
    try Scratch.files(["good": first]) { directory in
      let run = try Program.tool(
        "host", directory.appending(path: "missing").path, directory.appending(path: "good").path)
      #expect(run.status == 65)
      #expect(run.errors.hasSuffix("/missing: cannot be read: No such file or directory\n"))
      #expect(run.output.contains("\n  vGPU1    mappable   0x0031c7000"))
    }
  }

  @Test func `is 66 when no input can be opened`() throws {
    try Scratch.directory { directory in
      let run = try Program.tool(
        "host", "--format", "json", directory.appending(path: "a").path,
        directory.appending(path: "b").path)
      #expect(run.status == 66)
      #expect(run.errors.split(separator: "\n").count == 2)
      #expect(run.output.matches(of: /"reason"/).count == 2)
    }
  }

  @Test func `is 65 for a directory without a file`() throws {
    try Scratch.directory { directory in
      let run = try Program.tool("host", directory.path)
      #expect(run.status == 65)
      #expect(run.errors.hasSuffix(": is a directory without a regular file\n"))
    }
  }

  @Test func `is 64 without a report`() throws {
    #expect(try Program.tool("host").status == 64)
  }

  @Test func `is 74 rather than overwrite a file`() throws {
    try Scratch.files(["a": first]) { directory in
      let file = directory.appending(path: "a").path
      let run = try Program.tool("host", file, "-o", file)
      #expect(run.status == 74)
      let bytes = try [UInt8](Data(contentsOf: URL(filePath: file)))
      #expect(bytes == first)
    }
  }

  @Test func `keeps the name of a file from the terminal`() throws {
    try Scratch.files(["\u{1B}[2J": []]) { directory in
      let run = try Program.tool("host", directory.path)
      #expect(!run.errors.contains("\u{1B}"))
    }
  }

  @Test func `says of a repeated report that it is kept once`() throws {
    try Scratch.files(["a": first, "b": Capture.healthy.jsonReport]) { directory in
      let run = try Program.tool("host", directory.path)
      #expect(run.status == 0)
      #expect(run.errors.contains("/b: shows vGPU 1 with the shares it has in "))
      #expect(run.errors.hasSuffix(": kept once\n"))
    }
  }
}
