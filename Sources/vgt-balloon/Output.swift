import SystemPackage
import VgtFiles
import VgtReport

/// A result, and the status that goes with it. One without text has nothing to
/// write, and leaves no file.
struct Answer {
  let text: String
  let status: ExitStatus

  init(_ text: String, _ status: ExitStatus) {
    self.text = text
    self.status = status
  }
}

/// When to colour text.
enum ColourChoice: String, CaseIterable {
  case auto, always, never
}

/// Where the result goes, and whether it is coloured.
struct OutputChoice {
  /// A file to make; standard output when `nil`.
  var file: FileName?
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
        && SystemCalls.environment("TERM") != "dumb"
    }
  }

  /// What every command does, in this order: makes the file for the result;
  /// gathers; gives up files, capabilities and most system calls; judges; and
  /// writes the whole result.
  ///
  /// - Parameters:
  ///   - gather: Opens and reads what the work needs, and parses nothing that
  ///     others wrote.
  ///   - judge: The work, which reaches nothing but what was gathered.
  /// - Returns: The status of the answer; `sound` when nobody reads standard
  ///   output any more.
  func answer<Evidence: ~Copyable>(
    gather: () throws(CommandError) -> Evidence,
    judge: (consuming Evidence) throws(CommandError) -> Answer
  ) throws(CommandError) -> ExitStatus {
    var sink = try open()
    confine { () throws(Errno) in try Confinement.denyWrites(exceptNaming: sink.path) }
    let evidence = try gather()
    confine { () throws(Errno) in try Confinement.denyAccess(exceptNaming: sink.path) }
    let answer = try judge(evidence)
    return try sink.write(answer)
  }

  /// A tool that cannot be confined is no less right.
  private func confine(_ deny: () throws(Errno) -> Void) {
    do {
      try deny()
    } catch {
      StandardError.print("the kernel refuses to confine this process: \(error); going on without")
    }
  }

  /// Makes the file, if one is named: before the work, so that a name that is
  /// taken is said at once.
  private func open() throws(CommandError) -> OutputSink {
    guard let file, !file.isStandardStream else { return OutputSink() }
    do {
      return OutputSink(file, try NewFile(file.path))
    } catch {
      throw CommandError(writing: file, error)
    }
  }
}

/// Where the result goes: standard output, or a new file that is there only
/// once it has the whole result.
private struct OutputSink: ~Copyable {
  /// `nil` for standard output.
  private let name: FileName?
  private var file: NewFile?

  var path: FilePath? { name?.path }

  init() {
    name = nil
    file = nil
  }

  init(_ name: FileName, _ file: consuming NewFile) {
    self.name = name
    self.file = consume file
  }

  /// Writes the whole result.
  ///
  /// - Returns: Its status; `sound` when nobody reads standard output any more.
  mutating func write(_ answer: Answer) throws(CommandError) -> ExitStatus {
    guard !answer.text.isEmpty else { return answer.status }
    guard let name else { return try StandardOutput.write(answer) }
    do {
      try file?.write(answer.text)
      return answer.status
    } catch {
      throw CommandError(writing: name, error)
    }
  }
}

extension CommandError {
  fileprivate init(writing file: FileName, _ error: Errno) {
    self.init(
      .outputFailed,
      error == .fileExists
        ? "cannot write \(file): it exists; choose a file name that does not exist yet"
        : "cannot write \(file): \(error)")
  }
}

enum StandardOutput {
  /// Writes the whole result.
  ///
  /// - Returns: Its status; `sound` when nobody reads any more.
  static func write(_ answer: Answer) throws(CommandError) -> ExitStatus {
    do {
      try WholeFile.write(answer.text, to: .standardOutput)
      return answer.status
    } catch .brokenPipe {
      return .sound
    } catch {
      throw CommandError(.outputFailed, "cannot write standard output: \(error)")
    }
  }
}

/// Messages, one line each.
enum StandardError {
  /// - Parameter message: May hold names that others chose: what a terminal
  ///   would take for a command, or for a line of its own, is escaped here.
  static func print(_ message: String) {
    // Where standard error is gone, nobody can be told.
    try? WholeFile.write("\(Tool.name): \(message.printable)\n", to: .standardError)
  }

  /// From here on messages go nowhere.
  static func silence() {
    try? FileDescriptor.standardError.close()
    ProcessStart.takeStandardDescriptors()
  }
}
