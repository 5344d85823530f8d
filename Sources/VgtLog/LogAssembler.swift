import VgtCore

/// Puts the driver's messages together to probes.
struct LogAssembler: Sendable {
  /// The probes that are not closed, at most one for each device, the one last
  /// spoken of at the end.
  private var drafts: [LogDraft] = []
  private(set) var boots: [LogBoot] = []

  /// More devices than a machine has; memory stays bounded for any input.
  private static let limit = 32

  mutating func add(_ event: LogEvent) {
    if drafts.contains(where: { $0.last.repeats(event) }) { return }
    if let index = place(for: event) {
      var draft = drafts.remove(at: index)
      draft.take(event)
      drafts.append(draft)
      return
    }
    // A new probe ends the last one of the same device.
    if let index = drafts.firstIndex(where: { $0.device == event.device }) { close(index) }
    drafts.append(LogDraft(event))
    if drafts.count > Self.limit { close(0) }
  }

  /// Closes every probe.
  mutating func finish() -> [LogBoot] {
    while !drafts.isEmpty { close(0) }
    return boots.sorted { $0.line < $1.line }
  }

  private mutating func close(_ index: Int) {
    boots.append(LogBoot(drafts.remove(at: index)))
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
