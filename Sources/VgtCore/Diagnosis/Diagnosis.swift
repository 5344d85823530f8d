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

  package let capture: Capture
  /// The release whose driver's rules were applied.
  package let kernel: KernelRelease
  package let platform: Platform?
  package let presence: Presence
  /// The first eight bytes of the page, when they were read.
  package let magic: UInt64?
  /// The page, when it has the magic.
  package let page: VgtIf?
  /// Bytes of graphics address space; `nil` without GMCH control.
  package let ggttTotal: UInt64?
  /// `nil` without GMCH control or BAR2.
  package let ggtt: GGTT?
  package let vgpuType: String?
  /// `nil` when there is no vGPU, or no aperture to balloon.
  package let balloon: BalloonOutcome?
  package let findings: [Finding]

  /// - Parameters:
  ///   - capture: What was found.
  ///   - kernel: The release by whose driver's rules to judge; the capture's
  ///     own when `nil`.
  package init(_ capture: Capture, kernel override: KernelRelease? = nil) {
    self.capture = capture
    kernel = override ?? KernelRelease(capture.kernelRelease)
    platform = Platform(deviceID: capture.deviceID)
    magic = platform == nil ? nil : capture.accesses.first?.value
    (presence, page) = Self.presence(of: capture, on: platform)

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

    if presence == .present, let page, let ggtt {
      let rule =
        override?.balloonRule
        ?? Self.rule(printed: capture.driverCheck.log.value, page: page, ggtt: ggtt)
      balloon = Self.balloon(page, in: ggtt, rule: rule)
    } else {
      balloon = nil
    }
    vgpuType =
      if let platform, let page, presence == .present {
        VgpuType(of: page)?.name(on: platform)
      } else {
        nil
      }
    let subject = Subject(
      capture: capture, kernel: kernel, platform: platform, presence: presence, page: page,
      ggttTotal: ggttTotal, ggtt: ggtt, vgpuType: vgpuType, balloon: balloon)
    findings = subject.findings
  }

  /// What is judged: the diagnosis but for its findings.
  struct Subject {
    let capture: Capture
    let kernel: KernelRelease
    let platform: Platform?
    let presence: Presence
    let page: VgtIf?
    let ggttTotal: UInt64?
    let ggtt: GGTT?
    let vgpuType: String?
    let balloon: BalloonOutcome?
  }

  private static func presence(
    of capture: Capture, on platform: Platform?
  ) -> (Presence, VgtIf?) {
    guard platform != nil else { return (.absent, nil) }
    guard capture.unreadable == nil else { return (.unreadable, nil) }
    var reader = VgtIfReader()
    do {
      return switch try reader.read(CaptureWindow(capture.accesses)) {
      case .absent: (.absent, nil)
      case .unsupported(let page): (.unsupported, page)
      case .present(let page): (.present, page)
      case .allOnes: (.unreadable, nil)
      }
    } catch {
      return (.unreadable, nil)
    }
  }

  /// What the driver does with the page under `rule`.
  package static func balloon(_ page: VgtIf, in ggtt: GGTT, rule: BalloonRule) -> BalloonOutcome {
    var space = Balloon.allocatorSpace(of: ggtt, rule: rule)
    return BalloonOutcome(
      rule: rule,
      result: Result { () throws(BalloonError) in
        try Balloon(
          ggtt: ggtt, mappable: page.mappable.range, unmappable: page.unmappable.range,
          rule: rule, in: &space)
      })
  }

  /// The rule that explains what the driver printed; `exact` where nothing was
  /// printed, since a release does not tell the driver's version.
  private static func rule(printed: [GraphicsRange]?, page: VgtIf, ggtt: GGTT) -> BalloonRule {
    guard let printed else { return .exact }
    return BalloonRule.allCases.first {
      balloon(page, in: ggtt, rule: $0).balloon?.ranges == printed
    } ?? .exact
  }

  /// Bytes of the two shares.
  package var ownedBytes: UInt64? {
    page.map { $0.mappable.range.size + $0.unmappable.range.size }
  }

  package var verdict: Verdict {
    switch presence {
    case .unreadable: .unreadable
    case .absent, .unsupported: .noVgpu
    case .present: findings.contains { $0.severity == .failure } ? .failed : .ok
    }
  }
}
