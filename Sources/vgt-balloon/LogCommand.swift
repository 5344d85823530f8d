import ArgumentParser
import SystemPackage
import VgtFiles
import VgtLog
import VgtReport

struct LogCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Read kernel logs and recompute what they claim.",
    discussion: """
      Takes dmesg, journal and syslog text and mails or issues around it, also
      quoted, wrapped or cut. Without FILE: this machine's kernel log.

      EXIT STATUS:
        0   nothing wrong: where the log can be read, it agrees
        1   no line of a GVT-g guest's driver
        2   a probe was refused, or failed, or contradicts its own shares
        3   a log cannot be read
        64  wrong usage   66  no such input   74  output failed
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  @Argument(
    help: ArgumentHelp("Logs to read; '-': standard input.", valueName: "file"),
    completion: .file())
  var files: [String] = []

  @Option(help: "How to print the result.")
  var format: Format = .text

  @OptionGroup var output: OutputOptions

  func answer() throws(Failure) -> ExitStatus {
    var entries: [LogReport.Entry] = []
    var worst: ExitStatus?
    if files.isEmpty { entries = try LogInput.kernel() }
    for file in files {
      do {
        entries += try LogInput.file(file)
      } catch {
        // The others are still worth reading.
        Messages.say(error.message)
        worst = ExitStatus(rawValue: max(worst?.rawValue ?? 0, error.status.rawValue))
      }
    }
    let report = LogReport(boots: entries)
    let status = worst ?? ExitStatus(report.verdict)
    if entries.isEmpty, worst != nil, format == .text { return status }
    let text =
      switch format {
      case .text: report.text(coloured: output.choice.isColoured)
      case .json: report.json
      }
    return try output.choice.write(text, then: status)
  }
}
