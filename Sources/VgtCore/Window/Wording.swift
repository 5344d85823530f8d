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
  /// ASCII that a terminal only shows: any other byte is written as `%` and
  /// two hex digits. For names that others chose.
  package var ascii: String {
    utf8.reduce(into: "") { text, byte in
      if (0x20...0x7E).contains(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%" + byte.hex(digits: 2).dropFirst(2)
      }
    }
  }
}
