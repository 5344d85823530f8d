import Foundation
import CoreFixtures
import Testing
import VgtCore

/// What the driver of a kernel does with a guest, from its source.
private struct Row: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let guest: Guest
  let verdict: Verdict
  /// The failures, in the order of the checks.
  let failures: [Check]
  let ending: ExpectedProbe.Ending
  /// The last lines that the driver prints as it loads.
  let lastMessages: [String]

  init(
    _ description: String, _ guest: Guest, kernel: String?, _ verdict: Verdict,
    _ failures: [Check] = [], _ ending: ExpectedProbe.Ending, _ lastMessages: String...
  ) {
    testDescription = description
    self.guest = guest.changing(\.kernel, to: kernel)
    self.verdict = verdict
    self.failures = failures
    self.ending = ending
    self.lastMessages = lastMessages
  }
}

private let ballooned = "VGT balloon successfully"
private let invalid = "Invalid ballooning configuration!"

extension Guest {
  /// Without a driver: everything said of it is computed.
  fileprivate static let unloaded = Guest.healthy().changing(\.surroundings.driver, to: nil)
    .changing(\.surroundings.driverAnswers, to: .notAsked(.noDriver))

  /// Its mappable share ends past the aperture.
  fileprivate static let misplaced = unloaded.changing(\.pvInfo.mappable.base, to: 0x3C00_1000)

  fileprivate static let withoutMappable = unloaded.changing(\.pvInfo.mappable.size, to: 0)

  /// An aperture of 2 GiB over a GGTT of 1 GiB.
  fileprivate static let allAperture = unloaded.changing(\.surroundings.gmchControl, to: 0x0040)
    .changing(\.surroundings.bar2, to: BAR(address: 0x40_0000_0000, size: 0x8000_0000))
    .changing(\.pvInfo.unmappable, to: Share(base: 0x4000_0000, size: 0))

  fileprivate static let withGuC = unloaded.changing(\.surroundings.enableGuC, to: 2)

  /// With the last 384 MiB of the GGTT, and GuC.
  fileprivate static let atTop = withGuC.changing(\.pvInfo.unmappable.base, to: 0xE800_0000)
}

