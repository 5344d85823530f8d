/// What a command line asks for, once it is understood.
///
/// Every command is one value with its options, and runs through
/// `OutputChoice.answer`: it gathers what it needs, gives up what it may reach,
/// and only then parses and prints what others wrote.
protocol Command {
  /// Does the work; messages that do not end it go through `StandardError`.
  func run() throws(CommandError) -> ExitStatus
}

extension Command {
  /// Runs it, and says why where that failed.
  func status() -> ExitStatus {
    do {
      return try run()
    } catch {
      StandardError.print(error.message)
      return error.status
    }
  }
}

/// Why a command ends early: one line for standard error, and the status.
struct CommandError: Error {
  let status: ExitStatus
  /// Without the tool's name: the act, the object, the cause, the next step.
  let message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }
}
