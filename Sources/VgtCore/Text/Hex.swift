extension FixedWidthInteger {
  /// Parses `0x` and hex digits, as `hex(digits:)` prints them.
  package init?(hex text: some StringProtocol) {
    guard text.hasPrefix("0x"), text.dropFirst(2).allSatisfy(\.isHexDigit) else { return nil }
    self.init(text.dropFirst(2), radix: 16)
  }
}

extension BinaryInteger {
  /// Lower-case hex with `0x`, zero-padded to at least `digits` digits.
  package func hex(digits: Int = 1) -> String {
    let bare = String(self, radix: 16)
    return "0x" + String(repeating: "0", count: Swift.max(0, digits - bare.count)) + bare
  }
}
