import CoreFixtures
import Support
import Testing
import VgtCore

/// What each kernel's driver does with one page of each kind: a line each, to
/// be looked over as a whole.
@Suite struct `every era's driver` {
  private static let kernels = [
    "3.10", "4.4", "4.8", "4.9", "4.10", "4.11", "4.12", "4.13", "4.14", "4.18", "4.19",
    "4.19.300", "5.0", "5.2", "5.3", "5.4", "5.7", "5.10", "5.11", "6.1", "6.12", "7.3",
  ]

  private static let unloaded = Guest.healthy().changing(\.surroundings.deviceID, to: 0x1912)
    .changing(\.surroundings.driver, to: nil)
    .changing(\.surroundings.driverAnswers, to: .notAsked(.noDriver))

  private static let pages: [(String, Guest)] = [
    ("a sound vGPU on Skylake", unloaded),
    ("its mappable share at 0", unloaded.changing(\.pvInfo.mappable.base, to: 0)),
    ("caps 0", unloaded.changing(\.pvInfo.caps, to: [])),
    ("caps 0x4", unloaded.changing(\.pvInfo.caps, to: .fullPPGTT)),
    ("version 1.1", unloaded.changing(\.pvInfo.versionMinor, to: 1)),
    ("version 0.9", unloaded.changing(\.pvInfo.versionMajor, to: 0)),
    (
      "a mappable share past the aperture",
      unloaded.changing(\.pvInfo.mappable.base, to: 0x3C00_1000)
    ),
    ("an empty mappable share", unloaded.changing(\.pvInfo.mappable.size, to: 0)),
    (
      "nothing above the aperture",
      unloaded.changing(\.pvInfo.unmappable, to: Share(base: 0, size: 0))
        .changing(\.pvInfo.unmappable.base, to: 0xFFFF_F000)
    ),
    ("33 fences", unloaded.changing(\.pvInfo.fenceCount, to: 33)),
    ("GGMS 0", unloaded.changing(\.surroundings.gmchControl, to: 0)),
    (
      "an aperture larger than the GGTT",
      unloaded.changing(\.surroundings.gmchControl, to: 0x0040)
        .changing(\.surroundings.bar2, to: BAR(address: 0x40_0000_0000, size: 0x8000_0000))
        .changing(\.pvInfo.unmappable, to: Share(base: 0x4000_0000, size: 0))
    ),
    ("GuC in use", unloaded.changing(\.surroundings.enableGuC, to: 2)),
    (
      "GuC in use, the share at the top",
      unloaded.changing(\.surroundings.enableGuC, to: 2)
        .changing(\.pvInfo.unmappable.base, to: 0xE800_0000)
    ),
    ("a sound vGPU on Haswell", .haswell),
    (
      "Haswell, BAR2 of 1 GiB",
      Guest.haswell.changing(
        \.surroundings.bar2, to: BAR(address: 0x8000_0000, size: 0x4000_0000))
    ),
  ]

  @Test func `does what is recorded`() throws {
    var lines = ["kernel   verdict what comes of it    the driver's last message"]
    for (name, guest) in Self.pages {
      lines += ["", "\(name):"]
      for kernel in Self.kernels {
        let diagnosis = guest.changing(\.kernel, to: kernel).diagnosis
        let probe = try #require(diagnosis.expectedProbe)
        lines.append(
          "\(kernel.padded(8)) \(diagnosis.verdict.rawValue.padded(7)) "
            + "\("\(probe.ending)".padded(19)) \(probe.messages.last ?? "none")")
      }
    }
    #expect(
      try Golden("eras.txt").difference(from: lines.joined(separator: "\n") + "\n") == nil)
  }
}

extension String {
  fileprivate func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
