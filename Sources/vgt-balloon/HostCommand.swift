import ArgumentParser
import SystemPackage
import VgtFiles
import VgtHost
import VgtReport

struct HostCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "host",
    abstract: "Put several guests' reports together: the host's view, and what still fits.",
    discussion: """
      Shows each vGPU's part of the graphics address space, overlaps, holes, and
      why the host says "No space left on device". The host's own memory cannot
      be told from free memory from inside guests.

      EXIT STATUS:
        0   the reports are of one host, and no share overlaps another
        1   no report holds a GVT-g vGPU
        2   two vGPUs were given the same addresses
        64  wrong usage
        65  an input is unusable, or from another host; the others are shown
        66  no input could be opened
        74  output failed
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json, svg
  }

  @Argument(
    help: ArgumentHelp(
      "Reports of vgt-balloon as text, Markdown or JSON; a directory of them; '-': standard input.",
      valueName: "report"),
    completion: .file())
  var reports: [String]

  @Option(help: "How to print the host's view.")
  var format: Format = .text

  @OptionGroup var output: OutputOptions

  func answer() throws(Failure) -> ExitStatus {
    let output = output.choice
    return try output.writeConfined {
      var inputs = HostInputs()
      for report in reports { inputs.add(input: report) }
      Confinement.giveUpReaching()
      let view = HostView(inputs)
      for problem in view.problems { Messages.say(problem.line) }
      for excess in view.excesses { Messages.say(excess.sentence) }
      let text =
        switch format {
        case .text: view.text(coloured: output.isColoured)
        case .json: view.json
        case .svg: view.svg
        }
      return (text, ExitStatus(view.verdict))
    }
  }
}

extension HostInputs {
  /// Takes in what a user names: a file, a directory, or `-`.
  fileprivate mutating func add(input name: String) {
    guard name != "-" else { return add(source: name) { try ByteInput.readAll(.standardInput) } }
    let path = FilePath(name)
    let files: [FilePath]?
    do {
      files = try ByteInput.regularFiles(in: path)
    } catch {
      return add(InputProblem(name, .notReadable("\(error)")))
    }
    guard let files else { return add(source: name) { try ByteInput.readAll(path: path) } }
    if files.isEmpty { add(InputProblem(name, .directoryWithoutFile)) }
    for file in files {
      add(source: file.string, isStray: true) { try ByteInput.readAll(path: file) }
    }
  }

  private mutating func add(
    source: String, isStray: Bool = false, _ read: () throws -> [UInt8]
  ) {
    do {
      add(report: try read(), from: source, isStray: isStray)
    } catch Errno.fileTooLarge {
      add(InputProblem(source, .tooLarge(limit: ByteInput.sizeLimit)))
    } catch {
      add(InputProblem(source, .notReadable("\(error)")))
    }
  }
}
