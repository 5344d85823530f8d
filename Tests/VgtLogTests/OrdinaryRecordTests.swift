import Testing
import VgtCore
@testable import VgtLog

/// Which records near a message are passed over.
struct OrdinaryRecordTests {
  /// How many bytes and lines.
  private func passed(_ text: String) -> [Int]? {
    let bytes = Array(text.utf8)
    var records = OrdinaryRecords(0)
    return records.run(bytes.span, 0..<bytes.count).map { [$0.end, $0.lines] }
  }

  @Test(arguments: [
    "usb 1-3: new high-speed USB device number 17 using xhci_hcd", "",
    "EXT4-fs (sda1): mounted filesystem with ordered data mode", "a -> b, c|d", "m 31mk",
  ])
  func `a plain record before another one is passed over`(words: String) {
    let record = "[    5.123456] \(words)\n"
    #expect(passed(record + "[   10.5] x") == [record.utf8.count, 1])
    #expect(passed(record + record + "[1.5]") == [2 * record.utf8.count, 2])
  }

  @Test(arguments: [
    // Not plain.
    "two  blanks", "a\ttab", "[drm] x", "a=20b", "\\n", "a &amp; b", "<br>", "\u{1B}[m", "\u{A0}",
    "carriage return\r",
    // A message, or what one may come about of.
    "VGT balloon f", "VGT bal_loon", "vgt _balloon", "v_g_t", "gvt:fail", "INTELVGPUMDEV: PROBE OF",
    "vgt_if magic",
    // What matters only near a message.
    "WARNING: CPU: 1", "RIP:0010:vgt", "12 printk messages dropped", "end of report: ok",
    // The stem of a message that is cut.
    "Virtual GPU for",
  ])
  func `what may matter is looked at`(words: String) {
    #expect(passed("[    5.123456] \(words)\n[    5.123457] x\n") == nil)
  }

  @Test(arguments: ["x\n", " [1.5] x\n", "\n", "", "[1.]\n", "> [1.5] x\n"])
  func `a record that no other one follows is looked at`(next: String) {
    #expect(passed("[    5.123456] usb\n\(next)") == nil)
  }

  @Test func `each pattern's stem holds a literal of what is looked for nearby`() {
    let unfound = MessagePattern.all.filter { pattern in
      // No plain record has brackets.
      !pattern.stem.contains("[")
        && LiteralPrefilter.nearby.firstMatch(in: Array(pattern.stem.utf8).span, from: 0) == nil
    }
    #expect(unfound.map(\.stem) == [])
  }

  @Test func `records that are passed over count as lines, and change nothing`() throws {
    let noise = "[    5.700000] usb 1-3: new high-speed USB device number 17 using xhci_hcd\n"
    let lines = try Fixture.guest.text.split(separator: "\n")
    let mixed = lines.map { "\(noise)\(noise)\($0)\n" }.joined()
    let boots = contents(of: mixed).probes
    #expect(boots.map(\.line) == [3])
    #expect(boots.map { $0.at(line: 1) } == (try Fixture.guest.boots))
  }
}
