import Foundation
import Testing
import VgtCore
import VgtHost
import VgtReport

@Suite struct `The host's view as text` {
  @Test func `is this for two guests that keep apart`() throws {
    try Golden.expect(HostText(HostView(.healthy, .second)).text, "two-guests.txt")
  }

  @Test func `is this for five guests, two of them with an overlap, and a guest of another host`()
    throws
  {
    try Golden.expect(HostText(HostView.crowded).text, "five-guests.txt")
  }

  @Test func `is this without a vGPU`() throws {
    try Golden.expect(HostText(HostView(.healthy.answering(0, at: .magic))).text, "no-vgpu.txt")
  }

  @Test func `has at most 76 columns of ASCII for each of 200 generated sets`() {
    let wrong = (0..<200).filter { seed in
      let set = GeneratedSet(
        seed: seed, cellSize: seed % 2 == 0 ? 1 : 32 * mib, apertures: [4, 8, 32], total: 128)
      let text = HostText(set.view).text
      return text.split(separator: "\n").contains { $0.utf8.count > 76 }
        || !text.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) }
    }
    #expect(wrong == [])
  }

  @Test func `keeps control characters and long names of files from the terminal`() {
    var evidence = HostEvidence()
    evidence.add(captures: [.healthy], from: String(repeating: "long/", count: 40) + "\u{1B}[2J\n")
    evidence.add(report: [], from: String(repeating: "x", count: 200) + "\u{1B}]0;title\u{07}")
    let text = HostText(HostView(evidence)).text
    #expect(!text.contains("\u{1B}"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 76 })
  }

  @Test func `marks the embedded sample`() {
    #expect(HostText(HostView(.sample)).text.contains("\nSAMPLE   the embedded sample guest"))
    #expect(!HostText(HostView(.healthy)).text.contains("SAMPLE"))
  }

  @Test func `is coloured only when asked`() {
    let view = HostView(.healthy)
    #expect(!HostText(view, coloured: false).text.contains("\u{1B}["))
    #expect(HostText(view, coloured: true).text.contains("\u{1B}[1;32mVERDICT\u{1B}[0m"))
  }

  @Test func `names every guest of 64 in one of the drawings`() throws {
    let sets = (0..<2_000).lazy.map {
      GeneratedSet(seed: $0, cellSize: 32 * mib, apertures: [32], total: 128)
    }
    let set = try #require(sets.first { $0.members.count == 64 })
    let text = HostText(set.view).text
    #expect((1...64).filter { !text.contains(" vGPU\($0) view") } == [])
  }
}

extension HostView {
  /// Five guests with one overlap, a guest of another host, one id twice.
  static var crowded: HostView {
    HostView(
      .healthy, .second,
      .healthy.id(3).mappable(at: 0xC00_0000, size: 32 * mib).unmappable(at: 0x3000_0000),
      .healthy.id(4).mappable(at: 0xDFF_F000, size: 32 * mib).unmappable(at: 0x8000_0000),
      .healthy.id(7).aperture(512 * mib).unmappable(at: 0x2000_0000),
      .healthy.id(4).mappable(at: 0, size: mib).unmappable(at: 0xA000_0000, size: 4096).fences(8))
  }
}

@Suite struct `The host's view as JSON` {
  @Test func `is this for five guests, an overlap and a guest of another host`() throws {
    try Golden.expect(HostJSON(.crowded).text, "five-guests.json")
  }

  @Test func `has nulls and empty lists without a vGPU`() throws {
    try Golden.expect(HostJSON(HostView(.healthy.answering(0, at: .magic))).text, "no-vgpu.json")
  }

  private static let hasValidator = Program.exists("python3", ["-c", "import jsonschema"])

  @Test(
    .enabled(if: hasValidator, "needs python3 with jsonschema"),
    arguments: [
      HostView(.healthy, .second), .crowded, HostView(.healthy.answering(0, at: .magic)),
      HostView(HostEvidence()),
    ])
  func `conforms to its schema`(view: HostView) throws {
    #expect(try Self.validate(HostJSON(view).text) == "")
  }

