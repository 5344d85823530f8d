internal import VgtCore

/// Finds where a large log may speak of GVT-g, faster than a reader that looks at
/// each character.
///
/// A literal of seven characters holds five blocks of three, so one look at
/// every fifth block meets each literal; a table tells whether a block can be
/// part of one. Letters count without their case.
final class LiteralPrefilter: Sendable {
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
    "divide error", "oops: 00", "class 0x03", "anic#1 part", "oops#1 part", "g: base64",
  ]
  static let shortest = 7
  private static let stride = shortest - Block.length + 1

  /// For the first two characters of a block, which third one makes it part of a
  /// literal, as bits: the processor's nearest cache holds it all.
  private typealias Thirds = InlineArray<1024, UInt32>

  /// The blocks that the stride can meet of a literal.
  private let thirds: Thirds
  /// Every block of a literal.
  private let allThirds: Thirds
  /// For each block of `thirds`, its first place, the others following; 0 where
  /// it has none.
  private let firstPlaces: [UInt16]
  private let places: [Place]
  /// All literals.
  private let characters: [UInt8]

  /// A literal that a block can be part of.
  private struct Place {
    /// Where the literal is in `characters`.
    let literal: Range<Int>
    /// How far before the block it starts.
    let offset: Int
    /// Whether the next place is of the same block.
    var hasNext = true
  }

  /// One for all readers: its tables do not change.
  static let shared = LiteralPrefilter(literals)

  /// Knows also what matters only near a message, or when a message is cut: each
  /// pattern's stem holds one of its literals.
  static let nearby = LiteralPrefilter(
    literals
      + MessagePattern.all.map { $0.stem.lowercased() }.filter { stem in
        stem.utf8.count >= shortest && shared.firstMatch(in: Array(stem.utf8).span, from: 0) == nil
      })

  private init(_ literals: [String]) {
    var (thirds, allThirds) = (Thirds(repeating: 0), Thirds(repeating: 0))
    var characters: [UInt8] = []
    var placesOfBlocks: [Int: [Place]] = [:]
    for literal in literals.flatMap(Self.spellings) {
      let start = characters.count
      characters += literal
      for offset in 0...(literal.count - Block.length) {
        let block = Block(literal.span, offset)
        allThirds[block.pair] |= 1 << block.third
        guard offset < Self.stride else { continue }
        thirds[block.pair] |= 1 << block.third
        placesOfBlocks[block.number, default: []].append(
          Place(literal: start..<characters.count, offset: offset))
      }
    }
    var firstPlaces = [UInt16](repeating: 0, count: 1 << 15)
    // The first is none, of all other blocks.
    var places = [Place(literal: 0..<0, offset: 0, hasNext: false)]
    for (number, ofBlock) in placesOfBlocks {
      firstPlaces[number] = UInt16(places.count)
      places += ofBlock
      places[places.count - 1].hasNext = false
    }
    (self.thirds, self.allThirds, self.characters) = (thirds, allThirds, characters)
    (self.firstPlaces, self.places) = (firstPlaces, places)
  }

  /// The forms of a literal in which it is the same to `TextCursor`: an
  /// underscore, and a blank that is not between two words, may be missing.
  static func spellings(of literal: String) -> [[UInt8]] {
    let characters = Array(literal.utf8)
    return characters.indices.reduce(into: [[]]) { spellings, index in
      let withIt = spellings.map { $0 + [characters[index]] }
      spellings = canMiss(characters, index) ? spellings + withIt : withIt
    }
  }

  private static func canMiss(_ characters: [UInt8], _ index: Int) -> Bool {
    characters[index] == UInt8(ascii: "_")
      || characters[index] == UInt8(ascii: " ") && (1..<characters.count - 1).contains(index)
        && !characters.isBetweenWords(index)
  }

  /// The first literal that starts at `start` or behind it.
  func firstMatch(in bytes: Span<UInt8>, from start: Int) -> Int? {
    var position = start
    while position + Self.reach <= bytes.count {
      var hits = hits(bytes.extracting(position..<position + Self.reach))
      while hits != 0 {
        let hit = position + hits.trailingZeroBitCount * Self.stride
        if let match = match(in: bytes, at: hit, from: start) { return match }
        hits &= hits - 1
      }
      position += Self.group * Self.stride
    }
    while position + Block.length <= bytes.count {
      if let match = match(in: bytes, at: position, from: start) { return match }
      position += Self.stride
    }
    return nil
  }

  /// How many blocks to look up at once, and how far they reach. In a span whose
  /// length the compiler knows it does not check each access, which would take
  /// as long as all the rest.
  private static let group = 8
  private static let reach = stride * (group - 1) + Block.length

  /// Which blocks of a group can be part of a literal, as bits.
  @inline(__always)
  private func hits(_ bytes: Span<UInt8>) -> UInt32 {
    var hits: UInt32 = 0
    for index in 0..<Self.group {
      let block = Block(bytes, index * Self.stride)
      hits |= (thirds[block.pair] &>> block.third & 1) &<< UInt32(index)
    }
    return hits
  }

  /// Whether a literal can hold these in a row.
  func mayHold(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
    let block = Block(first, second, third)
    return allThirds[block.pair] &>> block.third & 1 != 0
  }

  /// The literal that the block at `position` is part of.
  private func match(in bytes: Span<UInt8>, at position: Int, from start: Int) -> Int? {
    var index = Int(firstPlaces[Block(bytes, position).number])
    while true {
      let place = places[index]
      let first = position - place.offset
      if first >= start, isMatch(place.literal, bytes, first) { return first }
      guard place.hasNext else { return nil }
      index += 1
    }
  }

  private func isMatch(_ literal: Range<Int>, _ bytes: Span<UInt8>, _ start: Int) -> Bool {
    guard !literal.isEmpty, start + literal.count <= bytes.count else { return false }
    let distance = start - literal.lowerBound
    for index in literal where bytes[index + distance] | 0x20 != characters[index] | 0x20 {
      return false
    }
    return true
  }

  /// Three characters; letters count the same in either case, by their lowest
  /// five bits.
  private struct Block {
    static let length = 3

    let pair: Int
    let third: UInt32
    let number: Int

    @inline(__always)
    init(_ first: UInt8, _ second: UInt8, _ third: UInt8) {
      pair = Int(first & 31) << 5 | Int(second & 31)
      self.third = UInt32(third & 31)
      number = pair << 5 | Int(third & 31)
    }

    @inline(__always)
    init(_ bytes: Span<UInt8>, _ position: Int) {
      self.init(bytes[position], bytes[position + 1], bytes[position + 2])
    }
  }
}
