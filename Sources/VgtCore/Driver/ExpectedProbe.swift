/// What the driver of a kernel does with a page, computed: step by step to the
/// end of its probe, with what it prints.
package struct ExpectedProbe: Hashable, Sendable {
  package enum Ending: Hashable, Sendable {
    /// It loads with everything outside the shares reserved.
    case balloons
    /// It drives the vGPU as if it were a whole GPU.
    case ignoresVgpu
    /// It loads with nothing reserved.
    case reservesNothing
    /// The probe fails, with this error number.
    case refuses(errno: Int)
    /// It stops on an assertion.
    case asserts
    /// It dereferences NULL as it cleans up.
    case oopses
    /// It writes past an array of its own.
    case corruptsMemory
    /// It loads and balloons, and then cannot run anything.
    case hangs
    /// What it depends on was not recorded.
    case unknown
  }

  package let ending: Ending
  /// Whether it gets as far as the balloon.
  let comesToBalloon: Bool
  /// What it prints as it loads, without debugging.
  package let lines: [Line]
  /// What it prints at debug level as it gives ranges back: when it is
  /// unloaded, or when its probe fails.
  package let debugMessages: [String]

  package var messages: [String] { lines.map(\.text) }

  /// What it prints of this kind, with its figures.
  package func text(of message: DriverMessage) -> String? {
    lines.first {
      $0.message == message
        || $0.message == .pageTableNotMappedBefore49 && message == .pageTableNotMapped
    }?.text
  }

  package struct Line: Hashable, Sendable {
    package let message: DriverMessage
    package let text: String
  }

  /// What the driver works on.
  package struct Input: Hashable, Sendable {
    package var pvInfo: VgtIf
    package var platform: Platform?
    /// Bytes of the whole GGTT; `nil` when unknown.
    package var ggttTotal: UInt64?
    /// Bytes of BAR2; `nil` when it has no address.
    package var bar2Size: UInt64?
    /// Whether the driver uses GuC.
    package var usesGuC: Bool
    /// What comes of ballooning; `nil` for what comes of it by the era's rule.
    package var balloon: Diagnosis.BalloonOutcome?
  }

  package init(_ input: Input, era: DriverEra) {
    var walk = ProbeWalk(input: input, era: era)
    ending = walk.run()
    comesToBalloon = walk.comesToBalloon
    lines = walk.lines
    debugMessages = walk.debugMessages
  }
}

/// The driver's probe, as far as a vGPU bears on it.
private struct ProbeWalk {
  typealias Ending = ExpectedProbe.Ending

  let input: ExpectedProbe.Input
  let era: DriverEra
  var lines: [ExpectedProbe.Line] = []
  var debugMessages: [String] = []
  var comesToBalloon = false

  mutating func run() -> Ending {
    guard era.looksForVgpu(on: input.platform) else { return .ignoresVgpu }
    guard era.accepts(input.pvInfo) else {
      print(.versionMismatch)
      return .ignoresVgpu
    }
    print(.detected)
    if let refusal = era.refusal(of: input.pvInfo, on: input.platform) {
      return fail(refusal, errno: 6)
    }

    guard let bar2Size = input.bar2Size else { return .unknown }
    if let layout = input.platform?.layout, !layout.apertureSizes.contains(bar2Size) {
      return fail(.apertureOutOfRange, errno: 6, address(bar2Size))
    }
    guard let total = input.ggttTotal else { return .unknown }
    if total == 0 {
      let message: DriverMessage =
        era.prints(.pageTableNotMapped) ? .pageTableNotMapped : .pageTableNotMappedBefore49
      return fail(message, errno: 12)
    }
    let ggtt = GGTT(total: total, aperture: bar2Size).asUsed(by: era, withGuC: input.usesGuC)
    if ggtt.isApertureClamped {
      if era.has(.stopsOnLargeAperture) { return .asserts }
      print(.apertureClamped, address(bar2Size), ggtt.total.bareHex())
    }
    print(.stolenDisabled)

    let overrun = era.has(.hasFixedFenceArray) && input.pvInfo.fenceCount > DriverEra.fenceLimit
    let ending = balloon(ggtt)
    if overrun { return .corruptsMemory }
    if ending == .balloons, isDeafToContextSwitches { return .hangs }
    return ending
  }

  private var isDeafToContextSwitches: Bool {
    era.has(.missesContextSwitches) && input.pvInfo.lacksHWSP(on: input.platform)
  }

  private mutating func balloon(_ ggtt: GGTT) -> Ending {
    let pvInfo = input.pvInfo
    comesToBalloon = true
    print(.configuration)
    print(.mappable, pvInfo.mappable.base.bareHex(), "\(pvInfo.mappable.size / 1024)")
    print(.unmappable, pvInfo.unmappable.base.bareHex(), "\(pvInfo.unmappable.size / 1024)")
    let outcome = input.balloon ?? Diagnosis.balloon(pvInfo, in: ggtt, rule: era.balloonRule)
    switch outcome.result {
    case .failure(.reservationFailed):
      for range in Balloon.rangesUpToRefused(pvInfo: pvInfo, ggtt: ggtt, rule: outcome.rule) {
        print(range)
      }
      print(.balloonFailed)
      // drm_mm_reserve_node: ENOSPC.
      return balloonFailed(errno: 28)
    case .failure:
      print(.invalid)
      return balloonFailed(errno: 22)
    case .success(let balloon):
      balloon.ranges.forEach { print($0) }
      print(.ballooned)
      if era.lacksErrorCapturePage(pvInfo) || input.usesGuC && era.lacksGuCTop(pvInfo, in: ggtt) {
        return cleanUp(balloon.reservations, errno: 28)
      }
      giveBack(balloon.reservations)
      return .balloons
    }
  }

