/// What one function is, what the driver makes of it, and what is wrong.
///
/// A pure function of the capture: the live run, `--from` and the sample come
/// to the same diagnosis.
package struct Diagnosis: Hashable, Sendable {
  /// What the function is to the driver.
  package enum Presence: String, Hashable, Sendable {
    case present, absent, unsupported, unreadable
  }

  /// What comes of ballooning under one rule.
  package struct BalloonOutcome: Hashable, Sendable {
    package let rule: BalloonRule
    package let result: Result<Balloon, BalloonError>

    package var balloon: Balloon? { try? result.get() }
    package var error: BalloonError? {
      if case .failure(let error) = result { error } else { nil }
    }
  }

  /// What was found, and what the driver said of it, compared.
  package let capture: Capture
  /// The release whose driver's rules were applied.
  package let kernel: KernelRelease
  /// What the driver of that kernel does.
  package let era: DriverEra
  /// What the driver that was asked does.
  let recordedEra: DriverEra
  /// Whether that driver was seen to balloon, though mainline's of its release
  /// does not: it was carried over from a newer kernel.
  let isBackport: Bool
  /// Whether the driver that is judged was seen to balloon.
  let wasSeenToBalloon: Bool
  package let platform: Platform?
  package let presence: Presence
  /// The first eight bytes of the page, when they were read.
  package let magic: UInt64?
  /// The page, when it has the magic.
  package let pvInfo: VgtIf?
  /// Bytes of graphics address space; `nil` without GMCH control.
  package let ggttTotal: UInt64?
  /// `nil` without GMCH control or BAR2.
  package let ggtt: GGTT?
  /// As the driver of that kernel uses it: GuC may cut it.
  package let driverGGTT: GGTT?
  /// As the driver that was asked uses it.
  let recordedGGTT: GGTT?
  package let vgpuType: String?
  /// `nil` when there is no vGPU, or no aperture to balloon.
  package let balloon: BalloonOutcome?
  /// What comes of ballooning by the driver that was asked; another where
  /// another kernel is judged.
  let recordedBalloon: BalloonOutcome?
  package private(set) var findings: [Finding] = []

  /// - Parameters:
  ///   - capture: What was found.
  ///   - kernel: The release by whose driver's rules to judge; the capture's
  ///     own when `nil`.
  ///   - decode: Reads the page out of accesses.
  ///   - compute: Computes the balloon under one rule.
  package init(
    _ capture: Capture, kernel override: KernelRelease? = nil,
    decode: ([Access]) -> PageAnswer? = Self.decode,
    compute: @escaping (VgtIf, GGTT, BalloonRule) -> BalloonOutcome = Self.balloon
  ) {
    let recorded = KernelRelease(capture.kernelRelease)
    kernel = override ?? recorded
    platform = Platform(deviceID: capture.deviceID)
    magic = platform == nil ? nil : capture.accesses.first?.value
    (presence, pvInfo) = Self.presence(of: capture, on: platform, decode)

    if let platform, let gmchControl = capture.gmchControl {
      ggttTotal = GGTT.total(gmchControl: gmchControl, generation: platform.generation)
      ggtt = capture.bar2.map {
        GGTT(
          gmchControl: gmchControl, bar2Size: $0.size, generation: platform.generation)
      }
    } else {
      ggttTotal = nil
      ggtt = nil
    }

    let usesGuC = Self.usesGuC(capture, on: platform)
    // A backport, known further down, uses the GGTT as its release does.
    let asked = ggtt?.asUsed(by: DriverEra(recorded), withGuC: usesGuC)
    recordedGGTT = asked
    var balloons: Balloons? =
      if presence == .present, let pvInfo, let asked {
        Balloons { compute(pvInfo, asked, $0) }
      } else {
        nil
      }

    // Answers that cannot be compared are dropped, so they tell nothing here
    // either: a report that is read back has none.
    let answers = capture.driverAnswers
    wasSeenToBalloon =
      override == nil && answers.log.value != nil
      && (answers.areCompared || balloons?.isAnyValid() == true)
    isBackport = wasSeenToBalloon && !DriverEra(recorded).looksForVgpu(on: platform)
    recordedEra = isBackport ? DriverEra(KernelVersion.newest) : DriverEra(recorded)
    era = override.map { DriverEra($0) } ?? recordedEra
    driverGGTT = ggtt?.asUsed(by: era, withGuC: usesGuC)

    var compared = capture
    if let pvInfo, let asked, let driverGGTT, balloons != nil {
      let recordedRule =
        answers.log.value.flatMap { balloons?.rule(explaining: $0) } ?? recordedEra.balloonRule
      let rule = override.map { DriverEra($0).balloonRule } ?? recordedRule
      balloon =
        asked == driverGGTT ? balloons?.outcome(rule) : compute(pvInfo, driverGGTT, rule)
      recordedBalloon = override == nil ? balloon : balloons?.outcome(recordedRule)
      if !answers.areCompared, balloons?.isAnyValid() == true {
        compared.driverAnswers.compare(with: pvInfo, in: asked, era: recordedEra) {
          balloons?.rule(explaining: $0) != nil
        }
      }
    } else {
      balloon = nil
      recordedBalloon = nil
    }
    vgpuType =
      if presence == .present, let pvInfo, let platform {
        VgpuType(of: pvInfo)?.name(on: platform)
      } else {
        nil
      }
    if !compared.driverAnswers.areCompared { compared.driverAnswers = .notAsked(.noBalloon) }
    self.capture = compared
    findings = allFindings
  }

  /// Only generation 9 and later have a GuC that i915 uses. Source: Linux 6.1
  /// `i915_pci.c`, `has_gt_uc`.
  private static func usesGuC(_ capture: Capture, on platform: Platform?) -> Bool {
    (capture.enableGuC ?? 0) > 0 && (platform?.generation ?? 0) >= 9
  }

  package var usesGuC: Bool { Self.usesGuC(capture, on: platform) }

  /// Whether the driver of that kernel takes the page for a vGPU's.
  package var isTakenForVgpu: Bool {
    guard let pvInfo else { return false }
    return era.looksForVgpu(on: platform) && era.accepts(pvInfo)
  }

  /// What the function is to the driver, when no more is wanted.
  package static func presence(of capture: Capture) -> Presence {
    presence(of: capture, on: Platform(deviceID: capture.deviceID), decode).0
  }

  /// What the driver is told by the loads; `nil` when one of them is missing.
  package static func decode(_ accesses: [Access]) -> PageAnswer? {
    var reader = VgtIfReader()
    return try? reader.read(CaptureWindow(accesses))
  }

  private static func presence(
    of capture: Capture, on platform: Platform?, _ decode: ([Access]) -> PageAnswer?
  ) -> (Presence, VgtIf?) {
    guard platform != nil else { return (.absent, nil) }
    guard capture.unreadable == nil else { return (.unreadable, nil) }
    return switch decode(capture.accesses) {
    case .absent: (.absent, nil)
    case .unsupported(let pvInfo): (.unsupported, pvInfo)
    case .present(let pvInfo): (.present, pvInfo)
    case .allOnes, nil: (.unreadable, nil)
    }
  }

  /// What the driver does with the page under `rule`.
  package static func balloon(_ pvInfo: VgtIf, in ggtt: GGTT, rule: BalloonRule) -> BalloonOutcome {
    BalloonOutcome(
      rule: rule,
      result: Result { () throws(BalloonError) in
        try Balloon(
          ggtt: ggtt, mappable: pvInfo.mappable.range, unmappable: pvInfo.unmappable.range,
          rule: rule)
      })
  }

  /// Why nothing is known of the page; `nil` where something is.
  package var unreadableCause: UnreadableCause? {
    presence == .unreadable ? capture.unreadable ?? .allOnes : nil
  }

  /// Bytes of the two shares.
  package var ownedBytes: UInt64? { pvInfo?.ownedBytes }

  package var verdict: Verdict {
    switch presence {
    case .unreadable: .unreadable
    case .absent, .unsupported: .noVgpu
    case .present: findings(.failure).isEmpty ? .ok : .failed
    }
  }
}
