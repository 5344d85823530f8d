import ArgumentParser
import SystemPackage
import VgtFiles
import VgtReport

/// One line each, to standard error.
enum Messages {
  static func say(_ message: String) {
    // Where standard error is gone, nobody can be told.
    try? WholeFile.write("\(Tool.name): \(message)\n".utf8, to: .standardError)
  }
}

/// When to colour text.
enum ColourChoice: String, CaseIterable, ExpressibleByArgument {
  case auto, always, never
}

/// Where the result goes, and whether it is coloured.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write to a new file instead of standard output; never overwrites.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Colour the text; auto: on a terminal, unless NO_COLOR is set.", valueName: "when"))
  var color: ColourChoice = .auto

  /// Whether text should be coloured.
  var isColoured: Bool {
    switch color {
    case .always: true
    case .never: false
    case .auto:
      // no-color.org: set and not empty.
      output == nil && SystemCalls.isTerminal(.standardOutput)
        && (SystemCalls.environment("NO_COLOR") ?? "").isEmpty
    }
  }

  /// Writes the whole result.
  ///
  /// - Returns: `status`; `sound` when nobody reads standard output any more.
  func write(_ text: String, then status: ExitStatus) throws(Failure) -> ExitStatus {
    guard let output else { return try StandardOutput.write(text, then: status) }
    do {
      try WholeFile.create(FilePath(output), holding: text.utf8)
      return status
    } catch .fileExists {
      throw Failure(
        .outputFailed, "cannot write \(output): it exists; give a name that is free")
    } catch {
      throw Failure(.outputFailed, "cannot write \(output): \(error)")
    }
  }
}

enum StandardOutput {
  /// Writes the whole result.
  ///
  /// - Returns: `status`; `sound` when nobody reads any more.
  static func write(_ text: String, then status: ExitStatus) throws(Failure) -> ExitStatus {
    do {
      try WholeFile.write(text.utf8, to: .standardOutput)
      return status
    } catch .brokenPipe {
      return .sound
    } catch {
      throw Failure(.outputFailed, "cannot write standard output: \(error)")
    }
  }
}
