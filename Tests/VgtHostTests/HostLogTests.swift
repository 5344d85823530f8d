import CoreFixtures
import Foundation
import Support
import Testing
import VgtCore
import VgtHost
import VgtReport

/// What i915 of Linux 5.7 and later prints as it balloons.
private struct Log {
  var mappable = "base 0x4000000 size 65536KiB"
  var unmappable = "base 0xe8000000 size 393216KiB"
  var ranges = [
    "[ 0x10000000 - 0xe8000000 ] 3538944 KiB", "[ 0x0 - 0x4000000 ] 65536 KiB",
    "[ 0x8000000 - 0x10000000 ] 131072 KiB",
  ]
  var ending = "VGT balloon successfully"

  /// Beside the sample's shares, which it does not touch.
  static let second = Log(
    mappable: "base 0x71c7000 size 65536KiB", unmappable: "base 0x10000000 size 393216KiB",
    ranges: [
      "[ 0x28000000 - 0x100000000 ] 3538944 KiB", "[ 0x0 - 0x71c7000 ] 116508 KiB",
      "[ 0xb1c7000 - 0x10000000 ] 80100 KiB",
    ])

  /// Begins in the last page of the sample's mappable share.
  static let overlapping = Log(
    mappable: "base 0x71c6000 size 65536KiB", unmappable: second.unmappable,
    ranges: [
      "[ 0x28000000 - 0x100000000 ] 3538944 KiB", "[ 0x0 - 0x71c6000 ] 116504 KiB",
      "[ 0xb1c6000 - 0x10000000 ] 80104 KiB",
    ])

  /// The sample's shares.
  static let sample = Log(
    mappable: "base 0x31c7000 size 65536KiB", unmappable: "base 0xe7ef8000 size 393216KiB",
    ranges: [
      "[ 0x10000000 - 0xe7ef8000 ] 3537888 KiB", "[ 0xffef8000 - 0x100000000 ] 1056 KiB",
      "[ 0x0 - 0x31c7000 ] 50972 KiB", "[ 0x71c7000 - 0x10000000 ] 145636 KiB",
    ])

  var lines: [String] {
    ["Virtual GPU for Intel GVT-g detected.", "VGT ballooning configuration:"]
      + ["Mappable graphic memory: \(mappable)", "Unmappable graphic memory: \(unmappable)"]
      + ranges.map { "balloon space: range \($0)." } + [ending]
  }

  var bytes: [UInt8] { Self.bytes(lines) }

  static func bytes(_ lines: [String]) -> [UInt8] {
    Array(lines.map { "[    2.001000] i915 0000:00:04.0: [drm] \($0)\n" }.joined().utf8)
  }
}

extension HostView {
  fileprivate init(_ inputs: KeyValuePairs<String, [UInt8]>, isStray: Bool = false) {
    var evidence = HostInputs()
    for (source, bytes) in inputs { evidence.add(report: bytes, from: source, isStray: isStray) }
    self.init(evidence)
  }
}

