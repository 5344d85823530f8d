import ArgumentParser
import VgtCore

/// The exit statuses; 64 and above as in `sysexits.h`.
enum ExitStatus: Int32 {
  case sound = 0
  case noVgpu = 1
  case failed = 2
  case cannotTell = 3
  /// EX_USAGE
  case usage = 64
  /// EX_DATAERR
  case malformedInput = 65
  /// EX_NOINPUT
  case noInput = 66
  /// EX_IOERR
  case outputFailed = 74

  init(_ verdict: Verdict) {
    self =
      switch verdict {
      case .ok: .sound
      case .failed: .failed
      case .noVgpu: .noVgpu
      case .unreadable: .cannotTell
      case .unusable: .malformedInput
      case .noInput: .noInput
      }
  }
}

/// Why a command ends early: one line for standard error, and the status.
struct Failure: Error {
  let status: ExitStatus
  /// Without the tool's name: the act, the object, the cause, the next step.
  let message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }
}

/// A command that ends with one of the contract's statuses.
protocol RequestCommand: ParsableCommand, Request {}

extension RequestCommand {
  func run() throws { throw ExitCode(status().rawValue) }
}
