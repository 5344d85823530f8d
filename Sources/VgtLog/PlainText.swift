/// A log's characters without what terminals, mail programs and journals put
/// around and between them.
///
/// Left out: white space, quotation marks of mail and patches, underscores and
/// asterisks (markup eats them), terminal colours. Decoded: quoted-printable, JSON escapes,
/// HTML entities. Letters become lower case. Line breaks stay as marks, since a
/// line may be wrapped anywhere; what was damaged becomes a mark too, so that no
/// figure closes over it.
struct PlainText: Sendable {
  /// Marks between characters.
  enum Mark {
    /// The end of a line.
    static let lineEnd: UInt8 = 0x0A
    /// A line end that quoted-printable put there.
    static let softBreak: UInt8 = 0x0B
    /// The end of a line inside a line: a lone carriage return, or JSON's `\n`.
    static let innerEnd: UInt8 = 0x0C
    /// Bytes that are no text, or were skipped.
    static let damage: UInt8 = 0x1A

    /// Whether a figure or a phrase may go on behind it.
    static func isBreak(_ character: UInt8) -> Bool {
      character >= lineEnd && character <= innerEnd
    }

    /// Whether it stands for a line feed of the input.
    static func isFeed(_ character: UInt8) -> Bool {
      character == lineEnd || character == softBreak
    }
  }

  private(set) var characters: [UInt8] = []
  /// Set for UTF-16, where every second byte is 0.
  var dropsZeros = false
  private var state = State.plain
  /// The bytes that the scalar begun still lacks, and its value so far.
  private var scalar: (missing: Int, value: UInt32) = (0, 0)
  private let actions = Self.actions

  private enum State {
    case plain
    case carriageReturn
    case equals
    case equalsReturn
    case equalsDigit(UInt8)
    case backslash
    case codeUnit(digitsLeft: Int, value: UInt32)
    case entity(count: Int, value: UInt64)
    case escape
    case controlSequence(count: Int)
    case systemCommand(count: Int)
    /// Between the bytes of one scalar.
    case utf8
  }

  /// What to do with a byte: an action, or the character to put out.
  private enum Action {
    static let drop: UInt8 = 0
    static let special: UInt8 = 1
  }

  mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    var position = range.lowerBound
    while position < range.upperBound {
      let byte = bytes[position]
      position += 1
      if case .plain = state {
        let action = actions[Int(byte)]
        if action > Action.special {
          characters.append(action)
        } else if action == Action.special {
          take(byte)
        }
      } else {
        take(byte)
      }
    }
  }

  /// Ends what is unfinished, at the end of the input or before a gap.
  mutating func breakOff() {
    state = .plain
    scalar.missing = 0
    characters.append(Mark.damage)
    characters.append(Mark.innerEnd)
  }

  /// Forgets the first characters.
  mutating func removeFirst(_ count: Int) {
    characters.removeFirst(count)
  }

  /// One step for a byte that is not plain, or comes in the middle of something.
  private mutating func take(_ byte: UInt8) {
    if byte == 0, dropsZeros { return }
    switch state {
    case .plain: takePlain(byte)
    case .carriageReturn:
      if byte == UInt8(ascii: "\r") { return }
      state = .plain
      if byte != UInt8(ascii: "\n") { characters.append(Mark.innerEnd) }
      takePlain(byte)
    case .equals: takeAfterEquals(byte)
    case .equalsReturn:
      state = scalar.missing > 0 ? .utf8 : .plain
      if byte == UInt8(ascii: "\n") { return characters.append(Mark.softBreak) }
      take(byte)
    case .equalsDigit(let first):
      state = .plain
      if let low = byte.hexValue, let high = first.hexValue {
        takeScalarByte(high << 4 | low)
      } else {
        breakScalar()
        characters.append(UInt8(ascii: "="))
        takePlain(first)
        takePlain(byte)
      }
    case .backslash: takeAfterBackslash(byte)
    case .codeUnit(let digitsLeft, let value):
      guard let digit = byte.hexValue else {
        state = .plain
        characters.append(Mark.damage)
        return takePlain(byte)
      }
      let value = value << 4 | UInt32(digit)
      state = digitsLeft > 1 ? .codeUnit(digitsLeft: digitsLeft - 1, value: value) : .plain
      if digitsLeft == 1 { put(scalar: value) }
    case .entity(let count, let value): takeInEntity(byte, count: count, value: value)
    case .escape:
      switch byte {
      case UInt8(ascii: "["): state = .controlSequence(count: 0)
      case UInt8(ascii: "]"): state = .systemCommand(count: 0)
      default: state = .plain
      }
    case .controlSequence(let count):
      // ECMA-48, 5.4: a final byte ends the sequence.
      let isEnd = (0x40...0x7E).contains(byte) || count >= 32
      state = isEnd ? .plain : .controlSequence(count: count + 1)
      if byte == UInt8(ascii: "\n") {
        state = .plain
        takePlain(byte)
      }
    case .systemCommand(let count):
      let isEnd = byte == 0x07 || byte == UInt8(ascii: "\\") || count >= 256
      state = isEnd ? .plain : .systemCommand(count: count + 1)
      if byte == UInt8(ascii: "\n") {
        state = .plain
        takePlain(byte)
      }
    case .utf8:
      // Quoted-printable may stand between the bytes.
      if byte == UInt8(ascii: "=") { state = .equals } else { takeScalarByte(byte) }
    }
  }

  /// Takes a byte that may go on with a scalar.
  private mutating func takeScalarByte(_ byte: UInt8) {
    state = .plain
    guard scalar.missing > 0 else { return takePlain(byte) }
    guard byte & 0xC0 == 0x80 else {
      breakScalar()
      return takePlain(byte)
    }
    scalar = (scalar.missing - 1, scalar.value << 6 | UInt32(byte & 0x3F))
    if scalar.missing == 0 { put(scalar: scalar.value) } else { state = .utf8 }
  }

  private mutating func breakScalar() {
    guard scalar.missing > 0 else { return }
    scalar.missing = 0
    characters.append(Mark.damage)
  }

  private mutating func startScalar(missing: Int, value: UInt8) {
    scalar = (missing, UInt32(value))
    state = .utf8
  }

  private mutating func takePlain(_ byte: UInt8) {
    let action = actions[Int(byte)]
    if action > Action.special { return characters.append(action) }
    guard action == Action.special else { return }
    switch byte {
    case UInt8(ascii: "\n"): characters.append(Mark.lineEnd)
    case UInt8(ascii: "\r"): state = .carriageReturn
    case UInt8(ascii: "="): state = .equals
    case UInt8(ascii: "\\"): state = .backslash
    case UInt8(ascii: "&"): state = .entity(count: 0, value: 0)
    case UInt8(ascii: "m"), UInt8(ascii: "M"), UInt8(ascii: "k"), UInt8(ascii: "K"):
      takeLastOfColour(byte | 0x20)
    case 0x1B: state = .escape
    case 0xC2...0xDF: startScalar(missing: 1, value: byte & 0x1F)
    case 0xE0...0xEF: startScalar(missing: 2, value: byte & 0x0F)
    case 0xF0...0xF4: startScalar(missing: 3, value: byte & 0x07)
    default: characters.append(Mark.damage)
    }
  }

  /// Takes back a colour that lost its escape character on the way, as `[01;31m`
  /// or `[K`.
  private mutating func takeLastOfColour(_ letter: UInt8) {
    var start = characters.count - 1
    while start >= 0, characters.count - start < 8,
      characters[start].isDigit || characters[start] == UInt8(ascii: ";")
    {
      start -= 1
    }
    if start >= 0, characters[start] == UInt8(ascii: "[") {
      characters.removeSubrange(start...)
    } else {
      characters.append(letter)
    }
  }

  private mutating func takeAfterEquals(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\n"):
      state = scalar.missing > 0 ? .utf8 : .plain
      characters.append(Mark.softBreak)
    case UInt8(ascii: "\r"): state = .equalsReturn
    // Quoted-printable's digits are upper case (RFC 2045, 6.7); "=c0" in a
    // kernel message is no escape.
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"):
      state = .equalsDigit(byte)
    default:
      state = .plain
      breakScalar()
      characters.append(UInt8(ascii: "="))
      takePlain(byte)
    }
  }

  private mutating func takeAfterBackslash(_ byte: UInt8) {
    state = .plain
    switch byte {
    case UInt8(ascii: "n"): characters.append(Mark.innerEnd)
    case UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "b"), UInt8(ascii: "f"): break
    case UInt8(ascii: "u"): state = .codeUnit(digitsLeft: 4, value: 0)
    case UInt8(ascii: "x"): state = .codeUnit(digitsLeft: 2, value: 0)
    // Escaped twice.
    case UInt8(ascii: "\\"): state = .backslash
    case UInt8(ascii: "\n"): characters.append(Mark.softBreak)
    default: takePlain(byte)
    }
  }

  /// Collects the last eight characters of an entity's name.
  private mutating func takeInEntity(_ byte: UInt8, count: Int, value: UInt64) {
    let isName = byte.isLetterOrDigit || byte == UInt8(ascii: "#")
    if isName, count < 8 {
      state = .entity(count: count + 1, value: value << 8 | UInt64(byte))
      return
    }
    state = .plain
    var name: [UInt8] = []
    for index in (0..<count).reversed() {
      name.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index)))
    }
    if byte == UInt8(ascii: ";"), let scalar = Self.entity(String(decoding: name, as: UTF8.self)) {
      // "&amp;gt;": escaped twice.
      if scalar == "&" { state = .entity(count: 0, value: 0) } else { put(scalar: scalar.value) }
    } else {
      name.forEach { takePlain($0) }
      takePlain(byte)
    }
  }

  private static func entity(_ name: String) -> Unicode.Scalar? {
    switch name {
    case "amp": "&"
    case "gt": ">"
    case "lt": "<"
    case "quot": "\""
    case "nbsp": " "
    case _ where name.hasPrefix("#x"): UInt32(name.dropFirst(2), radix: 16).flatMap { .init($0) }
    case _ where name.hasPrefix("#"): UInt32(name.dropFirst()).flatMap { .init($0) }
    default: nil
    }
  }

  private mutating func put(scalar: UInt32) {
    switch scalar {
    case 0..<0x80: takePlain(UInt8(scalar))
    // Spaces that do not break or have no width.
    case 0xA0, 0x2000...0x200D, 0x202F, 0x2060, 0xFEFF: break
    // Hyphens and dashes that editors make of "-", and the minus sign.
    case 0x2010...0x2015, 0x2212: characters.append(UInt8(ascii: "-"))
    default: characters.append(Mark.damage)
    }
  }

  private static let actions: [UInt8] = {
    var actions = [UInt8](repeating: Action.special, count: 256)
    for byte in UInt8(ascii: "!")...UInt8(ascii: "~") { actions[Int(byte)] = byte }
    for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") { actions[Int(byte)] = byte | 0x20 }
    for byte in " \t>|+_*`".utf8 { actions[Int(byte)] = Action.drop }
    for byte in "=\\&mMkK".utf8 { actions[Int(byte)] = Action.special }
    return actions
  }()
}

extension UInt8 {
  /// The value of an ASCII hex digit.
  var hexValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

  /// In lower or upper case.
  var isLetter: Bool { self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z") }

  var isLetterOrDigit: Bool { isDigit || isLetter }
}
