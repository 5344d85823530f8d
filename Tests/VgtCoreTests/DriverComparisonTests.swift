import CoreFixtures
import Testing
import VgtCore

extension Guest {
  /// The guest of July 2021, alive: its driver was heard and not yet compared.
  fileprivate static func live(
    log: DriverAnswer<[GraphicsRange]> = .absent(.noLines),
    aperture: DriverAnswer<ApertureSize> = .absent(.noNode),
    fences: DriverAnswer<UInt32> = .absent(.noNode)
  ) -> Guest {
    Guest.july2021.changing(
      \.surroundings.driverAnswers, to: .heard(log: log, aperture: aperture, fences: fences))
  }

  fileprivate var compared: DriverAnswers { diagnosis.capture.driverAnswers }
}

/// What the guest's driver printed (intel-gvt-dev list, July 2021).
private let exact = [
  GraphicsRange(start: 0x1000_0000, end: 0xE7EF_8000),
  GraphicsRange(start: 0xFFEF_8000, end: 0x1_0000_0000),
  GraphicsRange(start: 0x0, end: 0x31C_7000), GraphicsRange(start: 0x71C_7000, end: 0x1000_0000),
]
/// What a driver before 4.12 prints for these shares.
private let guarded = [
  GraphicsRange(start: 0x1000_0000, end: 0xE7EF_8000),
  GraphicsRange(start: 0xFFEF_8000, end: 0xFFFF_F000),
  GraphicsRange(start: 0x0, end: 0x31C_7000), GraphicsRange(start: 0x71C_7000, end: 0x1000_0000),
]

@Suite struct `the driver's answers` {
  @Test(
    arguments: [
      (exact, "agrees"), (guarded, "agrees"), (exact.reversed(), "disagrees"),
      (Array(exact.dropLast()), "disagrees"), ([], "disagrees"),
    ] as [([GraphicsRange], String)])
  func `agree when the log follows either rule, in the driver's order`(
    printed: [GraphicsRange], outcome: String
  ) {
    #expect(Guest.live(log: .said(printed, agrees: nil)).compared.log.outcome == outcome)
  }

  @Test(
    arguments: [
      (0x1_0000_0000, 0x1C00_0000, "agrees"), (0x1_0000_0000, 0x1BFF_F000, "agrees"),
      (0x1_0000_0000, 0x1C00_1000, "disagrees"), (0x8000_0000, 0x1C00_0000, "disagrees"),
    ] as [(UInt64, UInt64, String)])
  func `let the usable aperture be less than the shares, never more`(
    size: UInt64, available: UInt64, outcome: String
  ) {
    let answer = ApertureSize(size: size, available: available)
    #expect(Guest.live(aperture: .said(answer, agrees: nil)).compared.aperture.outcome == outcome)
  }

  @Test(arguments: [(4, "agrees"), (5, "disagrees")] as [(UInt32, String)])
  func `want as many fences as the page says`(count: UInt32, outcome: String) {
    #expect(Guest.live(fences: .said(count, agrees: nil)).compared.fences.outcome == outcome)
  }

  @Test func `are not compared with a balloon that the driver refuses`() {
    let guest = Guest.live(
      log: .said(exact, agrees: nil), aperture: .unreadable(.permission), fences: .absent(.noNode)
    ).changing(\.pvInfo.mappable.base, to: 0x1000_0000)
    #expect(guest.compared == .notAsked(.noBalloon))
  }

  @Test func `are those of before when a report is read back`() {
    let recorded = DriverAnswers(
      log: .disagrees(exact), aperture: .unreadable(.error), fences: .agrees(7))
    #expect(
      Guest.july2021.changing(\.surroundings.driverAnswers, to: recorded).compared == recorded)
    #expect(
      Guest.july2021.changing(\.surroundings.driverAnswers, to: recorded)
        .changing(\.pvInfo.mappable.base, to: 0x1000_0000).compared == recorded)
  }

  @Test func `come back from a report as they were compared`() throws {
    for seed in seeds(1000) {
      var generator = SeededGenerator(seed: seed)
      var capture = generator.capture()
      let answers = capture.driverAnswers
      capture.driverAnswers = .heard(
        log: answers.log, aperture: answers.aperture, fences: answers.fences)
      let diagnosis = Diagnosis(capture)
      let text = diagnosis.capture.lines.joined(separator: "\n")
      let again = try CaptureParser.captures(in: Array(text.utf8)).map { Diagnosis($0) }
      #expect(again == [diagnosis], "seed \(seed)")
    }
  }
}

@Suite struct `a diagnosis` {
  @Test(
    arguments: [
      (exact, nil, [.exact]), (guarded, nil, [.exact, .guardPage]),
      ([], nil, [.exact, .guardPage]), (exact, "4.10", [.exact, .guardPage]),
    ] as [([GraphicsRange], String?, [BalloonRule])])
  func `decodes the page once, and computes each rule's balloon once at most`(
    printed: [GraphicsRange], kernel: String?, rules: [BalloonRule]
  ) {
    let capture = Guest.live(
      log: .said(printed, agrees: nil),
      aperture: .said(ApertureSize(size: 1 << 32, available: 0), agrees: nil),
      fences: .said(4, agrees: nil)
    ).capture
    var decoded = 0
    var computed: [BalloonRule] = []
    _ = Diagnosis(
      capture, kernel: kernel.map(KernelRelease.init),
      decode: {
        decoded += 1
        return Diagnosis.decode($0)
      },
      compute: {
        computed.append($2)
        return Diagnosis.balloon($0, in: $1, rule: $2)
      })
    #expect(decoded == 1)
    #expect(computed == rules)
  }
}
