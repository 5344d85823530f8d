/// What a command line asks for, once it is understood.
protocol Request {
  /// Does the work; messages that do not end it go through `Messages`.
  func answer() throws(Failure) -> ExitStatus
}

extension Request {
  /// Answers, and says why where that failed.
  func status() -> ExitStatus {
    do {
      return try answer()
    } catch {
      Messages.say(error.message)
      return error.status
    }
  }
}
