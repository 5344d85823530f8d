internal import VgtCore
internal import VgtHost

/// Short names for the guests of a host: "vGPU3", as the host's log counts
/// them, and "vGPU3.2" for the second guest with that id.
struct GuestLabels: Sendable {
  /// One for each guest, in their order.
  let all: [String]

  init(_ guests: [Guest]) {
    let ids = guests.map(\.page.id)
    var counts: [UInt32: Int] = [:]
    for id in ids { counts[id, default: 0] += 1 }
    var seen: [UInt32: Int] = [:]
    all = ids.enumerated().map { index, id in
      seen[id, default: 0] += 1
      // An id that no host gives would burst every column.
      guard id < 1000 else { return "guest\(index + 1)" }
      return counts[id] == 1 ? "vGPU\(id)" : "vGPU\(id).\(seen[id] ?? 0)"
    }
  }

  subscript(index: Int) -> String { all[index] }
}
