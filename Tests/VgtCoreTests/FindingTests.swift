import CoreFixtures
import Testing
import VgtCore

/// How one change to a guest bears on a finding.
private struct Row: Sendable {
  let code: Check
  let severity: Severity
  let before: Guest
  let after: Guest
  /// What else comes with it, worst first: warnings and failures alone.
  let alsoDoubts: [Check]

  /// - Parameters:
  ///   - base: The guest that is changed; healthy when nothing is said.
  ///   - value: What the change makes of `property`.
  init<Value>(
    _ code: Check, _ severity: Severity, from base: Guest = .healthy(),
    _ property: WritableKeyPath<Guest, Value>, _ value: Value, also: [Check] = []
  ) {
    self.code = code
    self.severity = severity
    before = base
    after = base.changing(property, to: value)
    alsoDoubts = also
  }
}

extension Guest {
  fileprivate static let unloaded = Guest.healthy().changing(\.surroundings.driver, to: nil)
    .changing(\.surroundings.driverAnswers, to: .notAsked(.noDriver))

  /// Its last range ends with the GGTT in the aperture, which no guard page
  /// minds since 4.12.
  fileprivate static let allAperture = Guest.healthy()
    .changing(\.surroundings.gmchControl, to: 0x0040)
    .changing(\.pvInfo.unmappable, to: Share(base: 0x4000_0000, size: 0))

  fileprivate static let covering = Guest.healthy()
    .changing(\.pvInfo.mappable, to: Share(base: 0, size: 0x4000_0000))
    .changing(\.pvInfo.unmappable, to: Share(base: 0x4000_0000, size: 0xBFFF_F000))

  fileprivate var codes: [Check] { diagnosis.findings.map(\.check) }

  fileprivate var doubts: [Check] {
    diagnosis.findings.filter { $0.severity >= .warning }.map(\.check)
  }
}

extension DriverAnswers {
  fileprivate func changing<Value>(
    _ property: WritableKeyPath<DriverAnswers, Value>, to value: Value
  ) -> DriverAnswers {
    var copy = self
    copy[keyPath: property] = value
    return copy
  }
}

