package import VgtHost

extension HostView {
  /// The verdict as a sentence.
  package var sentence: String {
    switch verdict {
    case .noInput: "no report could be opened"
    case .unusable:
      "\(Self.count(unusableSources, "input is", "inputs are")) unusable or from another host;"
        + " shown: \(findings)"
    case .overlap, .ok: findings
    case .noVgpu: "no report holds a GVT-g vGPU"
    }
  }

  private var unusableSources: Int {
    Set(problems.filter(\.isUnusable).map(\.source)).count
  }

  private var findings: String {
    let guests = Self.count(guests.count, "vGPU", "vGPUs")
    return overlaps.isEmpty
      ? "\(guests), no overlap"
      : "\(guests), \(Self.count(overlaps.count, "overlap", "overlaps")): the same addresses were"
        + " given to two"
  }

  private static func count(_ count: Int, _ one: String, _ many: String) -> String {
    "\(count) \(count == 1 ? one : many)"
  }
}
