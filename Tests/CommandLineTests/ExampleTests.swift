import CoreFixtures
import Foundation
import Support
import Testing
import VgtCore
import VgtReport

/// Every command line that the README and the manual show, typed into a guest
/// with the files that they name.
@Suite struct ExampleTests {
  private static func text(_ path: String) -> String {
    let file = URL(filePath: #filePath).appending(path: "../../../\(path)").standardized
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }

  /// The lines after a prompt that run the tool.
  private static let examples: [String] = {
    let readme = text("README.md").split(separator: "\n")
    let manual = text("scripts/packaging/vgt-balloon.8").split(separator: "\n")
      .filter { $0.hasPrefix(".Dl ") }.map { $0.dropFirst(4) }
    let lines = (readme + manual).map(String.init).filter { line in
      ["$ ", "# ", "if "].contains(where: line.hasPrefix)
        && line.split(separator: " ").contains("vgt-balloon")
    }
    return lines.map { $0.hasPrefix("if ") ? $0 : String($0.dropFirst(2)) }
  }()

  /// The files that they name.
  private func bed() throws -> QuickBed {
    let bed = try QuickBed(SyntheticMachine(.healthy).with(\.journal, Self.kernelLog))
    for (number, file) in ["mail.txt", "guest1.txt", "guest2.txt", "guest3.txt"].enumerated() {
      // 512 MiB of aperture, of which three guests fit.
      var guest = Guest.healthy()
      guest.page.id = UInt32(max(1, number))
      guest.page.mappable = Share(base: UInt32(max(1, number)) * 0x400_0000, size: 0x400_0000)
      guest.page.unmappable = Share(
        base: 0x4000_0000 + UInt32(number) * 0x1800_0000, size: 0x1800_0000)
      try bed.write(Report(captures: [guest.capture], kernel: nil).text(), to: "work/\(file)")
    }
    for file in ["dmesg.txt", "dmesg1.txt"] { try bed.write(Self.kernelLog, to: "work/\(file)") }
    try bed.write(Self.neighboursLog, to: "work/dmesg2.txt")
    return bed
  }

  private static let kernelLog = text("Tests/Fixtures/logs/kernel-log-5.14-guest.txt")

  /// Of a guest on the same host, which touches nothing of the other's.
  private static let neighboursLog = """
    i915 0000:00:04.0: [drm] VGT ballooning configuration:
    i915 0000:00:04.0: [drm] Mappable graphic memory: base 0x71c7000 size 65536KiB
    i915 0000:00:04.0: [drm] Unmappable graphic memory: base 0x10000000 size 393216KiB
    i915 0000:00:04.0: [drm] balloon space: range [ 0x28000000 - 0x100000000 ] 3538944 KiB.
    i915 0000:00:04.0: [drm] balloon space: range [ 0x0 - 0x71c7000 ] 116508 KiB.
    i915 0000:00:04.0: [drm] balloon space: range [ 0xb1c7000 - 0x10000000 ] 80100 KiB.
    i915 0000:00:04.0: [drm] VGT balloon successfully

    """

  @Test func `there are enough of them to look at`() {
    #expect(Self.examples.count >= 10)
  }

  @Test(arguments: Set(examples).sorted())
  func `an example does what it says`(example: String) throws {
    let script = """
      mkdir -p "$BED/bin" "$BED/work"
      ln -sf "$1" "$BED/bin/vgt-balloon"
      export PATH="$BED/bin:$PATH"
      cd "$BED/work"
      \(example)
      """
    let run = try bed().run([], under: ["sh", "-euc", script, "sh"])
    #expect(run.errors == "", "\(example)")
    #expect(run.status == 0, "\(example)")
    #expect(run.output != "", "\(example)")
  }
}
