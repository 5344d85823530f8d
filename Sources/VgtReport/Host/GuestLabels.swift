internal import VgtCore
internal import VgtHost

/// Short names for the guests of a host: "vGPU3", as the host's log counts
/// them, "vGPU3.2" for the second guest with that id, and "guest3" for the third
/// one shown, whose id is not known.
struct GuestLabels: Sendable {
  /// One for each guest, in their order.
  let all: [String]

  init(_ guests: [Guest]) {
    let ids = guests.map(\.id)
    var counts: [UInt32: Int] = [:]
    for id in ids.compactMap(\.self) { counts[id, default: 0] += 1 }
    var seen: [UInt32: Int] = [:]
    all = ids.enumerated().map { index, id in
      // An id that no host gives would burst every column.
      guard let id, id < 1000 else { return "guest\(index + 1)" }
      seen[id, default: 0] += 1
      return counts[id] == 1 ? "vGPU\(id)" : "vGPU\(id).\(seen[id] ?? 0)"
    }
  }

  subscript(index: Int) -> String { all[index] }
}
