import VgtCore
import VgtFiles
import VgtReport

/// A report of this machine, of a capture or of the sample.
struct ReportRequest: Request {
  enum Format: String, CaseIterable {
    case text, json, markdown, svg
  }

  enum Source {
    case devices(DeviceChoice)
    /// A pasted report; `-` is standard input.
    case file(String)
    case sample
  }

  var source = Source.devices(DeviceChoice())
  /// By whose driver's rules to judge; the capture's own when `nil`.
  var kernel: KernelRelease?
  var format = Format.text
  var output = OutputChoice()

  func answer() throws(Failure) -> ExitStatus {
    try output.writeConfined { () throws(Failure) in
      let report = try report()
      let text =
        switch format {
        case .text: report.text(coloured: output.isColoured)
        case .json: report.json
        case .markdown: report.markdown
        case .svg: report.svg
        }
      return (text, ExitStatus(report.verdict))
    }
  }

  /// Leaves the process confined.
  private func report() throws(Failure) -> Report {
    switch source {
    case .devices(let choice):
      let scan = try DeviceScan(choice, asksDriver: true)
      return Report(
        devices: scan.captures.map { Diagnosis($0, kernel: kernel) }, isFromCapture: false,
        kernelRelease: scan.kernelRelease, isBusUnreadable: scan.isBusUnreadable)
    case .file(let name):
      let bytes = try InputFile.bytes(name)
      Confinement.giveUpReaching()
      return Report(captures: try CaptureFile.captures(in: bytes, of: name), kernel: kernel)
    case .sample:
      return Report(captures: [.sample], kernel: kernel)
    }
  }
}