/// One change each that brings the finding out.
private let rows: [Row] = [
  Row(.noPage, .info, \.magic, 0),
  Row(.platformUnlisted, .info, \.surroundings.deviceID, 0x9A49),
  Row(.versionUnsupported, .info, \.pvInfo.versionMajor, 0),
  Row(
    .pageUnreadable, .warning, \.surroundings.unreadable, .barUnassigned, also: [.pageUnreadable]),

  Row(.fullPPGTTMissing, .failure, \.pvInfo.caps, [.hwspEmulation, .hugeGTT]),
  Row(.hwspEmulationMissing, .failure, \.pvInfo.caps, [.fullPPGTT, .hugeGTT]),
  Row(.ggttUnknown, .failure, \.surroundings.gmchControl, nil),
  Row(
    .ggttEmpty, .failure, \.surroundings.gmchControl, 0x0000),
  Row(.bar2Missing, .failure, \.surroundings.bar2, nil),
  Row(
    .apertureOutOfRange, .failure, from: .haswell, \.surroundings.bar2,
    BAR(address: 0xC000_0000, size: 0x4000_0000)),
  Row(
    .apertureClamped, .warning, from: .allAperture, \.surroundings.bar2,
    BAR(address: 0x40_0000_0000, size: 0x8000_0000), also: [.apertureClamped, .shareEmpty]),
  Row(.mappableEndsPastAperture, .failure, \.pvInfo.mappable.base, 0x3C00_1000),
  Row(.unmappableStartsInsideAperture, .failure, \.pvInfo.unmappable.base, 0x3FFF_F000),
  Row(.unmappableEndsPastGGTT, .failure, \.pvInfo.unmappable.base, 0xE800_1000),
  Row(
    .reservationFailed, .failure, from: .allAperture, \.kernel, "4.10.0",
    also: [.reservationFailed, .shareEmpty]),

  Row(.shareEmpty, .warning, \.pvInfo.mappable.size, 0),
  Row(.shareUnaligned, .warning, \.pvInfo.mappable.base, 0x800_0800),
  Row(.shareCoversAll, .info, from: .covering, \.pvInfo.unmappable.size, 0xC000_0000),
  Row(.fencesNone, .warning, \.pvInfo.fenceCount, 0),
  Row(.fencesTooMany, .warning, \.pvInfo.fenceCount, 33),
  Row(.idUnusual, .info, \.pvInfo.id, 8),
  Row(.hugeGTTMissing, .info, \.pvInfo.caps, [.fullPPGTT, .hwspEmulation]),
  Row(.capsUnknown, .info, \.pvInfo.caps, Capabilities(rawValue: 0x5C)),
  Row(.capsVendor, .info, \.pvInfo.caps, Capabilities(rawValue: 0x3C)),
  Row(.vgpuTypeUnknown, .info, \.pvInfo.unmappable.size, 0x1C00_0000),
  Row(
    .acrnShares, .info, from: Guest.healthy().changing(\.pvInfo.fenceCount, to: 8),
    \.pvInfo.unmappable.size, 0x1C00_0000),

  Row(.kernelBeforeGVT, .failure, \.kernel, "3.16.0"),
  Row(.kernelHaswellOnly, .failure, \.kernel, "4.7.0"),
  Row(.kernelBackport, .info, \.surroundings.kernelRelease, "3.10.0-957.el7.x86_64"),
  Row(
    .kernelIgnoresFailure, .failure, from: Guest.healthy().changing(\.kernel, to: "4.8.17"),
    \.pvInfo.mappable.base, 0x3C00_1000, also: [.kernelIgnoresFailure, .mappableEndsPastAperture]),
  Row(
    .kernelCleanupOops, .failure, from: Guest.healthy().changing(\.kernel, to: "4.19.69"),
    \.pvInfo.mappable.base, 0x3C00_1000, also: [.kernelCleanupOops, .mappableEndsPastAperture]),
  Row(
    .errorCapturePageMissing, .failure, from: Guest.healthy().changing(\.kernel, to: "5.10.12"),
    \.pvInfo.mappable.size, 0, also: [.errorCapturePageMissing, .shareEmpty]),
  Row(
    .gucCutsGGTT, .info, from: Guest.healthy().changing(\.kernel, to: "4.19.300"),
    \.surroundings.enableGuC, 2),
  Row(
    .gucReservesTop, .failure, from: Guest.healthy().changing(\.kernel, to: "5.3.0"),
    \.surroundings.enableGuC, 2),
  Row(
    .kernelWantsExactVersion, .failure, from: Guest.healthy().changing(\.kernel, to: "4.11.0"),
    \.pvInfo.versionMinor, 1),
  Row(
    .kernelUnloadOops, .warning, from: Guest.healthy().changing(\.kernel, to: "5.2.11"),
    \.pvInfo.mappable.base, 0),

  Row(.driverNone, .info, \.surroundings.driver, nil),
  Row(.driverOther, .warning, \.surroundings.driver, "vfio-pci"),
  Row(.driverUnfinished, .warning, \.surroundings.driverAnswers.log, .absent(.noNode)),
  Row(.driverNotAware, .failure, \.surroundings.driverAnswers.log, .absent(.notBallooned)),
  Row(.logDisagrees, .failure, \.surroundings.driverAnswers.log, .disagrees([])),
  Row(.logAbsent, .info, \.surroundings.driverAnswers.log, .absent(.noLines)),
  Row(.logUnreadable, .info, \.surroundings.driverAnswers.log, .unreadable(.permission)),
  Row(
    .apertureDisagrees, .failure, \.surroundings.driverAnswers.aperture,
    .disagrees(ApertureSize(size: 0x1_0000_0000, available: 0x1_0000_0000))),
  Row(.apertureAbsent, .info, \.surroundings.driverAnswers.aperture, .absent(.noNode)),
  Row(.apertureUnreadable, .info, \.surroundings.driverAnswers.aperture, .unreadable(.error)),
  Row(.fencesDisagree, .failure, \.surroundings.driverAnswers.fences, .disagrees(16)),
  Row(.fencesAbsent, .info, \.surroundings.driverAnswers.fences, .absent(.noNode)),
  Row(.fencesUnreadable, .info, \.surroundings.driverAnswers.fences, .unreadable(.permission)),

  // Tests that pass, each from the guest that fails it.
  Row(
    .pageValid, .ok, from: Guest.healthy().changing(\.magic, to: 0), \.magic, 0x4776_5447_7654_4776),
  Row(
    .fullPPGTT, .ok, from: Guest.healthy().changing(\.pvInfo.caps, to: [.hwspEmulation, .hugeGTT]),
    \.pvInfo.caps, [.fullPPGTT, .hwspEmulation, .hugeGTT]),
  Row(
    .hwspEmulation, .ok, from: Guest.healthy().changing(\.pvInfo.caps, to: [.fullPPGTT, .hugeGTT]),
    \.pvInfo.caps, [.fullPPGTT, .hwspEmulation, .hugeGTT]),
  Row(
    .mappableInsideAperture, .ok,
    from: Guest.healthy().changing(\.pvInfo.mappable.base, to: 0x3C00_1000),
    \.pvInfo.mappable.base, 0x3C00_0000),
  Row(
    .unmappableAboveAperture, .ok,
    from: Guest.healthy().changing(\.pvInfo.unmappable.base, to: 0x3FFF_F000),
    \.pvInfo.unmappable.base, 0x4000_0000),
  Row(
    .unmappableInsideGGTT, .ok,
    from: Guest.healthy().changing(\.pvInfo.unmappable.base, to: 0xE800_1000),
    \.pvInfo.unmappable.base, 0xE800_0000),
  Row(
    .reserved, .ok, from: Guest.healthy().changing(\.pvInfo.unmappable.base, to: 0xE800_1000),
    \.pvInfo.unmappable.base, 0xE800_0000),
  Row(
    .fencesValid, .ok, from: Guest.healthy().changing(\.pvInfo.fenceCount, to: 33),
    \.pvInfo.fenceCount,
    32),
  Row(
    .vgpuType, .ok, from: Guest.healthy().changing(\.pvInfo.mappable.size, to: 0x500_0000),
    \.pvInfo.mappable.size, 0x400_0000),
  Row(.driverBound, .ok, from: .unloaded, \.surroundings.driver, "i915"),
  Row(
    .logAgrees, .ok,
    from: Guest.healthy().changing(\.surroundings.driverAnswers.log, to: .absent(.noLines)),
    \.surroundings.driverAnswers.log, .agrees([])),
  Row(
    .apertureAgrees, .ok,
    from: Guest.healthy().changing(\.surroundings.driverAnswers.aperture, to: .absent(.noNode)),
    \.surroundings.driverAnswers.aperture, .agrees(ApertureSize(size: 1 << 32, available: 0))),
  Row(
    .fencesAgree, .ok,
    from: Guest.healthy().changing(\.surroundings.driverAnswers.fences, to: .absent(.noNode)),
    \.surroundings.driverAnswers.fences, .agrees(4)),
]

