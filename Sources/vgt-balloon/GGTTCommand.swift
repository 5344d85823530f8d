import ArgumentParser
import VgtCore

/// The command line of `ggtt`.
struct GGTTCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "ggtt",
    abstract: "Set the guest's GGTT entries against its share.",
    discussion: """
      Reads every entry of the GGTT: each load is a round trip to the host, so
      this may take minutes. Ctrl-C ends it with what was found so far.

      Exit status: 0 every entry looked at could be read, 1 no GVT-g vGPU, 2 an
      entry of the own share answers all ones, or the vGPU has a failure, 3
      cannot tell, or not all was read.
      """)

  @OptionGroup var devices: DeviceOptions

  @Option(
    help: ArgumentHelp(
      "Only these graphics addresses, hex, whole pages: 0x31c7000-0x71c7000.",
      valueName: "start-end"),
    transform: { text in
      guard let range = GraphicsRange(text), !range.isEmpty else {
        throw ValidationError(
          "'\(text)' is no range; write START-END, hex with 0x, START below END")
      }
      guard range.isWholePages else {
        throw ValidationError("'\(text)' is not whole pages: START and END end in 000")
      }
      return range
    })
  var range: GraphicsRange?

  @Option(help: "How to print the audit.")
  var format: GGTTRequest.Format = .text

  @OptionGroup var output: OutputOptions

  func answer() throws(Failure) -> ExitStatus {
    try GGTTRequest(
      devices: devices.choice, range: range, format: format, output: output.choice
    ).answer()
  }
}

extension GGTTRequest.Format: ExpressibleByArgument {}
