internal import VgtCore

/// Puts the driver's messages together to probes.
struct LogAssembler: Sendable {
  /// The probes that are not closed, at most one for each device, the one last
  /// spoken of at the end.
  private var drafts: [ProbeBuilder] = []
  private var probes: [LogProbe] = []

  /// More devices than a machine has; memory stays bounded for any input.
  private static let limit = 32

  /// Where a thread was stopped, while it is not known whether in i915.
  private var oops: Int?
  /// Whether a thread was stopped in i915, while it is not known why: a log that
  /// runs from new to old says so first.
  private var isStopped = false

  /// Failures with no probe before them. A log that runs from new to old has them
  /// in front of theirs.
  private var unclaimed: [(failure: LaterFailure, device: PCIAddress?)] = []

  mutating func add(_ event: LogEvent) {
    switch event.kind {
    case .kernelStart:
      while !drafts.isEmpty { close(0) }
      oops = nil
      unclaimed = []
    case .oops:
      if isStopped { keep(LaterFailure(line: event.line, kind: .oops), of: nil) }
      (oops, isStopped) = (oops ?? event.line, false)
    case .warning: (oops, isStopped) = (nil, false)
    case .stoppedInDriver:
      if let line = oops { fail(LaterFailure(line: line, kind: .oops), of: nil) }
      (oops, isStopped) = (nil, oops == nil)
    case .failure(let kind, let errno):
      fail(LaterFailure(line: event.line, kind: kind, errno: errno), of: event.device)
    case .fragment: for index in drafts.indices { drafts[index].lose() }
    default: put(event)
    }
  }

  private mutating func put(_ event: LogEvent) {
    if drafts.contains(where: { $0.last.repeats(event) }) { return }
    if let index = place(for: event) {
      var draft = drafts.remove(at: index)
      draft.take(event)
      if draft.isBackward { claimFailures(for: &draft) }
      drafts.append(draft)
      return
    }
    // A new probe ends the last one of the same device.
    if let index = drafts.firstIndex(where: { $0.device == event.device }) { close(index) }
    drafts.append(ProbeBuilder(event))
    if drafts.count > Self.limit { close(0) }
  }

  /// Notes what i915 says of any function; it matters where it has a vGPU.
  private mutating func fail(_ failure: LaterFailure, of device: PCIAddress?) {
    let index = drafts.lastIndex { $0.mayBe(of: device) }
    if let index, !drafts[index].isBackward {
      drafts[index].fail(failure)
    } else {
      keep(failure, of: device)
    }
  }

  private mutating func keep(_ failure: LaterFailure, of device: PCIAddress?) {
    unclaimed = unclaimed.suffix(Self.limit) + [(failure, device)]
  }

  /// Gives a probe of a log that runs from new to old the failures in front of
  /// it, the first one last.
  private mutating func claimFailures(for draft: inout ProbeBuilder) {
    for (failure, device) in unclaimed.reversed() where draft.mayBe(of: device) {
      draft.fail(failure)
    }
    unclaimed.removeAll { [draft] in draft.mayBe(of: $0.device) }
  }

  /// Closes every probe.
  mutating func finish() -> [LogProbe] {
    while !drafts.isEmpty { close(0) }
    return probes.sorted { $0.line < $1.line }
  }

  private mutating func close(_ index: Int) {
    probes.append(LogProbe(drafts.remove(at: index)))
  }

  /// The probe that an event belongs to.
  private func place(for event: LogEvent) -> Int? {
    if let index = drafts.firstIndex(where: { $0.device == event.device }) {
      return drafts[index].accepts(event) ? index : nil
    }
    // Linux 5.0 to 5.6 mixes both prefixes, and lines lose theirs.
    return drafts.lastIndex { draft in
      let mayShare = event.device == nil || draft.device == nil
      return mayShare && !draft.isEnded && draft.accepts(event)
    }
  }
}
