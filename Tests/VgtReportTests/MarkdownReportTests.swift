import Support
import CoreFixtures
import Testing
import VgtCore
import VgtReport

@Suite struct `the Markdown report` {
  /// What a renderer with tables, as trackers have, makes of it: XML.
  private func rendered(_ text: String) throws -> String {
    let run = try Tool.execute(
      ["cmark-gfm", "--unsafe", "--extension", "table", "--to", "xml"], input: Array(text.utf8))
    try #require(run.status == 0, "\(run.errors)")
    return run.output
  }

  @Test func `keeps the capture together as one block of code`() throws {
    let capture = Guest.healthy().capture
    let xml = try rendered(markdown(of: capture))
    let block = "<code_block info=\"text\" xml:space=\"preserve\">"
    #expect(xml.contains(block + capture.lines.joined(separator: "\n") + "\n</code_block>"))
  }

  @Test func `has the essentials in a table`() throws {
    let xml = try rendered(markdown(of: Guest.healthy().capture))
    #expect(xml.contains("<table>"))
    #expect(xml.contains(">GVTg_V5_8: 1024x768, weight 2 of 16<"))
  }

  @Test func `folds each of its long parts and ends the fold again`() throws {
    let text = markdown(of: Guest.healthy().capture)
    #expect(text.ranges(of: "<details>").count == 4)
    #expect(text.ranges(of: "\n</details>").count == 4)
  }

  @Test func `is read back after a tracker quoted it`() throws {
    let capture = Guest.healthy().capture
    let quoted = markdown(of: capture).split(separator: "\n", omittingEmptySubsequences: false)
      .map { "> > \($0)\n" }.joined()
    #expect(try CaptureParser.captures(in: Array(quoted.utf8)) == [capture])
  }

  @Test func `shows a name from outside as it is, not as Markdown`() throws {
    let capture = Guest.healthy().capture.changing(\.driver, to: "*<b>|_x_`")
    let xml = try rendered(markdown(of: capture))
    #expect(!xml.contains("<html_inline"))
    #expect(!xml.contains("<emph>"))
  }

  @Test(arguments: [
    "&lt;b&gt;", "<script>", "@octocat", "#1", "http://example.org/x", "www.example.org",
    "[x](y)", "~~x~~",
  ])
  func `neither links nor notifies nor hides for a name from outside`(name: String) throws {
    let text = markdown(of: Guest.healthy().capture.changing(\.driver, to: name))
    let html = try Tool.execute(
      [
        "cmark-gfm", "--extension", "table", "--extension", "autolink", "--extension",
        "strikethrough",
      ],
      input: Array(text.utf8)
    ).output
    for tag in ["<a ", "<del", "<script"] { #expect(!html.contains(tag)) }
    // What a tracker looks for in the text once it is HTML.
    #expect(try html.firstMatch(of: Regex("[@#][a-z0-9]")) == nil)
    // A reader sees the name, apart from spaces of no width.
    let shown = html.replacing("\u{200B}", with: "").replacing("&lt;", with: "<")
      .replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    #expect(shown.contains("<td>\(name), kernel"))
  }

  @Test func `never shows the manual's words for the next step`() {
    let unreadable = Guest.healthy().changing(\.surroundings.unreadable, to: .barUnassigned)
    #expect(!markdown(of: unreadable.capture).contains("the line names"))
    #expect(markdown(of: unreadable.capture).contains("What to do: look for"))
  }

  @Test func `says what to do about a failure before anything is folded`() throws {
    let guest = Guest.healthy().changing(\.pvInfo.mappable.base, to: 0x3E00_0000)
    let text = markdown(of: guest.capture)
    let advice = try #require(text.firstRange(of: "What to do"))
    let fold = try #require(text.firstRange(of: "<details>"))
    #expect(advice.lowerBound < fold.lowerBound)
  }
}

private func markdown(of capture: Capture) -> String {
  Report(
    devices: [Diagnosis(capture)], isFromCapture: false, kernelRelease: capture.kernelRelease
  ).markdown
}

extension String {
  fileprivate func firstRange(of other: String) -> Range<String.Index>? { ranges(of: other).first }
}
