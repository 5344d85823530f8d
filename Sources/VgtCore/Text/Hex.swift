extension FixedWidthInteger {
  /// Parses `0x` and hex digits, as `hex(digits:)` prints them.
  package init?(hex text: some StringProtocol) {
    guard text.hasPrefix("0x"), text.dropFirst(2).allSatisfy(\.isHexDigit) else { return nil }
    self.init(text.dropFirst(2), radix: 16)
  }
}

extension UnsignedInteger {
  /// Lower-case hex with `0x`, zero-padded to at least `digits` digits.
  @inlinable
  package func hex(digits: Int = 1) -> String { "0x" + bareHex(digits: digits) }

  /// The same without `0x`.
  @inlinable
  package func bareHex(digits: Int = 1) -> String { UInt64(self).hexDigits(atLeast: digits) }
}

extension UInt64 {
  /// Not generic: the standard library's `String(_:radix:)` is, and makes the
  /// Swift runtime build tables for each type of integer.
  @usableFromInline
  package func hexDigits(atLeast least: Int) -> String {
    let count = Swift.max(least, (bitWidth - leadingZeroBitCount + 3) / 4)
    let digits = (0..<count).map { index in
      let digit = UInt8(self >> ((count - 1 - index) * 4) & 0xF)
      return digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
    }
    return String(decoding: digits, as: UTF8.self)
  }
}