private let rows: [Row] = [
  Row(
    "Skylake, 4.4: looked for on Haswell only", .unloaded, kernel: "4.4.0", .failed,
    [.kernelHaswellOnly], .ignoresVgpu),
  Row(
    "3.10: not looked for", .unloaded, kernel: "3.10.0", .failed, [.kernelBeforeGVT], .ignoresVgpu),
  Row(
    "4.9, version 1.1: refused", .unloaded.changing(\.pvInfo.versionMinor, to: 1), kernel: "4.9.0",
    .failed, [.kernelWantsExactVersion], .ignoresVgpu, "VGT interface version mismatch!"),
  Row(
    "late 4.11.y, version 1.1: accepted", .unloaded.changing(\.pvInfo.versionMinor, to: 1),
    kernel: "4.11.12", .ok, [], .balloons, ballooned),
  Row(
    "Haswell, BAR2 of 1 GiB",
    Guest.haswell.changing(\.surroundings.bar2, to: BAR(address: 0x8000_0000, size: 0x4000_0000)),
    kernel: "4.4.0", .failed, [.apertureOutOfRange], .refuses(errno: 6),
    "Virtual GPU for Intel GVT-g detected.", "Unknown GMADR size (40000000)"),
  Row(
    "GGMS 0, 6.1", .unloaded.changing(\.surroundings.gmchControl, to: 0), kernel: "6.1.0", .failed,
    [.ggttEmpty], .refuses(errno: 12), "Virtual GPU for Intel GVT-g detected.",
    "Failed to map the ggtt page table", "Device initialization failed (-12)"),
  Row(
    "GGMS 0, 4.8", .unloaded.changing(\.surroundings.gmchControl, to: 0), kernel: "4.8.0", .failed,
    [.ggttEmpty], .refuses(errno: 12), "Failed to map the gtt page table",
    "Device initialization failed (-12)"),
  Row(
    "caps 0, 6.1: the second refusal is never reached", .unloaded.changing(\.pvInfo.caps, to: []),
    kernel: "6.1.0", .failed, [.fullPPGTTMissing, .hwspEmulationMissing], .refuses(errno: 6),
    "Virtual GPU for Intel GVT-g detected.",
    "incompatible vGPU found, support for isolated ppGTT required",
    "Device initialization failed (-6)"),
  Row(
    "an empty mappable share, 4.10", .withoutMappable, kernel: "4.10.0", .failed,
    [.errorCapturePageMissing], .refuses(errno: 28), ballooned,
    "Device initialization failed (-28)"),
  Row(
    "a mappable share that is the whole aperture, 4.10: it has pages",
    .unloaded.changing(\.pvInfo.mappable, to: Share(base: 0, size: 0x4000_0000)), kernel: "4.10.0",
    .ok, [], .balloons, ballooned),
  Row(
    "an empty mappable share, 5.10.12", .withoutMappable, kernel: "5.10.12", .failed,
    [.errorCapturePageMissing], .refuses(errno: 28), ballooned,
    "Device initialization failed (-28)"),
  Row(
    "an empty mappable share, 5.11", .withoutMappable, kernel: "5.11.0", .ok, [], .balloons,
    ballooned),
  Row(
    "an empty mappable share, 4.9", .withoutMappable, kernel: "4.9.0", .ok, [], .balloons, ballooned
  ),
  Row(
    "an invalid configuration, 4.13: oops", .misplaced, kernel: "4.13.0", .failed,
    [.mappableEndsPastAperture, .kernelCleanupOops], .oopses, invalid),
  Row(
    "an invalid configuration, 5.2.11: oops", .misplaced, kernel: "5.2.11", .failed,
    [.mappableEndsPastAperture, .kernelCleanupOops], .oopses, invalid),
  Row(
    "an invalid configuration, 4.19.300: refused", .misplaced, kernel: "4.19.300", .failed,
    [.mappableEndsPastAperture], .refuses(errno: 22), invalid,
    "Device initialization failed (-22)"),
  Row(
    "an invalid configuration, 5.3: refused", .misplaced, kernel: "5.3.0", .failed,
    [.mappableEndsPastAperture], .refuses(errno: 22), invalid,
    "Device initialization failed (-22)"),
  Row(
    "an invalid configuration, 4.8: nothing reserved", .misplaced, kernel: "4.8.0", .failed,
    [.mappableEndsPastAperture, .kernelIgnoresFailure], .reservesNothing, invalid),
  Row(
    "an invalid configuration, 4.9: refused", .misplaced, kernel: "4.9.0", .failed,
    [.mappableEndsPastAperture], .refuses(errno: 22), invalid,
    "Device initialization failed (-22)"),
  Row(
    "bit 3 missing, 4.19", .unloaded.changing(\.pvInfo.caps, to: .fullPPGTT), kernel: "4.19.300",
    .failed, [.hwspEmulationMissing], .hangs, ballooned),
  Row(
    "bit 3 missing, 4.18", .unloaded.changing(\.pvInfo.caps, to: .fullPPGTT), kernel: "4.18.0", .ok,
    [],
    .balloons, ballooned),
  Row(
    "an aperture larger than the GGTT, 4.8", .allAperture, kernel: "4.8.0", .failed,
    [.apertureClamped, .reservationFailed], .asserts,
    "Virtual GPU for Intel GVT-g detected."),
  Row(
    "an aperture larger than the GGTT, 4.12", .allAperture, kernel: "4.12.0", .ok, [], .balloons,
    ballooned),
  Row(
    "33 fences, 5.7", .unloaded.changing(\.pvInfo.fenceCount, to: 33), kernel: "5.7.0", .failed,
    [.fencesTooMany], .corruptsMemory, ballooned),
  Row(
    "33 fences, 5.8", .unloaded.changing(\.pvInfo.fenceCount, to: 33), kernel: "5.8.0", .ok, [],
    .balloons, ballooned),
  Row(
    "GuC, 4.19: the GGTT ends at 0xfee00000", .withGuC, kernel: "4.19.300", .ok, [], .balloons,
    "balloon space: range [ 0x78000000 - 0xfee00000 ] 2209792 KiB.",
    "balloon space: range [ 0x0 - 0x8000000 ] 131072 KiB.",
    "balloon space: range [ 0xc000000 - 0x40000000 ] 851968 KiB.", ballooned),
  Row(
    "GuC, 4.11: and a guard page before it", .withGuC, kernel: "4.11.0", .ok, [], .balloons,
    "balloon space: range [ 0x78000000 - 0xfedff000 ] 2209788 KiB.",
    "balloon space: range [ 0x0 - 0x8000000 ] 131072 KiB.",
    "balloon space: range [ 0xc000000 - 0x40000000 ] 851968 KiB.", ballooned),
  Row(
    "GuC and a share at the top, 4.19", .atTop, kernel: "4.19.300", .failed,
    [.unmappableEndsPastGGTT, .gucCutsGGTT], .refuses(errno: 22), invalid,
    "Device initialization failed (-22)"),
  Row(
    "GuC, 5.3: the top is not this guest's", .withGuC, kernel: "5.3.0", .failed,
    [.gucReservesTop], .refuses(errno: 28), ballooned, "Device initialization failed (-28)"),
  Row("GuC and a share at the top, 6.12", .atTop, kernel: "6.12.0", .ok, [], .balloons, ballooned),
  Row(
    "GuC on Broadwell, which has none", .withGuC.changing(\.surroundings.deviceID, to: 0x1616),
    kernel: "6.12.0", .ok, [], .balloons, ballooned),
  Row(
    "GuC left to the driver", .withGuC.changing(\.surroundings.enableGuC, to: -1),
    kernel: "6.12.0", .ok, [], .balloons, ballooned),
]