@Suite struct `A kernel log as an input of host` {
  /// Two guests' logs in one paste.
  private static let paste = Array(
    ("""
    guest 1:
    ```
    [    2.001000] i915 0000:00:04.0: [drm] Virtual GPU for Intel GVT-g detected.
    [    2.002000] i915 0000:00:04.0: [drm] VGT ballooning configuration:
    [    2.003000] i915 0000:00:04.0: [drm] Mappable graphic memory: base 0x4000000 size 65536KiB
    [    2.004000] i915 0000:00:04.0: [drm] Unmappable graphic memory: base 0xe8000000 size 393216KiB
    [    2.005000] i915 0000:00:04.0: [drm] balloon space: range [ 0x10000000 - 0xe8000000 ] 3538944 KiB.
    [    2.006000] i915 0000:00:04.0: [drm] balloon space: range [ 0x0 - 0x4000000 ] 65536 KiB.
    [    2.007000] i915 0000:00:04.0: [drm] balloon space: range [ 0x8000000 - 0x10000000 ] 131072 KiB.
    [    2.008000] i915 0000:00:04.0: [drm] VGT balloon successfully
    ```
    guest 2:
    ```
    [    2.001000] i915 0000:00:04.0: [drm] Virtual GPU for Intel GVT-g detected.
    [    2.002000] i915 0000:00:04.0: [drm] VGT ballooning configuration:
    [    2.003000] i915 0000:00:04.0: [drm] Mappable graphic memory: base 0x8000000 size 65536KiB
    [    2.004000] i915 0000:00:04.0: [drm] Unmappable graphic memory: base 0xd0000000 size 393216KiB
    [    2.005000] i915 0000:00:04.0: [drm] balloon space: range [ 0x10000000 - 0xd0000000 ] 3145728 KiB.
    [    2.006000] i915 0000:00:04.0: [drm] balloon space: range [ 0xe8000000 - 0x100000000 ] 393216 KiB.
    [    2.007000] i915 0000:00:04.0: [drm] balloon space: range [ 0x0 - 0x8000000 ] 131072 KiB.
    [    2.008000] i915 0000:00:04.0: [drm] balloon space: range [ 0xc000000 - 0x10000000 ] 65536 KiB.
    [    2.009000] i915 0000:00:04.0: [drm] VGT balloon successfully
    ```

    """).utf8)

