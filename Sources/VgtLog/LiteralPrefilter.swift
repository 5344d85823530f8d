/// Finds where a large log may speak of GVT-g, faster than a reader that looks at
/// each character.
///
/// A literal of seven characters holds five blocks of three, so one look at
/// every fifth block meets each literal; a table tells whether a block can be
/// part of one. Letters count without their case.
struct LiteralPrefilter: Sendable {
  /// What each message holds at least one of; where that is broken by a line
  /// break, its neighbours lead there. At least `shortest` characters, the first
  /// of which ordinary kernel messages seldom hold three of in a row: no
  /// "kernel", which journals put into each line.
  static let literals = [
    "balloon", "l gvt-g", "igvt-g ", "gvt-g is", "mmio bar", "appable", "low gm:", "igh gm:",
    "vgt inte", "vgpu fou", "le vgpu", "vgpu hos", "gmadr size", "tt page t",
    "lization failed", "river i915", "i915: probe", "vgt_if m", "gvt: fail", "gvt: req",
    "gvt: vgpu",
    "vgpu mdev", "vgpu_mdev", "t gvt-g", "graphics res", "gvt internal", "now vgpu",
    "guc submission", "15/gvt/", "vgt info", "vgt error", "vgt warn", "inux version",
    "le to handle", "null pointer", "l bug at", "invalid opcode", "l protection fault",
    "divide error", "class 0x03", "anic#1 part", "oops#1 part", "g: base64",
  ]
  static let shortest = 7
  private static let block = 3
  private static let stride = shortest - block + 1

  /// A literal, and how far before a block it starts.
  private struct Place {
    let literal: [UInt8]
    let offset: Int
  }

  /// For each block, which of `places` it can be part of, counted from 1; 0 for
  /// most.
  private let candidates: [UInt8]
  private var places: [[Place]] = []

  /// One for all readers: its tables do not change.
  static let shared = LiteralPrefilter()

  private init() {
    var candidates = [UInt8](repeating: 0, count: 1 << 15)
    for literal in Self.literals.map({ Array($0.utf8) }) {
      for offset in 0..<Self.stride {
        let index = Self.index(literal[offset], literal[offset + 1], literal[offset + 2])
        if candidates[index] == 0 {
          places.append([])
          candidates[index] = UInt8(places.count)
        }
        places[Int(candidates[index]) - 1].append(Place(literal: literal, offset: offset))
      }
    }
    self.candidates = candidates
  }

  /// The first literal that starts at `start` or behind it.
  func firstMatch(in bytes: Span<UInt8>, from start: Int) -> Int? {
    let candidates = candidates.span
    var position = start
    let limit = bytes.count - Self.block + 1
    while position < limit {
      let candidate = candidates[
        Self.index(bytes[position], bytes[position &+ 1], bytes[position &+ 2])]
      if candidate != 0 {
        for place in places[Int(candidate) - 1]
        where position - place.offset >= start && isMatch(place, bytes, position - place.offset) {
          return position - place.offset
        }
      }
      position += Self.stride
    }
    return nil
  }

  private func isMatch(_ place: Place, _ bytes: Span<UInt8>, _ start: Int) -> Bool {
    guard start + place.literal.count <= bytes.count else { return false }
    for (index, character) in place.literal.enumerated()
    where bytes[start + index] | 0x20 != character | 0x20 {
      return false
    }
    return true
  }

  /// Five bits of each character: letters keep theirs in either case.
  @inline(__always)
  private static func index(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
    Int(first & 31) << 10 | Int(second & 31) << 5 | Int(third & 31)
  }
}
