/// A text's characters without what terminals, mail programs, trackers and
/// journals put around and between them: the one way from pasted bytes to
/// captures and kernel logs.
///
/// Left out: quotation marks of mail and patches, terminal colours, HTML tags,
/// and what no text of `alphabet` holds. Decoded: quoted-printable, base64
/// parts of mails, JSON escapes, HTML entities, UTF-16. A run of white space
/// becomes one mark. Line breaks stay as marks, since a line may be wrapped
/// anywhere; what was damaged becomes a mark too, so that no figure closes over
/// it.
@usableFromInline package struct NormalizedText: Sendable {
  /// Marks between characters.
  ///
  /// A reader in another module asks for them at each character; they are inlined
  /// there only if the types that they are of may be used inline too.
  @usableFromInline package enum Mark {
    /// White space inside a line.
    @inlinable package static var blank: UInt8 { 0x09 }
    /// The end of a line.
    @inlinable package static var lineEnd: UInt8 { 0x0A }
    /// A line end that quoted-printable or base64 put there.
    @inlinable package static var softBreak: UInt8 { 0x0B }
    /// The end of a line inside a line of the input: a lone carriage return,
    /// JSON's `\n`, HTML's `<br>`.
    @inlinable package static var innerEnd: UInt8 { 0x0C }
    /// Bytes that are no text, or were skipped.
    @inlinable package static var damage: UInt8 { 0x1A }

    /// Whether a figure or a phrase may go on after it.
    @inlinable package static func isBreak(_ character: UInt8) -> Bool {
      character >= lineEnd && character <= innerEnd
    }

    /// Whether a line begins after it.
    @inlinable package static func isLineEnd(_ character: UInt8) -> Bool {
      character == lineEnd || character == innerEnd
    }

    /// Whether it stands for a line feed of the input.
    @inlinable package static func isFeed(_ character: UInt8) -> Bool {
      character == lineEnd || character == softBreak
    }
  }

  package private(set) var characters: [UInt8] = []
  private let alphabet: TextAlphabet
  private let actions: [UInt8]
  private var state = State.plain
  /// Whether this is UTF-16, where every second byte is 0; `nil` before the
  /// first byte.
  private var isWide: Bool?
  /// The bytes that the scalar begun still lacks, and its value so far.
  private var scalar: (missing: Int, value: UInt32) = (0, 0)
  private var mailPart = MailPart()

  private enum State {
    case plain
    case carriageReturn
    case equals
    case equalsReturn
    case equalsDigit(UInt8)
    case backslash
    case codeUnit(digitsLeft: Int, value: UInt32)
    /// In the name of what may be an HTML entity: at most eight characters.
    case entity([UInt8])
    /// The same of an HTML tag.
    case tagName([UInt8])
    case tag(count: Int, isSoft: Bool)
    case escape
    case controlSequence(count: Int)
    case systemCommand(count: Int)
    /// Between the bytes of one scalar.
    case utf8
  }

  package init(_ alphabet: TextAlphabet) {
    self.alphabet = alphabet
    actions = alphabet.actions
  }

  /// Whether the bytes that follow mean something only together with these: in
  /// UTF-16, and in a mail's part.
  package var isEncoded: Bool { isWide == true || mailPart.isOpen }

  /// Reads on, in `range`; what `bytes` holds behind it is looked at only to
  /// tell UTF-16 from a first range that is too short for it.
  package mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    if isWide == nil, !range.isEmpty {
      isWide = Self.isWide(bytes.extracting(range.lowerBound...))
    }
    var position = range.lowerBound
    while position < range.upperBound {
      if case .plain = state, !mailPart.isBody {
        position = appendPlain(bytes, position..<range.upperBound)
        guard position < range.upperBound else { return }
      }
      let byte = bytes[position]
      position += 1
      if mailPart.isBody { takeEncoded(byte) } else { take(byte) }
    }
  }

  /// Appends what comes out as it is, as most of a text does.
  ///
  /// - Returns: The first byte that is to be looked at more closely.
  private mutating func appendPlain(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
    var position = range.lowerBound
    var last = characters.last ?? Mark.lineEnd
    characters.append(addingCapacity: range.count) { [actions, alphabet] output in
      while position < range.upperBound {
        let byte = bytes[position]
        var character = actions[Int(byte)]
        if character == TextAlphabet.Action.special {
          guard let plain = alphabet.plainCharacter(byte, after: last) else { break }
          character = plain
        }
        position += 1
        guard character != TextAlphabet.Action.drop else { continue }
        output.append(character)
        last = character
      }
    }
    return position
  }

  /// Whether the next byte begins a line, and nothing that came before can change
  /// what it means.
  package var isAtLineStart: Bool {
    guard case .plain = state, !mailPart.isOpen, let last = characters.last else { return false }
    return Mark.isLineEnd(last)
  }

  /// Puts `line` where the input has lines of which nothing else matters.
  package mutating func append(_ line: [UInt8], insteadOfLines count: Int) {
    characters.append(contentsOf: line)
    for _ in 0..<count { characters.append(Mark.lineEnd) }
  }

  /// Ends what is unfinished, at the end of the input or before a gap.
  package mutating func breakOff() {
    state = .plain
    scalar.missing = 0
    mailPart = MailPart()
    characters.append(Mark.damage)
    characters.append(Mark.innerEnd)
  }

  /// Forgets the first characters.
  package mutating func removeFirst(_ count: Int) {
    characters.removeFirst(count)
  }

  /// Whether this is the beginning of UTF-16: a mark, or every second byte 0.
  package static func isWide(_ bytes: Span<UInt8>) -> Bool {
    let sample = bytes.extracting(..<min(256, bytes.count))
    guard sample.count >= 2 else { return false }
    if (sample[0], sample[1]) == (0xFF, 0xFE) || (sample[0], sample[1]) == (0xFE, 0xFF) {
      return true
    }
    let zeros = sample.indices.count { sample[$0] == 0 }
    return sample.count >= 16 && zeros * 5 > sample.count * 2
      && zeros * 5 < sample.count * 3
  }

  /// One step for a byte that is not plain, or comes in the middle of something.
  private mutating func take(_ byte: UInt8) {
    if byte == 0, isWide == true { return }
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
      if byte == UInt8(ascii: "\n") { putSoftBreak() } else { take(byte) }
    case .equalsDigit(let first):
      state = .plain
      if let low = byte.hexValue, let high = first.hexValue {
        takeDecoded(high << 4 | low)
      } else {
        breakScalar()
        put(UInt8(ascii: "="))
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
    case .entity(let name): takeInEntity(byte, name)
    case .tagName(let name): takeInTagName(byte, name)
    case .tag(let count, let isSoft): takeInTag(byte, count: count, isSoft: isSoft)
    case .escape:
      switch byte {
      case UInt8(ascii: "["): state = .controlSequence(count: 0)
      case UInt8(ascii: "]"): state = .systemCommand(count: 0)
      default: skip(byte, .plain)
      }
    case .controlSequence(let count):
      // ECMA-48, 5.4: a final byte ends the sequence.
      let isEnd = (0x40...0x7E).contains(byte) || count >= 32
      skip(byte, isEnd ? .plain : .controlSequence(count: count + 1))
    case .systemCommand(let count):
      let isEnd = byte == 0x07 || byte == UInt8(ascii: "\\") || count >= 256
      skip(byte, isEnd ? .plain : .systemCommand(count: count + 1))
    case .utf8:
      // Quoted-printable may stand between the bytes.
      if byte == UInt8(ascii: "=") { state = .equals } else { takeScalarByte(byte) }
    }
  }

  /// Passes over a byte of a terminal's sequence, which no line feed belongs to.
  private mutating func skip(_ byte: UInt8, _ next: State) {
    state = next
    if byte == UInt8(ascii: "\n") {
      state = .plain
      takePlain(byte)
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

  /// Takes a byte of quoted-printable. A line feed that it makes is none of the
  /// input.
  private mutating func takeDecoded(_ byte: UInt8) {
    guard byte == UInt8(ascii: "\n") else { return takeScalarByte(byte) }
    breakScalar()
    state = .plain
    characters.append(Mark.innerEnd)
  }

  private mutating func breakScalar() {
    guard scalar.missing > 0 else { return }
    scalar.missing = 0
    characters.append(Mark.damage)
  }

  private mutating func takePlain(_ byte: UInt8) {
    let action = actions[Int(byte)]
    if action > TextAlphabet.Action.special { return characters.append(action) }
    guard action == TextAlphabet.Action.special else { return }
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"): putBlank()
    case UInt8(ascii: "\n"): endLine()
    case UInt8(ascii: "\r"): state = .carriageReturn
    case UInt8(ascii: "="): state = .equals
    case UInt8(ascii: "\\"): state = .backslash
    case UInt8(ascii: "&"): state = .entity([])
    case UInt8(ascii: "<"): state = .tagName([])
    case _ where byte.endsColour: takeLastOfColour(byte)
    case 0x1B: state = .escape
    case 0xC2...0xF4:
      // RFC 3629, 3: how a scalar of two to four bytes begins.
      let missing = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3
      scalar = (missing, UInt32(byte & 0x3F >> UInt8(missing)))
      state = .utf8
    default: characters.append(Mark.damage)
    }
  }

  /// Puts a character that has a meaning of its own elsewhere.
  private mutating func put(_ byte: UInt8) {
    if let character = alphabet.character(byte) { characters.append(character) }
  }

  private mutating func putBlank() {
    if characters.last != Mark.blank { characters.append(Mark.blank) }
  }

  /// The line goes on with the next, which counts as one where it is the input's.
  private mutating func putSoftBreak() {
    if !mailPart.isBody { characters.append(Mark.softBreak) }
  }

  private mutating func endLine() {
    // The decoded line feeds of a mail's part are not the input's.
    guard !mailPart.isBody else { return characters.append(Mark.innerEnd) }
    mailPart.endLine(of: characters)
    characters.append(Mark.lineEnd)
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
      put(letter)
    }
  }

  private mutating func takeAfterEquals(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\n"):
      state = scalar.missing > 0 ? .utf8 : .plain
      putSoftBreak()
    case UInt8(ascii: "\r"): state = .equalsReturn
    // Quoted-printable's digits are upper case (RFC 2045, 6.7); "=c0" in a
    // kernel message is no escape.
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"):
      state = .equalsDigit(byte)
    default:
      state = .plain
      breakScalar()
      put(UInt8(ascii: "="))
      takePlain(byte)
    }
  }

  private mutating func takeAfterBackslash(_ byte: UInt8) {
    state = .plain
    switch byte {
    case UInt8(ascii: "n"): characters.append(Mark.innerEnd)
    case UInt8(ascii: "r"), UInt8(ascii: "b"), UInt8(ascii: "f"): break
    case UInt8(ascii: "t"): putBlank()
    case UInt8(ascii: "u"): state = .codeUnit(digitsLeft: 4, value: 0)
    case UInt8(ascii: "x"): state = .codeUnit(digitsLeft: 2, value: 0)
    // Escaped twice.
    case UInt8(ascii: "\\"): state = .backslash
    case UInt8(ascii: "\n"): putSoftBreak()
    default: takePlain(byte)
    }
  }

  private mutating func takeInEntity(_ byte: UInt8, _ name: [UInt8]) {
    let isName = byte.isLetterOrDigit || byte == UInt8(ascii: "#")
    if isName, name.count < 8 { return state = .entity(name + [byte]) }
    state = .plain
    if byte == UInt8(ascii: ";"),
      let scalar = TextAlphabet.entity(String(decoding: name, as: UTF8.self))
    {
      // "&amp;gt;": escaped twice.
      if scalar == "&" {
        state = .entity([])
      } else if scalar != "<" {
        // A "<" that was escaped begins no tag.
        put(scalar: scalar.value)
      }
    } else {
      put(UInt8(ascii: "&"))
      name.forEach { takePlain($0) }
      takePlain(byte)
    }
  }

  private mutating func takeInTagName(_ byte: UInt8, _ name: [UInt8]) {
    let isName = byte.isLetterOrDigit || byte == UInt8(ascii: name.isEmpty ? "/" : ":")
    if isName, name.count < 8 { return state = .tagName(name + [byte]) }
    state = .plain
    if let effect = TextAlphabet.tagEffect(name), ">/ \t=".utf8.contains(byte) {
      if effect != 0 { characters.append(effect) }
      takeInTag(byte, count: 0, isSoft: false)
    } else {
      put(UInt8(ascii: "<"))
      name.forEach { takePlain($0) }
      take(byte)
    }
  }

  /// - Parameter isSoft: Whether quoted-printable may break the line here.
  private mutating func takeInTag(_ byte: UInt8, count: Int, isSoft: Bool) {
    switch byte {
    case UInt8(ascii: ">"): state = .plain
    case UInt8(ascii: "\n") where isSoft:
      characters.append(Mark.softBreak)
      state = .tag(count: count + 1, isSoft: false)
    case UInt8(ascii: "\n"):
      // A tag that is cut takes nothing of the next line.
      characters.append(Mark.damage)
      state = .plain
      takePlain(byte)
    case _ where count >= 1024:
      characters.append(Mark.damage)
      state = .plain
    case UInt8(ascii: "="): state = .tag(count: count + 1, isSoft: true)
    case UInt8(ascii: "\r"): state = .tag(count: count + 1, isSoft: isSoft)
    default: state = .tag(count: count + 1, isSoft: false)
    }
  }

  private mutating func put(scalar: UInt32) {
    switch scalar {
    // An escaped line feed is none of the input.
    case 0x0A: characters.append(Mark.innerEnd)
    case 0..<0x80: takePlain(UInt8(scalar))
    // Spaces that do not break.
    case 0xA0, 0x2000...0x200A, 0x202F, 0x3000: putBlank()
    // What has no width.
    case 0xAD, 0x200B...0x200F, 0x2060, 0xFEFF: break
    // Hyphens and dashes that editors make of "-", and the minus sign.
    case 0x2010...0x2015, 0x2212: put(UInt8(ascii: "-"))
    default: characters.append(Mark.damage)
    }
  }

  /// One byte of a mail's part in base64.
  private mutating func takeEncoded(_ byte: UInt8) {
    switch mailPart.take(byte) {
    case .nothing:
      if byte == UInt8(ascii: "\n") { characters.append(Mark.softBreak) }
    case .decoded(let bytes, let count):
      for index in 0..<count { take(UInt8(truncatingIfNeeded: bytes >> UInt32(8 * (2 - index)))) }
    case .ended:
      state = .plain
      characters.append(Mark.innerEnd)
      takePlain(byte)
    }
  }
}

extension UInt8 {
  /// The value of an ASCII hex digit.
  @inlinable package var hexValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  @inlinable package var isDigit: Bool {
    self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9")
  }

  /// In lower or upper case.
  @inlinable package var isLetter: Bool {
    self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z")
  }

  @inlinable package var isLetterOrDigit: Bool { isDigit || isLetter }
}
