import VgtCore
import VgtReport

/// Captures in files that users name.
enum CaptureFile {
  /// The captures in the bytes of the file `name`, a pasted report.
  ///
  /// - Parameter empty: Gets the report, with a word to the user, when it never
  ///   had a capture.
  /// - Throws: `CommandError` when it holds no capture, or one that is damaged.
  static func captures(
    in bytes: [UInt8], of name: FileName, empty: inout [EmptyReport]
  ) throws(CommandError) -> [Capture] {
    do {
      return try CaptureInput.captures(in: bytes)
    } catch .emptyReport(let report) {
      StandardError.print("\(name): \(report.sentence)")
      empty.append(report)
      return []
    } catch {
      throw CommandError(
        .malformedInput, "\(name)\(error.clause(file: name.argument, command: "report --from -"))")
    }
  }
}

extension FileName {
  /// What stands for the file in a command line that is proposed.
  var argument: String { isStandardStream ? "FILE" : name.quotable }
}
