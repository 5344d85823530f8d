import Testing
import VgtCore

@Suite struct `a kernel release` {
  @Test(arguments: [
    ("5.14.0-rc2+", 5, 14, 0), ("4.12", 4, 12, 0), ("6.1-rc3", 6, 1, 0), ("10.2.3", 10, 2, 3),
    ("4.4.", 4, 4, 0), ("4.19.300", 4, 19, 300), ("4.19.70-generic", 4, 19, 70),
    ("4.14.142.1", 4, 14, 142), ("5.2.12-1-default", 5, 2, 12),
  ])
  func `begins with major, minor and sub-level`(
    text: String, major: Int, minor: Int, sublevel: Int
  ) {
    #expect(KernelRelease(text).version == KernelVersion(major, minor, sublevel))
    #expect(KernelRelease(text).text == text)
  }

  /// Debian's 5.10.0-33-amd64 is 5.10.226, RHEL's 3.10.0-957 no 3.10.0.
  @Test(arguments: ["6.1.0-53-amd64", "3.10.0-957.el7.x86_64", "5.4.0-150-generic"])
  func `of a distribution that counts its own builds is the last of its series`(text: String) {
    #expect(KernelRelease(text).version?.sublevel == KernelVersion.unknownSublevel)
  }

  @Test(arguments: [
    "", "6", "6.", ".1", "linux", "6.x", "x.1", "6,1", "-6.1", "+6.1", "６.１",
    "99999999999999999999.1", "6.99999999999999999999", " 6.1",
  ])
  func `without two numbers has no version and counts as the newest`(text: String) {
    let release = KernelRelease(text)
    #expect(release.version == nil)
    #expect(DriverEra(release) == DriverEra(KernelVersion.newest))
    #expect(DriverEra(release).has(.demandsCapabilities))
  }

  @Test func `with a sub-level beyond all numbers is the last of its series`() {
    #expect(
      KernelRelease("4.19.99999999999999999999").version
        == KernelVersion(4, 19, KernelVersion.unknownSublevel))
  }
}

@Suite struct `a driver's era` {
  @Test(
    arguments: [
      ("3.10.0", .exact), ("4.0", .exact), ("4.1", .guardPage), ("4.7", .guardPage),
      ("4.11", .guardPage), ("4.11.12", .guardPage), ("4.12", .exact), ("5.0", .exact),
      ("6.12", .exact),
    ] as [(String, BalloonRule)])
  func `has the rule of mainline's driver`(text: String, rule: BalloonRule) {
    #expect(DriverEra(KernelRelease(text)).balloonRule == rule)
  }

  /// The last kernel without the trait and the first with it, or the other way
  /// round: Linux 4.0 to 5.11 and the stable series, as each trait's source has
  /// them.
  @Test(
    arguments: [
      (.looksForVgpu, "4.0.9", false), (.looksForVgpu, "4.1", true),
      (.looksForVgpu, "7.3", true),
      (.looksOnHaswellOnly, "4.7.10", true), (.looksOnHaswellOnly, "4.8", false),
      (.acceptsVersion10Only, "4.11", true), (.acceptsVersion10Only, "4.11.12", false),
      (.acceptsVersion10Only, "4.10.17", true), (.acceptsVersion10Only, "4.12", false),
      (.demandsCapabilities, "4.20.17", false), (.demandsCapabilities, "5.0", true),
      (.missesContextSwitches, "4.18.20", false), (.missesContextSwitches, "4.19", true),
      (.missesContextSwitches, "4.19.300", true), (.missesContextSwitches, "4.20.17", true),
      (.missesContextSwitches, "5.0", false),
      (.stopsOnLargeAperture, "4.8.17", true), (.stopsOnLargeAperture, "4.9", false),
      (.ignoresFailedBalloon, "4.8.17", true), (.ignoresFailedBalloon, "4.9", false),
      (.freesSkippedRanges, "4.12.14", false), (.freesSkippedRanges, "4.13", true),
      (.freesSkippedRanges, "4.14.141", true), (.freesSkippedRanges, "4.14.142", false),
      (.freesSkippedRanges, "4.18", true), (.freesSkippedRanges, "4.19.69", true),
      (.freesSkippedRanges, "4.19.300", false), (.freesSkippedRanges, "4.20", true),
      (.freesSkippedRanges, "5.2.11", true), (.freesSkippedRanges, "5.2.21", false),
      (.freesSkippedRanges, "5.3", false),
      (.subtractsBalloon, "4.12.14", false), (.subtractsBalloon, "4.13", true),
      (.demandsErrorCapturePage, "4.9.337", false), (.demandsErrorCapturePage, "4.10", true),
      (.demandsErrorCapturePage, "5.10.12", true), (.demandsErrorCapturePage, "5.10.13", false),
      (.demandsErrorCapturePage, "5.10.0-33-amd64", false),
      (.demandsErrorCapturePage, "5.11", false),
      (.hasFixedFenceArray, "5.7.19", true), (.hasFixedFenceArray, "5.8", false),
      (.cutsGGTTForGuC, "4.10.17", false), (.cutsGGTTForGuC, "4.11", true),
      (.cutsGGTTForGuC, "5.2.21", true), (.cutsGGTTForGuC, "5.3", false),
      (.reservesTopForGuC, "5.2.21", false), (.reservesTopForGuC, "5.3", true),
    ] as [(DriverEra.Trait, String, Bool)])
  func `has a trait from its first kernel to its last`(
    trait: DriverEra.Trait, release: String, expected: Bool
  ) {
    #expect(DriverEra(KernelRelease(release)).has(trait) == expected)
  }
}

@Suite struct `a message of the driver` {
  /// Lines of a 5.14 guest (intel-gvt-dev list, July 2021) and of Linux 4.13
  /// `i915_vgpu.c`.
  @Test(
    arguments: [
      (.detected, [], "Virtual GPU for Intel GVT-g detected."),
      (
        .mappable, ["31c7000", "65536"], "Mappable graphic memory: base 0x31c7000 size 65536KiB"
      ),
      (
        .range, ["10000000", "e7ef8000", "3537888"],
        "balloon space: range [ 0x10000000 - 0xe7ef8000 ] 3537888 KiB."
      ),
      (
        .deballoonRange, ["0", "31c7000", "50972"],
        "deballoon space: range [0x0 - 0x31c7000] 50972 KiB."
      ),
      (.initializationFailed, ["-28"], "Device initialization failed (-28)"),
    ] as [(DriverMessage, [String], String)])
  func `is printed with its figures`(message: DriverMessage, figures: [String], text: String) {
    #expect(message.text(figures) == text)
  }

  @Test func `is told apart from every other by its text`() {
    #expect(Set(DriverMessage.allCases.map(\.template)).count == DriverMessage.allCases.count)
  }

  @Test(arguments: DriverMessage.allCases)
  func `has a beginning that is more than a word's first letters`(message: DriverMessage) {
    #expect(message.stem.utf8.count >= 7)
    #expect(message.template.utf8.allSatisfy { (0x20...0x7E).contains($0) })
  }
}
