import VgtCore

/// Whether there is a GVT-g vGPU.
struct DetectCommand: Command {
  var devices = DeviceChoice()
  /// Only the exit status answers.
  var isQuiet = false

  func run() throws(CommandError) -> ExitStatus {
    if isQuiet { StandardError.silence() }
    return try OutputChoice().answer(gather: gather, judge: judge)
  }

  private func gather() throws(CommandError) -> DeviceScan {
    try DeviceScan(devices, asksDriver: false)
  }

  private func judge(_ scan: DeviceScan) -> Answer {
    let presences = scan.captures().map { Diagnosis.presence(of: $0) }
    return if presences.contains(.present) {
      Answer(isQuiet ? "" : "gvt-g\n", .sound)
    } else if scan.isBusUnreadable || presences.contains(.unreadable) {
      Answer("", .cannotTell)
    } else {
      Answer(isQuiet ? "" : "none\n", .noVgpu)
    }
  }
}