@Suite struct `the driver's probe` {
  @Test(arguments: rows)
  fileprivate func `ends as its source says, and the verdict with it`(row: Row) throws {
    let diagnosis = row.guest.diagnosis
    let probe = try #require(diagnosis.expectedProbe)
    #expect(diagnosis.verdict == row.verdict)
    #expect(
      diagnosis.findings.filter { $0.severity == .failure }.map(\.check) == row.failures)
    #expect(probe.ending == row.ending)
    if row.lastMessages.isEmpty {
      #expect(probe.messages == [])
    } else {
      #expect(probe.messages.suffix(row.lastMessages.count) == row.lastMessages)
    }
  }

  /// Linux 4.12, 4.13 and 5.3 `i915_vgpu.c`, `intel_vgt_deballoon`: nothing
  /// below the mappable share was reserved.
  @Test(
    arguments: [
      ("4.12.0", []),
      (
        "4.13.0",
        [
          "deballoon space: range [0x0 - 0x0] 0 KiB.",
          "deballoon space: range [0x4000000 - 0x40000000] 983040 KiB.",
          "deballoon space: range [0x40000000 - 0x60000000] 524288 KiB.",
          "deballoon space: range [0x78000000 - 0x100000000] 2228224 KiB.",
        ]
      ),
      (
        "5.3.0",
        [
          "deballoon space: range [0x4000000 - 0x40000000] 983040 KiB.",
          "deballoon space: range [0x40000000 - 0x60000000] 524288 KiB.",
          "deballoon space: range [0x78000000 - 0x100000000] 2228224 KiB.",
        ]
      ),
    ] as [(String, [String])])
  func `names the ranges on unload from 4.13 on, and up to 5.2 skipped ones too`(
    kernel: String, lines: [String]
  ) {
    let guest = Guest.unloaded.changing(\.pvInfo.mappable.base, to: 0).changing(
      \.kernel, to: kernel)
    #expect(guest.diagnosis.expectedProbe?.debugMessages == ["VGT deballoon."] + lines)
  }

  /// Linux 4.13 and 4.16 `i915_vgpu.c`; 5.3 has the fix.
  @Test(
    arguments: [
      ("4.12.0", 0), ("4.13.0", 4), ("5.2.0", 4), ("4.19.300", 0), ("5.3.0", 0),
    ] as [(String, Int)])
  func `cleans up after an invalid configuration with a line for each place, or none`(
    kernel: String, count: Int
  ) {
    let guest = Guest.misplaced.changing(\.kernel, to: kernel)
    #expect(
      guest.diagnosis.expectedProbe?.debugMessages == ["VGT deballoon."]
        + Array(repeating: "deballoon space: range [0x0 - 0x0] 0 KiB.", count: count))
  }

  /// The two are computed apart.
  @Test func `goes well exactly where no check fails, whatever the page`() {
    let kernels = DriverEra.boundaries.map(\.description) + ["6.12", "odd"]
    for seed in seeds(1000) {
      var generator = SeededGenerator(seed: seed)
      var capture = generator.capture()
      capture.driver = nil
      capture.driverAnswers = .notAsked(.noDriver)
      for kernel in kernels {
        let diagnosis = Diagnosis(capture, kernel: KernelRelease(kernel))
        guard diagnosis.presence == .present else { continue }
        #expect(
          (diagnosis.expectedProbe?.ending == .balloons) == (diagnosis.verdict == .ok),
          "seed \(seed), \(kernel)")
      }
    }
  }
}

@Suite struct `kernels that work` {
  @Test(
    arguments: [
      // caps 0: a host of before 4.14, whose guests must be older than 4.19.
      (
        Guest.unloaded.changing(\.pvInfo.caps, to: []), "6.1.0",
        "Linux 4.8 to 4.18, and 4.19 and later on a host with Linux 4.16 or later"
      ),
      (
        Guest.unloaded.changing(\.pvInfo.caps, to: .fullPPGTT), "4.20.0",
        "Linux 4.8 to 4.18, and 4.19 and later on a host with Linux 4.16 or later"
      ),
      (Guest.unloaded, "4.4.0", "Linux 4.8 and later"),
      (Guest.withoutMappable, "5.10.12", "Linux 5.10.13 and later"),
      (Guest.withoutMappable, "4.10.0", "Linux 4.8 to 4.9"),
      (Guest.unloaded.changing(\.pvInfo.fenceCount, to: 33), "4.19.0", "Linux 5.8 and later"),
      (Guest.misplaced, "6.1.0", nil),
      (Guest.unloaded, "6.1.0", nil),
    ] as [(Guest, String, String?)])
  func `are named where this guest's does not`(guest: Guest, kernel: String, text: String?) {
    #expect(guest.changing(\.kernel, to: kernel).diagnosis.workingKernels == text)
  }
}

