package import VgtCore

/// What a run of `ggtt` found.
package struct GGTTReport: Hashable, Sendable {
  /// How the reading of the entries ended.
  package enum Ending: Hashable, Sendable {
    case complete
    /// The user ended it.
    case interrupted
    /// The device went away.
    case deviceLost
  }

  /// The function that was looked at; `nil` when there is none.
  package let diagnosis: Diagnosis?
  /// `nil` when no entry could be looked at.
  package let audit: GGTTAudit?
  package let ending: Ending
  /// Set when there may be a vGPU that could not be looked at.
  package let isUnreadable: Bool

  /// What the entries of a vGPU hold.
  package init(_ diagnosis: Diagnosis, _ audit: GGTTAudit, ending: Ending) {
    self.diagnosis = diagnosis
    self.audit = audit
    self.ending = ending
    isUnreadable = false
  }

  /// No entry was looked at.
  package init(without diagnosis: Diagnosis?, isUnreadable: Bool) {
    self.diagnosis = diagnosis
    audit = nil
    ending = .complete
    self.isUnreadable = isUnreadable
  }

  /// A failure, where one was found, whether all was read or not: of the page,
  /// or an entry of the guest's own that cannot be read. Elsewhere older hosts
  /// answer with whatever is there.
  package var verdict: Verdict {
    guard let audit else { return isUnreadable ? .unreadable : .noVgpu }
    if diagnosis?.verdict == .failed { return .failed }
    if audit.isAllOnes { return .unreadable }
    if audit.count(.allOnes, owned: true) > 0 { return .failed }
    return audit.isComplete ? .ok : .unreadable
  }

  /// Why, in one sentence.
  package var headline: String {
    guard let audit else { return isUnreadable ? "cannot tell" : "no GVT-g vGPU here" }
    if diagnosis?.verdict == .failed {
      return "the vGPU itself is faulty; see: vgt-balloon report"
    }
    if audit.isAllOnes { return "cannot tell: every entry reads as all ones" }
    if audit.count(.allOnes, owned: true) > 0 {
      return "entries of this guest's own share read as all ones: an access error"
    }
    guard audit.isComplete else {
      return "cannot tell: \(endingWords), no failure up to there"
    }
    let failed = audit.count(.allOnes, owned: false)
    return failed == 0
      ? "all entries in the range could be read"
      : "all entries of this guest's own share could be read; elsewhere \(failed) read as all ones"
  }

  /// Why not all was read.
  package var endingWords: String {
    switch ending {
    case .complete: "all were read"
    case .interrupted: "interrupted"
    case .deviceLost: "the device went away"
    }
  }
}

extension GGTTAudit {
  /// Whether entries were read and nothing but ones came: nothing answers.
  package var isAllOnes: Bool { !runs.isEmpty && runs.allSatisfy { $0.kind == .allOnes } }
}
