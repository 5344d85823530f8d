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

  /// Makes the file of `--output`, if one is named: before the work, so that
  /// a name that is taken is said at once.
  func open() throws(Failure) -> OutputSink {
    guard let output else { return OutputSink() }
    do {
      return try OutputSink(making: FilePath(output))
    } catch .fileExists {
      throw Failure(
        .outputFailed, "cannot write \(output): it exists; give a name that is free")
    } catch {
      throw Failure(.outputFailed, "cannot write \(output): \(error)")
    }
  }

  /// Writes the whole result, to a file made now.
  ///
  /// - Returns: `status`; `sound` when nobody reads standard output any more.
  func write(_ text: String, then status: ExitStatus) throws(Failure) -> ExitStatus {
    var sink = try open()
    return try sink.write(text, then: status)
  }
}

/// Where the result goes: standard output, or a new file that is removed again
/// unless it gets the whole result.
struct OutputSink: ~Copyable {
  /// `nil` for standard output.
  let path: FilePath?
  private var file: NewFile?

  fileprivate init() {
    path = nil
    file = nil
  }

  fileprivate init(making path: FilePath) throws(Errno) {
    self.path = path
    file = try NewFile(path)
  }

  /// Writes the whole result.
  ///
  /// - Returns: `status`; `sound` when nobody reads standard output any more.
  mutating func write(_ text: String, then status: ExitStatus) throws(Failure) -> ExitStatus {
    guard path != nil else { return try StandardOutput.write(text, then: status) }
    do {
      try file?.write(text.utf8)
      return status
    } catch {
      throw Failure(.outputFailed, "cannot write \(path?.string ?? ""): \(error)")
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

extension OutputOptions {
  /// As the parser leaves them where no option is given.
  static var none: OutputOptions {
    var options = OutputOptions()
    options.output = nil
    options.color = .auto
    return options
  }
}
