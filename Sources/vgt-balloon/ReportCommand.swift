import ArgumentParser
import SystemPackage
import VgtCore
import VgtFiles
import VgtHardware
import VgtReport

struct ReportCommand: PlainCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Read the PV info page, recompute the balloon, ask the driver, and report.")

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json, markdown, svg
  }

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
  var format: Format = .text

  @OptionGroup var output: OutputOptions

  init() {}

  init(plain format: Format?) {
    devices = .none
    from = nil
    sample = false
    kernel = nil
    self.format = format ?? .text
    output = .none
  }

  func validate() throws {
    if from != nil, sample { throw ValidationError("--from and --sample exclude each other") }
    if from != nil || sample, !devices.device.isEmpty || devices.backend != .auto {
      throw ValidationError("--device and --backend need a live machine, not --from or --sample")
    }
  }

  func status() throws(Failure) -> ExitStatus {
    var sink = try output.open()
    Confinement.giveUpWriting(exceptRemoving: sink.path)
    let report = try makeReport()
    let text =
      switch format {
      case .text: TextReport(report, coloured: output.isColoured).text
      case .json: JSONReport(report).text
      case .markdown: MarkdownReport(report).text
      case .svg: SVGReport(report).text
      }
    return try sink.write(text, then: ExitStatus(report.verdict))
  }

  private func makeReport() throws(Failure) -> Report {
    if sample { return Report(captures: [.sample], kernel: kernel) }
    if let from {
      let bytes = try InputFile.bytes(from)
      Confinement.giveUpReaching()
      return Report(captures: try CaptureFile.captures(in: bytes, of: from), kernel: kernel)
    }
    let survey = try Survey(devices, asksDriver: true)
    let kernelRelease = ByteInput.kernelRelease
    Confinement.giveUpReaching()
    return Report(
      devices: survey.captures.map { Diagnosis($0, kernel: kernel) }, isFromCapture: false,
      kernelRelease: kernelRelease, isBusUnreadable: survey.isBusUnreadable)
  }
}

extension Report {
  /// Of captures, which may come from several machines.
  fileprivate init(captures: [Capture], kernel: KernelRelease?) {
    let releases = Set(captures.map(\.kernelRelease))
    self.init(
      devices: captures.map { Diagnosis($0, kernel: kernel) }, isFromCapture: true,
      kernelRelease: releases.count == 1 ? releases.first : nil)
  }
}
