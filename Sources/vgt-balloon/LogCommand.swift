import VgtFiles
import VgtReport

/// What kernel logs say of GVT-g.
struct LogCommand: Command {
  enum Format: String, CaseIterable {
    case text, json
  }

  /// This machine's kernel log when empty.
  var files: [FileName] = []
  var format = Format.text
  var output = OutputChoice()

  /// A log, opened and not yet read, or why it cannot be.
  private typealias Log = Result<LogInput, CommandError>

  func run() throws(CommandError) -> ExitStatus {
    try output.answer(gather: gather, judge: judge)
  }

  private func gather() throws(CommandError) -> [Log] {
    if files.isEmpty { return [.success(.kernel(LogInput.OpenKernelLog()))] }
    ProcessStart.raiseDescriptorLimit()
    return files.map { file in
      Result { () throws(CommandError) in try LogInput(file) }
    }
  }

  private func judge(_ logs: [Log]) throws(CommandError) -> Answer {
    var inputs: [LogReport.Input] = []
    var worst: ExitStatus?
    for log in logs {
      do {
        inputs.append(try log.get().contents())
      } catch {
        // The others are still worth reading.
        StandardError.print(error.message)
        worst = ExitStatus(rawValue: max(worst?.rawValue ?? 0, error.status.rawValue))
      }
    }
    let report = LogReport(inputs, unreadInputs: logs.count - inputs.count)
    for note in report.notes { StandardError.print(note) }
    let status = worst ?? ExitStatus(report.verdict)
    if inputs.isEmpty, worst != nil, format == .text { return Answer("", status) }
    let text =
      switch format {
      case .text: report.text(coloured: output.isColoured)
      case .json: report.json
      }
    return Answer(text, status)
  }
}
