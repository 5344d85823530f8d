import SystemPackage
import VgtReport

/// A file as a user names it: any bytes; `-` is a standard stream.
struct FileName: Hashable {
  let path: FilePath

  init(_ path: FilePath) {
    self.path = path
  }

  var isStandardStream: Bool { path == "-" }

  /// The name as reports have it, which escape what needs it; bytes that are
  /// not UTF-8 are U+FFFD.
  var name: String { path.string }

  static let standardStream = FileName("-")
}

extension FileName: CustomStringConvertible {
  /// For messages, which are escaped where they are printed.
  var description: String { isStandardStream ? "standard input" : name.quotable }
}

extension String {
  /// At most 200 characters, for a message that quotes what others chose.
  var quotable: String {
    let limit = 200
    guard let end = unicodeScalars.index(startIndex, offsetBy: limit, limitedBy: endIndex),
      end < endIndex
    else { return self }
    return "\(self[..<end])..."
  }
}

/// Words of the command line, which may be any bytes, as the text that the
/// parser takes; and back.
enum ArgumentWord {
  /// Private-use scalars stand for the bytes 0x80 to 0xFF of a word that is not
  /// UTF-8, or that holds such scalars itself.
  private static let first: UInt32 = 0x10_FF00

  static func text(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self),
      !text.unicodeScalars.contains(where: isByte)
    {
      return text
    }
    var text = String.UnicodeScalarView()
    for byte in bytes {
      let value = byte < 0x80 ? UInt32(byte) : first + UInt32(byte)
      if let scalar = Unicode.Scalar(value) { text.append(scalar) }
    }
    return String(text)
  }

  static func bytes(_ text: String) -> [UInt8] {
    guard text.unicodeScalars.contains(where: isByte) else { return Array(text.utf8) }
    return text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
  }

  /// For a message: bytes that are not UTF-8 in hex, and no terminal's command.
  static func shown(_ bytes: [UInt8]) -> String {
    var shown = ""
    for scalar in text(bytes).quotable.unicodeScalars {
      if isByte(scalar) {
        shown += "\\x\(String(scalar.value - first, radix: 16))"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown.printable
  }

  private static func isByte(_ scalar: Unicode.Scalar) -> Bool {
    (first + 0x80...first + 0xFF).contains(scalar.value)
  }
}
