import ArgumentParser
import VgtCore
import VgtFiles

struct DetectCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "detect",
    abstract: "Print 'gvt-g' or 'none'.",
    discussion: "Exit status: 0 gvt-g, 1 none, 3 cannot tell.")

  @OptionGroup var devices: DeviceOptions

  @Flag(name: .shortAndLong, help: "Print nothing; the exit status is the answer.")
  var quiet = false

  func answer() throws(Failure) -> ExitStatus {
    Confinement.giveUpWriting()
    let survey = try Survey(devices.choice, asksDriver: false)
    let presences = survey.captures.map { Diagnosis($0).presence }
    let status: ExitStatus =
      if presences.contains(.present) {
        .sound
      } else if survey.isBusUnreadable || presences.contains(.unreadable) {
        .cannotTell
      } else {
        .noVgpu
      }
    guard !quiet, status != .cannotTell else { return status }
    return try StandardOutput.write(
      status == .sound ? "gvt-g\n" : "none\n", then: status)
  }
}