@Suite struct `a finding` {
  @Test(arguments: Check.all)
  func `of each code has a guest that brings it out`(code: Check) {
    #expect(rows.count { $0.code == code } == 1)
  }

  @Test(arguments: Check.all)
  func `comes with one change and with its severity`(code: Check) throws {
    let row = try #require(rows.first { $0.code == code })
    #expect(!row.before.codes.contains(code))
    let found = row.after.diagnosis.findings.filter { $0.check == code }
    #expect(found.map(\.severity) == [row.severity])
  }

  /// What is wrong must not hide in a heap of what follows from it.
  @Test(arguments: Check.all)
  func `brings no other doubt with it`(code: Check) throws {
    let row = try #require(rows.first { $0.code == code })
    let expected =
      row.alsoDoubts.isEmpty ? (row.severity >= .warning ? [code] : []) : row.alsoDoubts
    #expect(
      Set(row.after.doubts).subtracting(row.before.doubts)
        == Set(expected).subtracting(row.before.doubts))
  }

  @Test(arguments: Check.all)
  func `has a reference, with a remedy wherever it fails`(code: Check) throws {
    let row = try #require(rows.first { $0.code == code })
    #expect(code.meaning.hasSuffix("."))
    if row.severity == .failure { #expect(code.remedy != nil) }
  }

  @Test func `is in ASCII and without line breaks, whatever names there are`() {
    for seed in seeds(1000) {
      var generator = SeededGenerator(seed: seed)
      let release = generator.once(in: 2) ? nil : KernelRelease(generator.name())
      let odd = Diagnosis(generator.capture(), kernel: release).findings.filter { finding in
        !finding.text.utf8.allSatisfy { (0x20...0x7E).contains($0) } || finding.text.isEmpty
      }
      #expect(odd == [], "seed \(seed)")
    }
  }
}