  @Test func `gives two guests, named by their lines, where it holds the logs of two`() throws {
    let view = HostView(["paste": Self.paste])
    #expect(view.guests.map(\.source) == ["paste:3", "paste:14"])
    #expect(view.guests.map(\.id) == [nil, nil])
    #expect(view.guests.map(\.fences) == [nil, nil])
    #expect(view.guests.map(\.mappable.base) == [0x400_0000, 0x800_0000])
    #expect(view.guests.map(\.unmappable.base) == [0xE800_0000, 0xD000_0000])
    // No range above the first guest's share tells where the GGTT ends.
    #expect(view.guests.map(\.host.total) == [4 * gib, 4 * gib])
    #expect(
      view.host == HostIdentity(ggtt: GGTT(total: 4 * gib, aperture: 256 * mib), deviceID: nil))
    #expect(
      view.spaces.flatMap(\.holes) == [
        GraphicsRange(start: 0, end: 0x400_0000),
        GraphicsRange(start: 0xC00_0000, end: 0x1000_0000),
        GraphicsRange(start: 0x1000_0000, end: 0xD000_0000),
      ])
    #expect(view.problems == [InputProblem("paste:14", .otherShares(source: "paste:3"))])
    #expect(view.verdict == .ok)
    #expect(try Golden("two-logs.txt").difference(from: view.text()) == nil)
    #expect(try Golden("two-logs.json").difference(from: view.json) == nil)
    #expect(try JSONSchema.errors(in: [view.json], against: "host") == [])
  }

  @Test func `stands beside a report, whose GPU is its own`() throws {
    let view = HostView(["report": Capture.healthy.textReport, "log": Log.second.bytes])
    #expect(view.guests.map(\.source) == ["report", "log:1"])
    #expect(view.guests.map { view.typeName(of: $0) } == ["GVTg_V5_8", "GVTg_V5_8"])
    #expect(view.host?.deviceID == 0x5912)
    #expect(view.verdict == .ok)
    #expect(view.problems == [])
    // 256 MiB less the host's 128 MiB and less two shares of 64 MiB.
    #expect(view.allocation?.mappableLeft == 0)
    #expect(try Golden("report-and-log.txt").difference(from: view.text()) == nil)
  }

  @Test func `may overlap a report`() {
    let view = HostView(["log": Log.overlapping.bytes, "report": Capture.healthy.textReport])
    #expect(view.verdict == .failed)
    #expect(view.overlaps.map(\.range) == [GraphicsRange(start: 0x71C_6000, end: 0x71C_7000)])
    #expect(view.headline.hasSuffix("some addresses were given to two vGPUs (guest1 and vGPU1)"))
    #expect(view.json.contains("\"a\": \"log:1\",\n      \"b\": \"report\""))
    #expect(view.svg.contains(">guest1 and vGPU1 overlap: mappable 0x71c6000-0x71c7000, 4 KiB<"))
  }

  @Test func `counts once with a report of the same shares, whichever comes first`() {
    for inputs: KeyValuePairs in [
      ["log": Log.sample.bytes, "report": Capture.healthy.textReport],
      ["report": Capture.healthy.textReport, "log": Log.sample.bytes],
    ] {
      let view = HostView(inputs)
      #expect(view.guests.map(\.source) == ["report"])
      #expect(view.problems == [InputProblem("log:1", .sameShares(source: "report"))])
      #expect(view.verdict == .ok)
    }
  }

  @Test func `counts once with another log of the same shares`() {
    let view = HostView(["a": Log.second.bytes, "b": Log.second.bytes])
    #expect(view.guests.map(\.source) == ["a:1"])
    #expect(view.problems == [InputProblem("b:1", .sameShares(source: "a:1"))])
  }

  @Test func `gives one guest for several boots with the same shares, as the last shows it`() {
    var last = Log.second
    last.ending = "VGT balloon fail"
    let view = HostView(["log": Log.second.bytes + last.bytes])
    #expect(view.guests.map(\.source) == ["log:9"])
    #expect(view.guests.map(\.verdict) == [.failed])
    #expect(view.problems == [])
  }

  @Test func `does not make the sample count`() {
    let view = HostView(["sample": Capture.sample.textReport, "log": Log.second.bytes])
    #expect(view.guests.map(\.source) == ["log:1"])
    #expect(view.reasons == [.sample])
  }

  @Test func `of another host is left out`() {
    // An aperture of 512 MiB.
    let other = Log(
      mappable: "base 0x4000000 size 65536KiB", unmappable: "base 0x20000000 size 393216KiB",
      ranges: [
        "[ 0x38000000 - 0x100000000 ] 3276800 KiB", "[ 0x0 - 0x4000000 ] 65536 KiB",
        "[ 0x8000000 - 0x20000000 ] 393216 KiB",
      ])
    // The log beside the report agrees with it, and so it is two to one.
    let view = HostView([
      "other": other.bytes, "report": Capture.healthy.textReport, "log": Log.second.bytes,
    ])
    #expect(view.guests.map(\.source) == ["report", "log:1"])
    #expect(view.problems.map(\.source) == ["other:1"])
    #expect(
      view.problems.map(\.line).first?.contains("(aperture 512 MiB, GGTT 4 GiB, GPU unknown)")
        == true)
    #expect(view.verdict == .unusable)
  }

  @Test func `is unusable with a damaged figure of a share`() {
    for damaged in ["base 0x71c7o00 size 65536KiB", "base 0x71c7000 size"] {
      var log = Log.second
      log.mappable = damaged
      let view = HostView(["report": Capture.healthy.textReport, "log": log.bytes])
      #expect(view.problems == [InputProblem("log:1", .sharesCut)], "\(damaged)")
      #expect(view.guests.map(\.source) == ["report"])
      #expect(view.verdict == .unusable)
    }
  }

  @Test func `is unusable with a figure that contradicts the others`() {
    var log = Log.second
    log.mappable = "base 0x71c8000 size 65536KiB"
    let view = HostView(["log": log.bytes])
    #expect(view.problems == [InputProblem("log:1", .contradictoryLog)])
    #expect(view.verdict == .unusable)
  }

  @Test func `is unusable without the shares, unless another boot has them`() {
    let detected = Log.bytes([Log.second.lines[0]])
    let view = HostView(["log": detected])
    #expect(view.problems == [InputProblem("log:1", .sharesNotInLog)])
    #expect(view.verdict == .unusable)
    #expect(HostView(["log": detected + Log.second.bytes]).problems == [])
    // Another function's.
    let other = Array(
      String(decoding: detected, as: UTF8.self).replacing("04.0", with: "05.0").utf8)
    #expect(
      HostView(["log": other + Log.second.bytes]).problems
        == [InputProblem("log:1", .sharesNotInLog)])
  }

  @Test func `without the ranges does not tell the sizes, which a report does`() throws {
    let lines = Array(Log.second.lines[..<4])
    let alone = HostView(["log": Log.bytes(lines)])
    let address = PCIAddress(domain: 0, bus: 0, device: 4, function: 0)
    #expect(alone.problems == [InputProblem("log:1", .sizesUnknown(address))])
    #expect(alone.verdict == .unusable)

    let view = HostView(["log": Log.bytes(lines), "report": Capture.healthy.textReport])
    #expect(view.guests.map(\.source) == ["log:1", "report"])
    #expect(view.guests.map(\.host.total) == [nil, 4 * gib])
    #expect(view.guests.map(\.verdict) == [.unreadable, .ok])
    #expect(view.verdict == .ok)
    #expect(try JSONSchema.errors(in: [view.json], against: "host") == [])
  }

  @Test func `without a guest's messages is refused where it is named, and a note in a folder`() {
    let none = Log.bytes(["Initialized i915 1.6.0 20201103 for 0000:00:02.0 on minor 0"])
    let named = HostView(["log": none, "report": Capture.healthy.textReport])
    #expect(named.problems == [InputProblem("log", .noCapture)])
    #expect(named.verdict == .unusable)
    #expect(HostView(["log": none], isStray: true).verdict == .noVgpu)
  }

  @Test func `of the host says that it is the host's`() {
    let host = Array("[  287.299372] gvt: failed to create intel vgpu: -28\n".utf8)
    #expect(HostView(["log": host]).problems == [InputProblem("log", .hostLog)])
    #expect(HostView(["log": host]).verdict == .unusable)
  }

  @Test func `may come in a mail, in base64`() {
    let body = Data(Log.second.bytes).base64EncodedString(options: .lineLength76Characters)
    let mail = "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n\(body)\n"
    let view = HostView(["mail": Array(mail.utf8)])
    #expect(view.guests.map(\.mappable.base) == [0x71C_7000])
  }

  @Test func `that is compressed is named so`() {
    let view = HostView(["log.gz": [0x1F, 0x8B, 0x08, 0x00]])
    #expect(view.problems == [InputProblem("log.gz", .compressed(.gzip))])
    #expect(view.verdict == .unusable)
    #expect(
      view.problems.first?.line
        == "log.gz: compressed with gzip; run zcat FILE | vgt-balloon host -")
  }

  @Test func `may tell of 64 guests, and no more`() {
    let logs = (0..<80).map { index in
      Log.bytes([
        "VGT ballooning configuration:",
        "Mappable graphic memory: base 0x\(String(index << 20, radix: 16)) size 1024KiB",
        "Unmappable graphic memory: base 0x10000000 size 393216KiB",
      ])
    }
    let view = HostView(["log": Array(logs.joined()), "report": Capture.healthy.textReport])
    #expect(view.vgpuCount == 64)
    #expect(view.reasons.contains(.tooManyGuests(limit: 64)))
    #expect(view.verdict == .unusable)
  }

  @Test func `comes from standard input, and is named so`() throws {
    let run = try Tool.run(["host", "-"], input: Self.paste)
    #expect(run.status == 0)
    #expect(
      run.errors
        == "vgt-balloon: standard input, line 14: shows other shares than standard input, line 3:"
        + " counted as another vGPU; if both are boots of one machine, give only the last\n")
    #expect(run.output.contains("VERDICT  ok: 2 vGPUs, no overlap"))
  }
}
