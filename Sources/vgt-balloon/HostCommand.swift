import SystemPackage
import VgtFiles
import VgtHost
import VgtReport

/// Several guests' reports side by side.
struct HostCommand: Command {
  enum Format: String, CaseIterable {
    case text, json, svg
  }

  var inputs: [FileName]
  var format = Format.text
  var output = OutputChoice()

  /// What an input is, opened and not yet read.
  private enum Input {
    case file(OpenFile)
    case problem(HostProblem)
  }

  func run() throws(CommandError) -> ExitStatus {
    try output.answer(gather: gather, judge: judge)
  }

  private func gather() -> [Input] {
    ProcessStart.raiseDescriptorLimit()
    return inputs.flatMap(Self.files)
  }

  private func judge(_ inputs: [Input]) -> Answer {
    var evidence = HostEvidence()
    for input in inputs {
      switch input {
      case .file(let file): evidence.add(file)
      case .problem(let problem): evidence.add(problem)
      }
    }
    let view = HostView(evidence)
    for problem in view.problems { StandardError.print(problem.line) }
    let text =
      switch format {
      case .text: HostText(view, coloured: output.isColoured).text
      case .json: HostJSON(view).text
      case .svg: HostSVG(view).text
      }
    return Answer(text, ExitStatus(view.verdict))
  }

  /// What a user names: a file, a directory, or `-`.
  private static func files(_ name: FileName) -> [Input] {
    if name.isStandardStream { return [open(name)] }
    do {
      guard let files = try ByteInput.regularFiles(in: name.path) else { return [open(name)] }
      guard !files.isEmpty else {
        return [.problem(HostProblem(name.name, .directoryWithoutFile))]
      }
      return files.map { open(FileName($0)) }
    } catch {
      return [.problem(HostProblem(name.name, .notReadable("\(error)")))]
    }
  }

  private static func open(_ name: FileName) -> Input {
    do {
      return .file(try OpenFile(name))
    } catch {
      return .problem(HostProblem(name.name, .notReadable("\(error)")))
    }
  }
}

extension HostEvidence {
  fileprivate mutating func add(_ file: OpenFile) {
    do {
      add(report: try ByteInput.readAll(file.descriptor), from: file.name.name)
    } catch .fileTooLarge {
      add(HostProblem(file.name.name, .tooLarge(limit: ByteInput.sizeLimit)))
    } catch {
      add(HostProblem(file.name.name, .notReadable("\(error)")))
    }
  }
}
