import Support
import CoreFixtures
import Testing
import VgtCore
import VgtReport

@Suite struct `the picture` {
  private func run(_ command: [String], on text: String) throws -> ToolRun {
    try Tool.execute(command, input: Array(text.utf8))
  }

  @Test(arguments: UpstreamType.allCases)
  func `is drawn 600 px wide`(type: UpstreamType) throws {
    // The width stands in the header of the PNG, 16 bytes from its start.
    let info = try run(
      ["sh", "-c", "rsvg-convert | od -An -tx1 -v | tr -d ' \\n' | cut -c 33-40"],
      on: svg(of: Guest.healthy(type).capture))
    #expect(info.errors == "")
    #expect(info.output == "00000258\n", "0x258 is 600")
  }

  @Test func `has the address of each border`() throws {
    let text = svg(of: Guest.healthy().capture)
    for border in [
      "0x0", "0x8000000", "0xc000000", "0x40000000", "0x60000000", "0x78000000", "0x100000000",
    ] {
      #expect(text.contains(">\(border)</text>"), "\(border)")
    }
  }

  @Test func `has the size of each region`() throws {
    let text = svg(of: Guest.healthy().capture)
    // 0 to 128 MiB, 64 MiB, to 1 GiB; 512 MiB, 384 MiB, to 4 GiB.
    for size in [
      "reserved 128 MiB", "own 64 MiB", "reserved 832 MiB", "reserved 512 MiB", "own 384 MiB",
      "reserved 2176 MiB",
    ] {
      #expect(text.contains(">\(size)</text>"), "\(size)")
    }
  }

  @Test func `is well-formed, whatever the names in it are`() throws {
    let capture = Guest.healthy().capture.changing(\.driver, to: "<&\"]]>\u{1}\u{FFFE}")
    let parsed = try run(
      ["python3", "-c", "import sys, xml.dom.minidom as m; m.parse(sys.stdin.buffer)"],
      on: svg(of: capture))
    #expect(parsed.errors == "")
    #expect(parsed.status == 0)
  }

  @Test func `runs nothing and fetches nothing`() {
    let text = svg(of: Guest.healthy().capture)
    #expect(!text.contains("<script"))
    #expect(text.ranges(of: "http").count == 1, "only the name space")
    #expect(text.ranges(of: "url(").count == 1, "only the hatching")
  }

  @Test func `says that its heights are not to scale`() {
    #expect(svg(of: Guest.healthy().capture).contains("Heights are not to scale."))
  }

  @Test func `marks what of a share the driver refuses`() {
    let guest = Guest.healthy().changing(\.pvInfo.mappable.base, to: 0x3E00_0000)
    let text = svg(of: guest.capture)
    #expect(text.contains("class=\"wrong\""))
    #expect(text.contains(">own, past aperture 32 MiB</text>"))
    #expect(!svg(of: Guest.healthy().capture).contains("class=\"wrong\""))
  }

  @Test func `without a map says why`() {
    let unreadable = Guest.healthy().changing(\.surroundings.unreadable, to: .barUnassigned)
    #expect(svg(of: unreadable.capture).contains(">no map: BAR0 has no address;"))
  }

  @Test func `carries its capture`() throws {
    let capture = Guest.healthy().capture
    #expect(try CaptureParser.captures(in: Array(svg(of: capture).utf8)) == [capture])
  }
}

private func svg(of capture: Capture) -> String {
  Report(
    devices: [Diagnosis(capture)], isFromCapture: false, kernelRelease: capture.kernelRelease
  ).svg
}
