import VgtCore

/// What stands in front of the driver's words.
enum LogPrefix {
  /// Whether a message can begin here: a prefix or the beginning of a line is
  /// in front, not a word of a sentence or of source code.
  static func startsMessage(_ text: Span<UInt8>, at position: Int) -> Bool {
    guard position > 0 else { return true }
    let previous = text[position - 1]
    switch previous {
    case PlainText.Mark.softBreak: return startsMessage(text, at: position - 1)
    case UInt8(ascii: "\""):
      // JSON's "MESSAGE":"…", not a string in a source file.
      guard position > 1 else { return false }
      return text[position - 2] == UInt8(ascii: ":")
    case PlainText.Mark.damage: return position == 1 || !text[position - 2].isLetter
    case UInt8(ascii: "("), UInt8(ascii: "'"), UInt8(ascii: "%"), UInt8(ascii: "/"),
      UInt8(ascii: "?"):
      return false
    default:
      return !previous.isLetter || endsPrefix(text, before: position)
    }
  }

  /// Whether the letters in front are "drm", "ERROR", or the end of a time.
  private static func endsPrefix(_ text: Span<UInt8>, before position: Int) -> Bool {
    var word: [UInt8] = []
    var index = position - 1
    while index >= 0, word.count < 8, text[index].isLetter {
      word.insert(text[index], at: 0)
      index -= 1
    }
    switch String(decoding: word, as: UTF8.self) {
    case "drm", "error": return true
    case "z": return index >= 0 && text[index].isDigit
    default: return false
    }
  }

  /// Whether "i915" stands in front: XenGT's `i915_balloon_space`.
  static func isDriverName(_ text: Span<UInt8>, before position: Int) -> Bool {
    significant(text, before: position, count: 4).elementsEqual("i915".utf8)
  }

  /// The address in `i915 0000:00:04.0: [drm] *ERROR* `, directly in front.
  static func device(_ text: Span<UInt8>, before position: Int) -> PCIAddress? {
    let prefix = significant(text, before: position, count: 160)
    var end = prefix.count
    // From the right: what may stand between the address and the words.
    while end > 0 {
      if prefix[..<end].hasSuffix("error") {
        end -= 5
      } else if prefix[end - 1] == UInt8(ascii: "]"), let start = openBracket(prefix, upTo: end) {
        end = start
      } else {
        break
      }
    }
    guard end > 0, prefix[end - 1] == UInt8(ascii: ":") else { return nil }
    return address(prefix[..<(end - 1)])
  }

  /// An address at the end of `prefix`. Behind the driver's name the domain's
  /// digits start; elsewhere it has four.
  private static func address(_ prefix: ArraySlice<UInt8>) -> PCIAddress? {
    var rest = prefix
    guard let function = rest.popHex(digits: 1), function < 8, rest.pop(UInt8(ascii: ".")),
      let device = rest.popHex(digits: 2), device < 32, rest.pop(UInt8(ascii: ":")),
      let bus = rest.popHex(digits: 2)
    else { return nil }
    var domain: UInt32? = 0
    if rest.pop(UInt8(ascii: ":")) { domain = self.domain(rest) }
    return domain.map {
      PCIAddress(
        domain: $0, bus: UInt8(bus), device: UInt8(device), function: UInt8(function))
    }
  }

  private static func domain(_ prefix: ArraySlice<UInt8>) -> UInt32? {
    for digits in 4...8 {
      var rest = prefix
      guard let domain = rest.popHex(digits: digits) else { break }
      if rest.hasSuffix("i915") { return domain }
    }
    var rest = prefix
    guard let domain = rest.popHex(digits: 4), rest.last?.hexValue == nil else { return nil }
    return domain
  }

  /// The time in front, with all else that a tool put there, as a digest;
  /// `nil` without a time. Two messages with one stamp and the same words are
  /// one record that was written twice.
  static func stamp(_ text: Span<UInt8>, before position: Int) -> UInt64? {
    var start = position
    while start > 0, position - start < 256, !PlainText.Mark.isBreak(text[start - 1]) { start -= 1 }
    // FNV-1a.
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    var hasDigit = false
    for index in start..<position {
      if LogFigures(at: index).isNext("i915", text) || LogFigures(at: index).isNext("[drm", text) {
        break
      }
      hasDigit = hasDigit || text[index].isDigit
      digest = (digest ^ UInt64(text[index])) &* 0x100_0000_01b3
    }
    return hasDigit ? digest : nil
  }

  /// Where the bracket that ends at `end` opens; brackets nest once:
  /// `[drm:intel_vgt_balloon [i915]]`.
  private static func openBracket(_ prefix: [UInt8], upTo end: Int) -> Int? {
    var depth = 0
    for index in (0..<end).reversed() {
      switch prefix[index] {
      case UInt8(ascii: "]"): depth += 1
      case UInt8(ascii: "["):
        depth -= 1
        if depth == 0 {
          // Only DRM's; a time stamp in brackets has no address in front.
          let content = prefix[(index + 1)..<end]
          return content.starts(with: "drm".utf8) ? index : nil
        }
      default: break
      }
    }
    return nil
  }

  /// The characters in front, without line breaks.
  private static func significant(
    _ text: Span<UInt8>, before position: Int, count: Int
  ) -> [UInt8] {
    var characters: [UInt8] = []
    var index = position - 1
    while index >= 0, characters.count < count {
      if !PlainText.Mark.isBreak(text[index]) { characters.append(text[index]) }
      index -= 1
    }
    return characters.reversed()
  }
}

extension Collection<UInt8> where Self: BidirectionalCollection {
  fileprivate func hasSuffix(_ text: String) -> Bool {
    suffix(text.utf8.count).elementsEqual(text.utf8)
  }
}

extension ArraySlice<UInt8> {
  /// Takes hex digits from the end.
  fileprivate mutating func popHex(digits: Int) -> UInt32? {
    var value: UInt32 = 0
    for place in 0..<digits {
      guard let digit = popLast()?.hexValue else { return nil }
      value |= UInt32(digit) << UInt32(4 * place)
    }
    return value
  }

  /// Takes a character from the end if it is there.
  fileprivate mutating func pop(_ character: UInt8) -> Bool {
    guard last == character else { return false }
    removeLast()
    return true
  }
}
