import VgtCore

/// The exit statuses; 64 and above as in `sysexits.h`.
enum ExitStatus: Int32, CaseIterable {
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

  /// As the help has it.
  var meaning: String {
    switch self {
    case .sound: "working GVT-g vGPU: all checks passed"
    case .noVgpu: "no GVT-g vGPU here: an answer, not an error"
    case .failed: "GVT-g vGPU with failures"
    case .cannotTell: "cannot tell; cause and next step are on standard error"
    case .usage: "wrong usage"
    case .malformedInput: "malformed input"
    case .noInput: "no such input"
    case .outputFailed: "output failed"
    }
  }

  /// All of them, a line each.
  static var table: String {
    allCases
      .map { "  \($0.rawValue)\($0.rawValue < 10 ? "   " : "  ")\($0.meaning)" }
      .joined(separator: "\n")
  }
}

extension ExitStatus {
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
