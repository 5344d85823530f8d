import ArgumentParser
import VgtFiles
import VgtReport

@main
struct VgtBalloon: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Tool.name,
    abstract: "Report what a GVT-g host gave this guest, and what its i915 driver makes of it.",
    discussion: """
      Reads six words of one page of BAR0 and never writes to the device. The
      host learns from the read that the guest is GVT-aware.

      EXIT STATUS:
        0   a sound GVT-g vGPU: every check holds
        1   no GVT-g vGPU here: an answer, not an error
        2   a vGPU with a failure
        3   cannot tell; the cause and the next step are on standard error
        64  wrong usage    65  malformed input
        66  no such input  74  output failed
      """,
    version: Tool.version,
    subcommands: [
      ReportCommand.self,
      DetectCommand.self,
      LogCommand.self,
      HostCommand.self,
      GGTTCommand.self,
      UdevCommand.self,
    ],
    defaultSubcommand: ReportCommand.self)

  static func main() {
    SystemCalls.ignoreBrokenPipes()
    PlainCommandLine.answer(CommandLine.arguments)
    main(nil)
  }
}