@Suite struct `a bound driver's answers` {
  private func guest(_ release: String, log: DriverAnswer<[GraphicsRange]>, available: UInt64)
    -> Guest
  {
    Guest.healthy().changing(\.surroundings.kernelRelease, to: release)
      .changing(
        \.surroundings.driverAnswers,
        to: .heard(
          log: log, aperture: .said(ApertureSize(size: 1 << 32, available: available), agrees: nil),
          fences: .said(4, agrees: nil)))
  }

  /// Linux 4.12 and 4.13 `i915_gem.c`, `i915_gem_get_aperture_ioctl`: a sound
  /// guest of 4.12 answers nearly all of the GGTT.
  @Test(
    arguments: [
      ("4.8.0", .ok), ("4.12.14", .ok), ("4.13.0", .failed), ("6.1.0", .failed),
      ("3.10.0-957.el7.x86_64", .failed),
    ] as [(String, Verdict)])
  func `are within the shares only from 4.13 on`(release: String, verdict: Verdict) {
    let type = UpstreamType.eighth
    let log: DriverAnswer<[GraphicsRange]> =
      release == "4.8.0" ? .absent(.noLines) : .said(type.reserved, agrees: nil)
    #expect(guest(release, log: log, available: 0xFF80_0000).diagnosis.verdict == verdict)
  }

  @Test func `of a driver that did not balloon are a failure`() {
    let diagnosis = guest("6.1.0", log: .absent(.notBallooned), available: 0).diagnosis
    #expect(diagnosis.verdict == .failed)
    #expect(
      diagnosis.findings.filter { $0.severity == .failure }.map(\.check) == [.driverNotAware])
  }

  @Test(arguments: [("4.9.0", .guardPage), ("4.12.0", .exact)] as [(String, BalloonRule)])
  func `that name no range leave the rule of the recorded release`(
    release: String, rule: BalloonRule
  ) {
    let guest = guest(release, log: .absent(.noLines), available: 0)
    #expect(guest.diagnosis.balloon?.rule == rule)
  }

  /// With GuC the GGTT of 4.19 ends at 0xfee00000, and so does the last range.
  @Test func `agree with a GGTT that GuC cuts`() {
    let cut = [
      GraphicsRange(start: 0x4000_0000, end: 0x6000_0000),
      GraphicsRange(start: 0x7800_0000, end: 0xFEE0_0000),
      GraphicsRange(start: 0x0, end: 0x800_0000),
      GraphicsRange(start: 0xC00_0000, end: 0x4000_0000),
    ]
    let guest = Guest.healthy().changing(\.surroundings.kernelRelease, to: "4.19.300")
      .changing(\.surroundings.enableGuC, to: 2)
      .changing(
        \.surroundings.driverAnswers,
        to: .heard(
          log: .said(cut, agrees: nil),
          aperture: .said(ApertureSize(size: 0xFEE0_0000, available: 0x1000_0000), agrees: nil),
          fences: .said(4, agrees: nil)))
    #expect(guest.diagnosis.verdict == .ok)
    #expect(guest.diagnosis.findings.contains { $0.check == .gucCutsGGTT })
    #expect(guest.changing(\.surroundings.enableGuC, to: nil).diagnosis.verdict == .failed)
  }

  /// GuC may be asked for and not used.
  @Test func `of a driver that ballooned show that GuC took nothing`() {
    let diagnosis = Guest.healthy().changing(\.surroundings.enableGuC, to: 2).diagnosis
    #expect(diagnosis.verdict == .ok)
    #expect(diagnosis.findings.contains { $0.check == .gucReservesTop && $0.severity == .warning })
    #expect(diagnosis.expectedProbe?.ending == .balloons)
    #expect(diagnosis.expectedProbe?.ending.isBallooned == true)
  }
}

/// Which kernel does what is known in one place.
@Suite struct `the table of eras` {
  @Test func `is the only one that compares kernel versions`() throws {
    let sources = URL(filePath: #filePath).appending(path: "../../../Sources").standardizedFileURL
    let files = try #require(
      FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var strangers: [String] = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let path = file.path.dropFirst(sources.path.count + 1)
      if path.hasPrefix("VgtCore/Driver/") || path == "VgtCore/Platform/KernelRelease.swift" {
        continue
      }
      let text = try String(contentsOf: file, encoding: .utf8)
      if text.contains("KernelVersion(") || text.contains("KernelRange(") {
        strangers.append(String(path))
      }
    }
    #expect(strangers == [])
  }
}
