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
enum ColourChoice: String, CaseIterable {
  case auto, always, never
}

/// Where the result goes, and whether it is coloured.
struct OutputChoice {
  /// A file to make; standard output when `nil`.
  var file: String?
  var colour = ColourChoice.auto

  /// Whether text should be coloured.
  var isColoured: Bool {
    switch colour {
    case .always: true
    case .never: false
    case .auto:
      // no-color.org: set and not empty.
      file == nil && SystemCalls.isTerminal(.standardOutput)
        && (SystemCalls.environment("NO_COLOR") ?? "").isEmpty
    }
  }

  /// Writes the whole result of `work`, done in a process that changes no
  /// file any more.
  ///
  /// - Returns: The status of `work`; `sound` when nobody reads standard
  ///   output any more.
  func writeConfined(
    _ work: () throws(Failure) -> (text: String, status: ExitStatus)
  ) throws(Failure) -> ExitStatus {
    var sink = try open()
    Confinement.giveUpWriting(exceptRemoving: sink.path)
    let (text, status) = try work()
    return try sink.write(text, then: status)
  }

  /// Writes the whole result, to a file made now.
  ///
  /// - Returns: `status`; `sound` when nobody reads standard output any more.
  func write(_ text: String, then status: ExitStatus) throws(Failure) -> ExitStatus {
    var sink = try open()
    return try sink.write(text, then: status)
  }

  /// Makes the file, if one is named: before the work, so that a name that is
  /// taken is said at once.
  private func open() throws(Failure) -> OutputSink {
    guard let file else { return OutputSink() }
    do {
      return try OutputSink(making: FilePath(file))
    } catch .fileExists {
      throw Failure(.outputFailed, "cannot write \(file): it exists; give a name that is free")
    } catch {
      throw Failure(.outputFailed, "cannot write \(file): \(error)")
    }
  }
}

/// Where the result goes: standard output, or a new file that is removed again
/// unless it gets the whole result.
private struct OutputSink: ~Copyable {
  /// `nil` for standard output.
  let path: FilePath?
  private var file: NewFile?

  init() {
    path = nil
    file = nil
  }

  init(making path: FilePath) throws(Errno) {
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
