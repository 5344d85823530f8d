import VgtCore
import VgtFiles
import VgtReport

/// A report of this machine, of captures or of the sample.
struct ReportCommand: Command {
  enum Format: String, CaseIterable {
    case text, json, markdown, svg
  }

  enum Source {
    case devices(DeviceChoice)
    /// Pasted reports.
    case files([FileName])
    case sample
  }

  var source = Source.devices(DeviceChoice())
  /// Which driver's rules to apply; the capture's own when `nil`.
  var kernel: KernelRelease?
  var format = Format.text
  var output = OutputChoice()

  /// What a source holds, before anything is made of it.
  private enum Evidence {
    case scan(DeviceScan)
    case files([OpenFile])
    case sample
  }

  func run() throws(CommandError) -> ExitStatus {
    try output.answer(gather: gather, judge: judge)
  }

  private func gather() throws(CommandError) -> Evidence {
    switch source {
    case .devices(let choice):
      .scan(try DeviceScan(choice, asksDriver: true))
    case .files(let names): .files(try OpenFile.all(names))
    case .sample: .sample
    }
  }

  private func judge(_ evidence: Evidence) throws(CommandError) -> Answer {
    let report = try report(evidence)
    let text =
      switch format {
      case .text: report.text(coloured: output.isColoured)
      case .json: report.json
      case .markdown: report.markdown
      case .svg: report.svg
      }
    return Answer(text, ExitStatus(report.verdict))
  }

  private func report(_ evidence: Evidence) throws(CommandError) -> Report {
    switch evidence {
    case .scan(let scan):
      return Report(
        devices: scan.captures().map { Diagnosis($0, kernel: kernel) }, isFromCapture: false,
        kernelRelease: scan.kernelRelease, isBusUnreadable: scan.isBusUnreadable,
        otherDisplays: scan.otherDisplays)
    case .files(let files):
      var captures: [Capture] = []
      var sources: [String] = []
      var empty: [EmptyReport] = []
      for file in files {
        let found = try CaptureFile.captures(in: try file.bytes(), of: file.name, empty: &empty)
        captures += found
        if files.count > 1 { sources += Array(repeating: "\(file.name)", count: found.count) }
      }
      let report = Report(captures: captures, kernel: kernel, empty: empty, sources: sources)
      for device in report.devices {
        guard let cause = device.unreadableCause else { continue }
        StandardError.print(CommandError(cause, of: device.capture).message)
      }
      return report
    case .sample:
      return Report(captures: [.sample], kernel: kernel)
    }
  }
}