@Suite struct `a healthy guest` {
  @Test(arguments: UpstreamType.allCases, [0x1912, 0x5912, 0x87C0, 0x3E92, 0x3EA0, 0x9BC5, 0x5A84])
  func `of every type and platform raises no doubt`(type: UpstreamType, device: UInt16) {
    let guest = Guest.healthy(type).changing(\.surroundings.deviceID, to: device)
    #expect(guest.doubts == [])
    #expect(guest.diagnosis.verdict == .ok)
    #expect(guest.diagnosis.vgpuType == "GVTg_V5_\(type.rawValue)")
  }

  @Test(arguments: UpstreamType.allCases)
  func `on Broadwell has types of their own name`(type: UpstreamType) {
    let guest = Guest.healthy(type).changing(\.surroundings.deviceID, to: 0x1616)
    #expect(guest.doubts == [])
    #expect(guest.diagnosis.vgpuType == "GVTg_V4_\(type.rawValue)")
  }

  @Test func `has its type where the sizes of the GGTT are not known`() {
    let unsized = Guest.healthy().changing(\.surroundings.gmchControl, to: nil)
    #expect(unsized.diagnosis.vgpuType == "GVTg_V5_8")
    #expect(
      Guest.healthy().changing(\.surroundings.bar2, to: nil).diagnosis.vgpuType == "GVTg_V5_8")
  }

  @Test func `on Haswell has no type, since no mainline host has it`() {
    #expect(Guest.haswell.diagnosis.vgpuType == nil)
    #expect(Guest.haswell.doubts == [])
  }

  @Test(arguments: UpstreamType.allCases)
  func `reserves what its driver printed`(type: UpstreamType) {
    #expect(Guest.healthy(type).diagnosis.balloon?.balloon?.ranges == type.reserved)
  }

  @Test func `passes every test that the driver makes`() {
    #expect(
      Guest.healthy().codes == [
        .pageValid, .fullPPGTT, .hwspEmulation, .mappableInsideAperture, .unmappableAboveAperture,
        .unmappableInsideGGTT, .reserved, .fencesValid, .vgpuType, .driverBound, .logAgrees,
        .apertureAgrees, .fencesAgree,
      ])
  }

  @Test(arguments: ["4.8.0", "4.12.0", "4.20.17", "5.0.0", "5.3.0", "6.12.0", "7.0.0", "odd"])
  func `is healthy to every kernel that knows its platform`(kernel: String) {
    #expect(Guest.healthy().changing(\.kernel, to: kernel).doubts == [])
  }
}

