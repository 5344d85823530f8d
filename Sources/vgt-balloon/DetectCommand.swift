import ArgumentParser

/// The command line of `detect`.
struct DetectCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "detect",
    abstract: "Print 'gvt-g' or 'none'.",
    discussion: "Exit status: 0 gvt-g, 1 none, 3 cannot tell.")

  @OptionGroup var devices: DeviceOptions

  @Flag(name: .shortAndLong, help: "Print nothing; the exit status is the answer.")
  var quiet = false

  func answer() throws(Failure) -> ExitStatus {
    try DetectRequest(devices: devices.choice, isQuiet: quiet).answer()
  }
}
