import VgtCore
import VgtReport

/// Captures in files that users name.
enum CaptureFile {
  /// The captures in the bytes of the file `name`, a pasted report.
  ///
  /// - Throws: `CommandError` when it holds no capture, or one that is damaged.
  static func captures(in bytes: [UInt8], of name: FileName) throws(CommandError) -> [Capture] {
    let captures: [Capture]
    do {
      captures = try CaptureParser.captures(in: bytes)
    } catch {
      throw CommandError(
        .malformedInput, "\(name), line \(error.line): \(error.sentence)")
    }
    guard !captures.isEmpty else {
      throw CommandError(
        .malformedInput,
        "\(name) holds no capture; paste the report whole, with its CAPTURE part")
    }
    return captures
  }
}
