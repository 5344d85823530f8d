// How values are put into words, in findings and in reports.

/// Bytes in the largest unit that divides them, without a fraction.
package func bytesText(_ bytes: UInt64) -> String {
  switch bytes.trailingZeroBitCount {
  case 30..<64: "\(bytes >> 30) GiB"
  case 20..<30: "\(bytes >> 20) MiB"
  case 10..<20: "\(bytes >> 10) KiB"
  default: "\(bytes) bytes"
  }
}

extension String {
  /// Without the spaces at its end.
  package var rightTrimmed: String {
    utf8.lastIndex { $0 != UInt8(ascii: " ") }.map { String(self[...$0]) } ?? ""
  }

  /// ASCII that a terminal only shows: any other byte is written as `%` and
  /// two hex digits. For names that others chose.
  package var ascii: String { percentEscaped { !(0x20...0x7E).contains($0) } }

  /// The text with those of its UTF-8 bytes that are `odd`, as all beyond ASCII
  /// must be, written as `%` and two hex digits.
  func percentEscaped(_ odd: (UInt8) -> Bool) -> String {
    guard utf8.contains(where: odd) else { return self }
    var escaped: [UInt8] = []
    for byte in utf8 {
      if odd(byte) {
        escaped += "%\(byte.bareHex(digits: 2))".utf8
      } else {
        escaped.append(byte)
      }
    }
    return String(decoding: escaped, as: UTF8.self)
  }
}

extension [String] {
  /// As the standard library's, whose first call makes the Swift runtime look
  /// for conformances: a sixth of the instructions of `vgt-balloon udev`.
  package func joined(separator: String) -> String {
    var text = first ?? ""
    for element in dropFirst() {
      text += separator
      text += element
    }
    return text
  }
}
