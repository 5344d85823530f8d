/// Finds where a large log may speak of GVT-g, faster than a reader that looks
/// at each character.
///
/// The method is Wu and Manber's (1994) for blocks of two bytes: a table tells
/// for each two bytes how far ahead the next match can begin at the earliest.
/// Letters count without their case.
struct LogSieve: Sendable {
  /// Each message of the driver holds at least one; where it is broken by a
  /// line break, its neighbours lead there.
  private static let anchors = [
    "balloon", "l gvt-g", "igvt-g ", "gvt-g is", "mmio bar", "appable", "low gm:", "igh gm:",
    "vgt inte", "vgpu fou", "vgpu hos",
  ].map { Array($0.utf8) }

  private let shifts: [UInt8]
  private let shortest: Int

  init() {
    let shortest = Self.anchors.map(\.count).min() ?? 2
    var shifts = [UInt8](repeating: UInt8(shortest - 1), count: 1 << 14)
    for anchor in Self.anchors {
      for end in 1..<shortest {
        let index = Self.index(anchor[end - 1], anchor[end])
        shifts[index] = min(shifts[index], UInt8(shortest - 1 - end))
      }
    }
    self.shifts = shifts
    self.shortest = shortest
  }

  /// The first anchor that starts at `start` or behind it.
  func firstMatch(in bytes: Span<UInt8>, from start: Int) -> Int? {
    let shifts = shifts.span
    let reach = shortest - 1
    var position = start
    let limit = bytes.count - reach
    while position < limit {
      let shift = shifts[Self.index(bytes[position + reach - 1], bytes[position + reach])]
      if shift > 0 {
        position += Int(shift)
      } else if Self.isMatch(bytes, position) {
        return position
      } else {
        position += 1
      }
    }
    return nil
  }

  private static func isMatch(_ bytes: Span<UInt8>, _ position: Int) -> Bool {
    anchors.contains { anchor in
      guard position + anchor.count <= bytes.count else { return false }
      return anchor.indices.allSatisfy { bytes[position + $0] | 0x20 == anchor[$0] | 0x20 }
    }
  }

  private static func index(_ first: UInt8, _ second: UInt8) -> Int {
    Int((first | 0x20) & 0x7F) << 7 | Int((second | 0x20) & 0x7F)
  }
}
