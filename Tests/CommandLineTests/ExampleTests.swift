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
      guest.pvInfo.id = UInt32(max(1, number))
      guest.pvInfo.mappable = Share(base: UInt32(max(1, number)) * 0x400_0000, size: 0x400_0000)
      guest.pvInfo.unmappable = Share(
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

  /// Types a line into a shell that finds the tool.
  private func type(_ line: String, in bed: QuickBed) throws -> ToolRun {
    let script = """
      mkdir -p "$BED/bin" "$BED/work"
      ln -sf "$1" "$BED/bin/vgt-balloon"
      export PATH="$BED/bin:$PATH"
      cd "$BED/work"
      \(line)
      """
    return try bed.run([], under: ["sh", "-euc", script, "sh"])
  }

  @Test(arguments: Set(examples).sorted())
  func `an example does what it says`(example: String) throws {
    let run = try type(example, in: bed())
    #expect(run.errors == "", "\(example)")
    #expect(run.status == 0, "\(example)")
    #expect(run.output != "", "\(example)")
  }

  @Test func `the examples of --help do what they say, in their order`() throws {
    let bed = try bed()
    let examples = try Tool.run(["--help"]).output.matches(of: #/\n {2}[#$] (vgt-balloon.*?) {2}/#)
    #expect(examples.count >= 4)
    for example in examples {
      let run = try type(String(example.1), in: bed)
      #expect(run.errors == "", "\(example.1)")
      #expect(run.status == 0, "\(example.1)")
    }
  }

  /// Machines of which a report ends in each way.
  private static let machines: KeyValuePairs<String, SyntheticMachine> = [
    "ok": SyntheticMachine(.healthy),
    "failed": SyntheticMachine(.healthy.with(\.page.caps, 0)),
    "no-vgpu": SyntheticMachine(.healthy.with(\.page.magic, 0)),
    "unreadable": SyntheticMachine(.healthy.with(\.command, 0x0405)),
  ]

  /// The status that each word of a verdict has.
  private static let statuses: [Substring: Int32] = [
    "ok": 0, "no-vgpu": 1, "failed": 2, "unreadable": 3, "unusable": 65, "no-input": 66,
  ]

  @Test(arguments: machines.map { ($0.key, $0.value) })
  func `status, text and JSON say the same, whatever the verdict`(
    verdict: String, machine: SyntheticMachine
  ) throws {
    let bed = try QuickBed(machine)
    try bed.write(try bed.run("report").output, to: "report.txt")
    let ending = ["ok": "VGT balloon successfully", "failed": "VGT balloon fail"][verdict]
    let detected = verdict == "no-vgpu" ? "" : "Virtual GPU for Intel GVT-g detected."
    try bed.write(
      [detected, ending ?? ""].map { "i915 0000:00:04.0: [drm] \($0)\n" }.joined(),
      to: "dmesg.txt")
    let commands = [
      ["report"], ["--from", bed.path("report.txt")], ["ggtt"], ["host", bed.path("report.txt")],
      ["log", bed.path("dmesg.txt")], ["host", bed.path("dmesg.txt")],
    ]
    for command in commands {
      let text = try bed.run(command)
      let json = try bed.run(command + ["--json"])
      let word = try #require(text.output.firstMatch(of: #/VERDICT {2}([a-z-]+):/#)).1
      #expect(text.status == Self.statuses[word], "\(command)")
      #expect(json.status == text.status, "\(command)")
      #expect(json.errors == text.errors, "\(command)")
      #expect(
        text.output.contains(#/: end of [a-z ]+: ([a-z-]+)\n$/#)
          && text.output.hasSuffix(": \(word)\n"), "\(command)")
      guard command[0] == "report" || command[0] == "--from" else { continue }
      #expect(word == verdict, "\(command)")
      #expect(try json.report().verdict == verdict, "\(command)")
      #expect(try json.report().devices.count == 1, "\(command)")
    }
  }
}