  private mutating func balloonFailed(errno: Int) -> Ending {
    era.has(.ignoresFailedBalloon) ? .reservesNothing : cleanUp([], errno: errno)
  }

  /// The probe fails once there may be ranges to give back.
  private mutating func cleanUp(_ reserved: [Balloon.Reservation], errno: Int) -> Ending {
    if giveBack(reserved) { return .oopses }
    print(.initializationFailed, "-\(errno)")
    return .refuses(errno: errno)
  }

  /// Source: Linux 4.12, 4.13 and 5.3 `i915_vgpu.c`, `intel_vgt_deballoon`.
  ///
  /// - Returns: Whether it gives back a range that was never reserved, and
  ///   dereferences NULL.
  @discardableResult
  private mutating func giveBack(_ reserved: [Balloon.Reservation]) -> Bool {
    debugMessages.append(DriverMessage.deballoon.text())
    guard era.prints(.deballoonRange) else { return false }
    var freesSkipped = false
    for slot in BalloonSlot.deballoonOrder {
      let range = reserved.first { $0.slot == slot }?.range
      if range == nil {
        guard era.has(.freesSkippedRanges) else { continue }
        freesSkipped = true
      }
      let (start, end) = (range?.start ?? 0, range?.end ?? 0)
      debugMessages.append(
        DriverMessage.deballoonRange.text(
          start.bareHex(), end.bareHex(), "\((end - start) / 1024)"))
    }
    return freesSkipped
  }

  private mutating func fail(
    _ message: DriverMessage, errno: Int, _ figures: String = ""
  ) -> Ending {
    print(message, figures)
    print(.initializationFailed, "-\(errno)")
    return .refuses(errno: errno)
  }

  private mutating func print(_ message: DriverMessage, _ figures: String...) {
    guard era.prints(message) else { return }
    lines.append(ExpectedProbe.Line(message: message, text: message.text(figures)))
  }

  private mutating func print(_ range: GraphicsRange) {
    print(.range, range.start.bareHex(), range.end.bareHex(), "\(range.size / 1024)")
  }

  private func address(_ value: UInt64) -> String {
    era.has(.padsAddresses) ? value.hex(digits: 16) : value.bareHex()
  }
}

extension VgtIf {
  /// Whether the host does not emulate the status page that a driver on this
  /// platform needs.
  fileprivate func lacksHWSP(on platform: Platform?) -> Bool {
    platform?.hasExeclists == true && !caps.contains(.hwspEmulation)
  }
}

extension DriverEra {
  /// What the driver says as it refuses the host's capabilities; `nil` where it
  /// takes them.
  func refusal(of pvInfo: VgtIf, on platform: Platform?) -> DriverMessage? {
    guard has(.demandsCapabilities) else { return nil }
    if !pvInfo.caps.contains(.fullPPGTT) { return .refusedPPGTT }
    return pvInfo.lacksHWSP(on: platform) ? .refusedHWSP : nil
  }

  /// Whether the driver wants a page of the aperture, at any address, and the
  /// share has none.
  func lacksErrorCapturePage(_ pvInfo: VgtIf) -> Bool {
    has(.demandsErrorCapturePage) && pvInfo.mappable.range.size < GGTT.pageSize
  }

  /// Whether GuC would reserve what is not this guest's.
  func lacksGuCTop(_ pvInfo: VgtIf, in ggtt: GGTT) -> Bool {
    let share = pvInfo.unmappable.range
    return has(.reservesTopForGuC)
      && !(share.start <= Self.gucTop && share.end == ggtt.total && ggtt.total > Self.gucTop)
  }
}

extension ExpectedProbe.Ending {
  /// Whether the driver comes to reserve what is not this guest's.
  package var isBallooned: Bool {
    switch self {
    case .balloons, .corruptsMemory, .hangs, .unknown: true
    default: false
    }
  }
}

extension Diagnosis {
  /// Computed each time: not all want it. `nil` without a page.
  package var expectedProbe: ExpectedProbe? {
    pvInfo.map { ExpectedProbe(input($0), era: era) }
  }

  var comesToBalloon: Bool { expectedProbe?.comesToBalloon == true }

  func input(_ pvInfo: VgtIf) -> ExpectedProbe.Input {
    // A driver that loaded, though GuC would have needed the top, runs without
    // it: it was asked for and not found.
    let runsWithoutGuC = wasSeenToBalloon && era.has(.reservesTopForGuC)
    return ExpectedProbe.Input(
      pvInfo: pvInfo, platform: platform, ggttTotal: ggttTotal, bar2Size: capture.bar2?.size,
      usesGuC: usesGuC && !runsWithoutGuC, balloon: balloon)
  }
}

extension GGTT {
  /// As the driver of an era sees it.
  package func asUsed(by era: DriverEra, withGuC usesGuC: Bool) -> GGTT {
    guard usesGuC, era.has(.cutsGGTTForGuC), total > DriverEra.gucTop else { return self }
    return GGTT(total: DriverEra.gucTop, aperture: min(aperture, DriverEra.gucTop))
  }
}

extension Balloon {
  /// The driver prints each range before it asks for it.
  fileprivate static func rangesUpToRefused(
    pvInfo: VgtIf, ggtt: GGTT, rule: BalloonRule
  ) -> [GraphicsRange] {
    let ranges = requests(
      ggtt: ggtt, mappable: pvInfo.mappable.range, unmappable: pvInfo.unmappable.range, rule: rule
    ).map(\.range)
    let refused = ranges.firstIndex { $0.end > rule.end(of: ggtt) } ?? ranges.endIndex
    return Array(ranges.prefix(refused + 1))
  }
}
