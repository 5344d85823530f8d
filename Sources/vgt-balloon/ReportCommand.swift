import ArgumentParser
import VgtCore
import VgtHardware

/// The command line of `report`.
struct ReportCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Read the PV info page, recompute the balloon, ask the driver, and report.")

  @OptionGroup var devices: DeviceOptions

  @Option(
    help: ArgumentHelp(
      "Decode the captures inside a pasted report ('-': standard input); no device, no root.",
      valueName: "file"),
    completion: .file())
  var from: String?

  @Flag(help: "Show the embedded sample guest, marked as such.")
  var sample = false

  @Option(
    help: ArgumentHelp("Judge by the rules of this kernel's driver.", valueName: "release"),
    transform: { text in
      let release = KernelRelease(text)
      guard release.version != nil else {
        throw ValidationError("'\(text)' is no kernel release; write it as uname -r does: 6.1.0")
      }
      return release
    })
  var kernel: KernelRelease?

  @Option(help: "How to print the report.")
  var format: ReportRequest.Format = .text

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if from != nil, sample { throw ValidationError("--from and --sample exclude each other") }
    if from != nil || sample, !devices.device.isEmpty || devices.backend != .auto {
      throw ValidationError("--device and --backend need a live machine, not --from or --sample")
    }
  }

  func answer() throws(Failure) -> ExitStatus {
    try ReportRequest(
      source: sample ? .sample : from.map { .file($0) } ?? .devices(devices.choice),
      kernel: kernel, format: format, output: output.choice
    ).answer()
  }
}

extension ReportRequest.Format: ExpressibleByArgument {}
