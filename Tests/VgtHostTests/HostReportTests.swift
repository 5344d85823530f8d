import Foundation
import Support
import CoreFixtures
import Testing
import VgtCore
import VgtHost
import VgtReport

@Suite struct `The host's view as text` {
  @Test func `is this for two guests that keep apart`() throws {
    #expect(
      try Golden("two-guests.txt").difference(from: HostView(.healthy, .second).text())
        == nil)
  }

  @Test func `is this for five guests, two of them with an overlap, and a guest of another host`()
    throws
  {
    #expect(try Golden("five-guests.txt").difference(from: HostView.crowded.text()) == nil)
  }

  @Test func `is this without a vGPU`() throws {
    #expect(
      try Golden("no-vgpu.txt").difference(
        from: HostView(.healthy.answering(0, at: .magic)).text()) == nil)
  }

  @Test func `has at most 76 columns of ASCII for each of 200 generated sets`() {
    let wrong = (0..<cases(200)).filter { seed in
      let set = GeneratedSet(
        seed: seed, cellSize: seed % 2 == 0 ? 1 : 32 * mib, apertures: [4, 8, 32], total: 128)
      let text = set.view.text()
      return text.split(separator: "\n").contains { $0.utf8.count > 76 }
        || !text.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) }
    }
    #expect(wrong == [])
  }

  @Test func `keeps control characters and long names of files from the terminal`() {
    var evidence = HostInputs()
    evidence.add(captures: [.healthy], from: String(repeating: "long/", count: 40) + "\u{1B}[2J\n")
    evidence.add(report: [], from: String(repeating: "x", count: 200) + "\u{1B}]0;title\u{07}")
    let text = HostView(evidence).text()
    #expect(!text.contains("\u{1B}"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 76 })
  }

  @Test func `marks the embedded sample`() {
    #expect(HostView(.sample).text().contains("\nSAMPLE   this is the embedded sample guest"))
    #expect(!HostView(.healthy).text().contains("SAMPLE"))
  }

  @Test func `is coloured only when asked`() {
    let view = HostView(.healthy)
    #expect(!view.text(coloured: false).contains("\u{1B}["))
    #expect(view.text(coloured: true).contains("\u{1B}[1;32mVERDICT\u{1B}[0m"))
  }

  @Test(arguments: [3, 9])
  func `draws the view of each guest`(count: Int) {
    var inputs = HostInputs()
    for index in 0..<count {
      let base = UInt64(index) * 8 * mib
      inputs.add(
        captures: [.healthy.id(UInt32(index) + 1).mappable(at: base, size: 4 * mib)],
        from: "\(index)")
    }
    let text = HostView(inputs).text()
    #expect((1...count).filter { !text.contains(" vGPU\($0) view") } == [])
  }

  @Test func `names every guest of 64, more than a host has, and draws no view of theirs`() throws {
    let sets = (0..<2_000).lazy.map {
      GeneratedSet(seed: $0, cellSize: 32 * mib, apertures: [32], total: 128)
    }
    let set = try #require(sets.first { $0.members.count == 64 })
    let text = set.view.text()
    #expect((1...64).filter { !text.contains(" vGPU\($0) ") } == [])
    #expect(!text.contains(" view"))
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
    #expect(try Golden("five-guests.json").difference(from: HostView.crowded.json) == nil)
  }

  @Test func `has nulls and empty lists without a vGPU`() throws {
    #expect(
      try Golden("no-vgpu.json").difference(
        from: HostView(.healthy.answering(0, at: .magic)).json) == nil)
  }

  @Test(arguments: [
    HostView(.healthy, .second), .crowded, HostView(.healthy.answering(0, at: .magic)),
    HostView(HostInputs()),
  ])
  func `conforms to its schema`(view: HostView) throws {
    #expect(try JSONSchema.errors(in: [view.json], against: "host") == [])
  }

  @Test(
    arguments: [
      ("\"schema_version\": 1", "\"schema_version\": 2"),
      ("\"fits\": [", "\"more\": 1, \"fits\": ["),
      ("\"vgt_id\": 1,", ""),
      ("\"kind\": \"mappable\"", "\"kind\": \"low\""),
      ("\"GVTg_V5_8\"", "\"i915-GVTg_V5_8\""),
      ("\"start\": 1048576", "\"start\": \"0x100000\""),
    ])
  func `with one thing changed does not conform to its schema`(old: String, new: String) throws {
    let text = HostView.crowded.json
    let changed = text.replacing(old, with: new)
    #expect(try !JSONSchema.errors(in: [changed], against: "host").isEmpty)
  }
}

@Suite struct `The host's view as SVG` {
  @Test func `is this for five guests with an overlap`() throws {
    #expect(try Golden("five-guests.svg").difference(from: HostView.crowded.svg) == nil)
  }

  @Test(arguments: [HostView(.healthy, .second), .crowded, HostView(HostInputs())])
  func `becomes a picture 600 pixels wide`(view: HostView) throws {
    let folder = try ScratchFolder()
    let run = try Tool.execute(
      ["rsvg-convert", "--output", folder.path("host.png")],
      input: Array(view.svg.utf8))
    #expect(run.errors == "")
    #expect(run.status == 0)
    // Signature, then the IHDR chunk: length, name, width.
    let head: [UInt8] = [
      0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52,
      0, 0, 0x02, 0x58,
    ]
    #expect(folder.read("host.png")?.starts(with: head) == true)
  }

  @Test func `gives an overlap a colour of its own`() throws {
    let text = HostView.crowded.svg
    #expect(text.contains("class=\"wrong\""))
    #expect(!HostView(.healthy, .second).svg.contains("class=\"wrong\""))
  }

  @Test func `has no script and nothing from outside`() {
    let text = HostView.crowded.svg.lowercased()
    #expect(!text.contains("<script"))
    #expect(text.ranges(of: "http").count == 1, "only the name space")
    #expect(text.ranges(of: "url(").count == 1, "only the hatching")
    #expect(!text.contains("@import"))
  }

  @Test func `draws no address over another, for each of 500 generated sets`() {
    let wrong = (0..<cases(500)).filter { seed in
      let set = GeneratedSet(seed: seed, cellSize: 32 * mib, apertures: [8, 32], total: 128)
      let heights = set.view.svg.matches(of: /y="([0-9]+)" class="small" text-anchor="end"/)
        .compactMap { Int($0.1) }
      return heights.isEmpty || zip(heights, heights.dropFirst()).contains { $1 - $0 < 16 }
    }
    #expect(wrong == [])
  }

  @Test func `names the guests of an overlap, and what each guest is`() {
    let text = HostView.crowded.svg
    #expect(text.contains(">vGPU3+vGPU4.1 4 KiB</text>"))
    #expect(text.contains(">vGPU3 and vGPU4.1 overlap: mappable 0xdfff000-0xe000000, 4 KiB</text>"))
    #expect(text.contains(">vGPU1: GVTg_V5_8, ok, 1</text>"))
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
