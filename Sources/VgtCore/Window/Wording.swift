// How values are put into words, in findings and in reports.

/// Bytes in the largest unit that divides them, without a fraction.
package func bytesText(_ bytes: UInt64) -> String {
  let units: [(shift: UInt64, name: String)] = [(30, "GiB"), (20, "MiB"), (10, "KiB")]
  for (shift, name) in units where bytes != 0 && bytes & ((1 << shift) - 1) == 0 {
    return "\(bytes >> shift) \(name)"
  }
  return "\(bytes) bytes"
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
