/// The answer of a command in one word, for one device or for all of a result.
package enum Verdict: String, Hashable, Sendable {
  /// Nothing wrong was found.
  case ok
  case failed
  case noVgpu = "no-vgpu"
  /// There may be a vGPU, but nothing can be said of it.
  case unreadable
  /// An input is malformed, or contradicts the others.
  case unusable
  /// Not one input could be opened.
  case noInput = "no-input"

  /// Any failure, else any sound vGPU, else anything unreadable, else none.
  package init(of verdicts: [Verdict]) {
    self =
      [Verdict.failed, .ok, .unreadable].first(where: verdicts.contains) ?? .noVgpu
  }
}