@Suite struct `missing capabilities` {
  private func severities(caps: UInt32, recorded: String, override: String?) -> [Severity] {
    var guest = Guest.healthy()
    guest.pvInfo.caps = Capabilities(rawValue: caps)
    guest.surroundings.kernelRelease = recorded
    guest.kernel = override
    return guest.diagnosis.findings.filter {
      [.fullPPGTTMissing, .hwspEmulationMissing].contains($0.check)
    }.map(\.severity)
  }

  @Test(
    arguments: [
      (0x00, "6.1.0", nil, [.failure, .failure]), (0x04, "6.1.0", nil, [.failure]),
      (0x08, "6.1.0", nil, [.failure]), (0x0C, "6.1.0", nil, []),
      (0x00, "5.0.0", nil, [.failure, .failure]),
      (0x00, "4.20.0", nil, [.info, .failure]), (0x00, "6.1.0", "4.19.300", [.info, .failure]),
      (0x00, "6.1.0", "4.18", [.info, .info]),
      (0x00, "4.20.0", "5.0", [.failure, .failure]), (0x00, "", nil, [.failure, .failure]),
    ] as [(UInt32, String, String?, [Severity])])
  func `weigh by --kernel, else by the guest's own`(
    caps: UInt32, recorded: String, override: String?, expected: [Severity]
  ) {
    #expect(severities(caps: caps, recorded: recorded, override: override) == expected)
  }

  @Test func `fail before the driver is loaded too, and leave the vGPU present`() {
    let guest = Guest.healthy().changing(\.pvInfo.caps, to: [])
      .changing(\.surroundings.driver, to: nil)
      .changing(\.surroundings.driverAnswers, to: .notAsked(.noDriver))
    #expect(guest.diagnosis.verdict == .failed)
    #expect(guest.diagnosis.presence == .present)
    #expect(guest.diagnosis.balloon?.balloon != nil)
  }

  /// Execlists came with Broadwell.
  @Test func `are asked for before the balloon, of which nothing comes then`() {
    let guest = Guest.healthy().changing(\.surroundings.kernelRelease, to: "5.1.0")
      .changing(\.pvInfo.caps, to: [])
    let past = guest.changing(\.pvInfo.mappable.base, to: 0x3FFF_F000)
    #expect(past.diagnosis.expectedProbe?.ending == .refuses(errno: 6))
    #expect(!past.codes.contains(.kernelCleanupOops))
    #expect(
      past.changing(\.pvInfo.caps, to: [.fullPPGTT, .hwspEmulation]).codes
        .contains(.kernelCleanupOops))
    let skipped = guest.changing(\.pvInfo.mappable.base, to: 0)
    #expect(!skipped.codes.contains(.kernelUnloadOops))
  }

  /// What it would do at the balloon is not said of it.
  @Test(arguments: ["4.4.0", "4.16.0"])
  func `of a driver that stops before the balloon end there`(kernel: String) {
    let guest = Guest.haswell.changing(\.kernel, to: kernel)
      .changing(\.pvInfo.mappable.base, to: 0x7000_0000)
    let atBalloon: Set<Check> = [.kernelIgnoresFailure, .kernelCleanupOops]
    #expect(!atBalloon.isDisjoint(with: guest.codes))
    let stopped = guest.changing(
      \.surroundings.bar2, to: BAR(address: 0x8000_0000, size: 0x4000_0000))
    #expect(stopped.codes.contains(.apertureOutOfRange))
    #expect(atBalloon.isDisjoint(with: stopped.codes))
  }

  @Test func `do not include the HWSP on Haswell`() {
    let guest = Guest.haswell.changing(\.kernel, to: "6.1.0")
    #expect(guest.codes.contains(.fullPPGTTMissing))
    #expect(!guest.codes.contains(.hwspEmulationMissing))
  }
}