  @Test(
    .enabled(if: hasValidator, "needs python3 with jsonschema"),
    arguments: [
      ("\"schema_version\": 1", "\"schema_version\": 2"),
      ("\"fits\": [", "\"more\": 1, \"fits\": ["),
      ("\"vgt_id\": 1,", ""),
      ("\"kind\": \"mappable\"", "\"kind\": \"low\""),
      ("\"generation\": 9", "\"generation\": null"),
      ("\"GVTg_V5_8\"", "\"i915-GVTg_V5_8\""),
      ("\"start\": 1048576", "\"start\": \"0x100000\""),
    ])
  func `with one thing changed does not conform to its schema`(old: String, new: String) throws {
    let text = HostJSON(.crowded).text
    #expect(try Self.validate(text.replacing(old, with: new)) != "")
  }

  /// What is wrong with a document; empty when it conforms.
  private static func validate(_ document: String) throws -> String {
    let script = """
      import json, sys, jsonschema
      schema = json.load(open(sys.argv[1]))
      jsonschema.Draft202012Validator.check_schema(schema)
      for error in jsonschema.Draft202012Validator(schema).iter_errors(json.load(sys.stdin)):
          print(error.json_path, error.message)
      """
    let result = try Program.run(
      "python3", ["-c", script, Golden.schema.path], input: Data(document.utf8))
    return result.output + result.errors
  }
}

@Suite struct `The host's view as SVG` {
  private static let hasRenderer = Program.exists("rsvg-convert", ["--version"])

  @Test func `is this for five guests with an overlap`() throws {
    try Golden.expect(HostSVG(.crowded).text, "five-guests.svg")
  }

  @Test(
    .enabled(if: hasRenderer, "needs rsvg-convert (librsvg2-bin)"),
    arguments: [HostView(.healthy, .second), .crowded, HostView(HostEvidence())])
  func `becomes a picture 600 pixels wide`(view: HostView) throws {
    try Scratch.directory { directory in
      let png = directory.appending(path: "host.png")
      let result = try Program.run(
        "rsvg-convert", ["--output", png.path], input: Data(HostSVG(view).text.utf8))
      #expect(result.errors == "")
      #expect(result.status == 0)
      // Signature, then the IHDR chunk: length, name, width.
      let head = try [UInt8](Data(contentsOf: png).prefix(20))
      #expect(
        head == [
          0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0,
          0, 600 >> 8, 600 & 0xFF,
        ])
    }
  }

  @Test func `gives an overlap a colour of its own`() throws {
    let text = HostSVG(.crowded).text
    #expect(text.contains("class=\"overlap\""))
    #expect(!HostSVG(HostView(.healthy, .second)).text.contains("class=\"overlap\""))
  }

  @Test func `has no script and nothing from outside`() {
    let text = HostSVG(.crowded).text.lowercased()
    #expect(!text.contains("<script"))
    #expect(text.ranges(of: "http").count == 1, "only the name space")
    #expect(!text.contains("url("))
    #expect(!text.contains("@import"))
  }

  @Test func `draws no label over another, for each of 500 generated sets`() {
    let wrong = (0..<500).filter { seed in
      let set = GeneratedSet(seed: seed, cellSize: 32 * mib, apertures: [8, 32], total: 128)
      let labels = HostSVG(set.view).text.matches(of: /class="label" x="186" y="([0-9.]+)"/)
        .compactMap { Double($0.1) }
      return zip(labels, labels.dropFirst()).contains { $1 - $0 < 15.9 }
    }
    #expect(wrong == [])
  }
}

@Suite struct `An SVG element` {
  @Test func `escapes what XML gives a meaning`() {
    let element = SVGElement("text", ["id": "\"<&>"], words: "a < b & c > \"d\"")
    #expect(
      element.document.hasSuffix(
        "<text id=\"&quot;&lt;&amp;&gt;\">a &lt; b &amp; c &gt; &quot;d&quot;</text>\n"))
  }

  @Test func `replaces what XML cannot hold`() {
    #expect(SVGElement("text", words: "\u{1B}\u{0}").document.contains(">\u{FFFD}\u{FFFD}<"))
  }

  @Test func `closes itself when nothing is inside`() {
    #expect(SVGElement("rect", ["x": "1"]).document.hasSuffix("<rect x=\"1\"/>\n"))
  }

  @Test func `puts each child on a line of its own`() {
    let element = SVGElement("g", [:], [SVGElement("a"), SVGElement("b", words: "c")])
    #expect(element.document.hasSuffix("<g>\n  <a/>\n  <b>c</b>\n</g>\n"))
  }
}
