import VgtCore
import VgtFiles

/// Whether there is a GVT-g vGPU.
struct DetectRequest: Request {
  var devices = DeviceChoice()
  /// Only the exit status answers.
  var isQuiet = false

  func answer() throws(Failure) -> ExitStatus {
    Confinement.giveUpWriting()
    let scan = try DeviceScan(devices, asksDriver: false)
    let presences = scan.captures.map { Diagnosis($0).presence }
    let status: ExitStatus =
      if presences.contains(.present) {
        .sound
      } else if scan.isBusUnreadable || presences.contains(.unreadable) {
        .cannotTell
      } else {
        .noVgpu
      }
    guard !isQuiet, status != .cannotTell else { return status }
    return try StandardOutput.write(
      status == .sound ? "gvt-g\n" : "none\n", then: status)
  }
}