@Suite struct `the verdict` {
  @Test(
    arguments: [
      (Guest.healthy(), .ok, .present),
      (Guest.healthy().changing(\.magic, to: 0), .noVgpu, .absent),
      (Guest.healthy().changing(\.pvInfo.versionMajor, to: 0), .noVgpu, .unsupported),
      (Guest.healthy().changing(\.surroundings.deviceID, to: 0x9A49), .noVgpu, .absent),
      (Guest.healthy().changing(\.pvInfo.caps, to: []), .failed, .present),
      (Guest.healthy().changing(\.pvInfo.fenceCount, to: 0), .ok, .present),
      (
        Guest.healthy().changing(\.surroundings.unreadable, to: .lockdown), .unreadable, .unreadable
      ),
      (Guest.healthy().changing(\.magic, to: .max), .unreadable, .unreadable),
    ] as [(Guest, Verdict, Diagnosis.Presence)])
  func `follows from the presence and the worst finding`(
    guest: Guest, verdict: Verdict, presence: Diagnosis.Presence
  ) {
    #expect(guest.diagnosis.verdict == verdict)
    #expect(guest.diagnosis.presence == presence)
  }

  @Test(
    arguments: [
      ([], .noVgpu), ([.noVgpu], .noVgpu), ([.noVgpu, .unreadable], .unreadable),
      ([.unreadable, .ok], .ok), ([.ok, .failed], .failed),
      ([.unreadable, .failed, .noVgpu], .failed),
    ] as [([Verdict], Verdict)])
  func `of several devices is a failure, else a sound one, else one that cannot be read`(
    verdicts: [Verdict], verdict: Verdict
  ) {
    #expect(Verdict(of: verdicts) == verdict)
  }

  @Test func `of a platform without a page does not depend on accesses that a capture claims`() {
    let capture = Guest.healthy().capture.changing(\.deviceID, to: 0x9A49)
    #expect(Diagnosis(capture).magic == nil)
    #expect(Diagnosis(capture).pvInfo == nil)
  }

  @Test(arguments: [0, 2, 5])
  func `of a capture without all its accesses is that nobody can tell`(count: Int) {
    var capture = Guest.healthy().capture
    capture.accesses = Array(capture.accesses.prefix(count))
    #expect(Diagnosis(capture).verdict == .unreadable)
  }
}

@Suite struct `the driver's rule` {
  private func guest(printed: [GraphicsRange], kernel: String? = nil) -> Guest {
    Guest.july2021.changing(\.surroundings.driverAnswers.log, to: .agrees(printed))
      .changing(\.kernel, to: kernel)
  }

  private static let exact = [
    GraphicsRange(start: 0x1000_0000, end: 0xE7EF_8000),
    GraphicsRange(start: 0xFFEF_8000, end: 0x1_0000_0000),
    GraphicsRange(start: 0x0, end: 0x31C_7000), GraphicsRange(start: 0x71C_7000, end: 0x1000_0000),
  ]
  private static let guarded = [
    GraphicsRange(start: 0x1000_0000, end: 0xE7EF_8000),
    GraphicsRange(start: 0xFFEF_8000, end: 0xFFFF_F000),
    GraphicsRange(start: 0x0, end: 0x31C_7000), GraphicsRange(start: 0x71C_7000, end: 0x1000_0000),
  ]

  @Test(
    arguments: [
      (exact, nil, .exact), (guarded, nil, .guardPage), ([], nil, .exact),
      (exact, "4.10", .guardPage), (guarded, "6.1", .exact),
    ] as [([GraphicsRange], String?, BalloonRule)])
  func `is that of --kernel, else the one that its log shows, else its own`(
    printed: [GraphicsRange], kernel: String?, rule: BalloonRule
  ) {
    #expect(guest(printed: printed, kernel: kernel).diagnosis.balloon?.rule == rule)
  }
}
