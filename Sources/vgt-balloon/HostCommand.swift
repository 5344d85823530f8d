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
    /// Stray where only its folder was named.
    case file(OpenFile, isStray: Bool)
    case problem(InputProblem)
  }

  func run() throws(CommandError) -> ExitStatus {
    try output.answer(gather: gather, judge: judge)
  }

  private func gather() -> [Input] {
    ProcessStart.raiseDescriptorLimit()
    return inputs.flatMap(Self.files)
  }

  private func judge(_ opened: [Input]) -> Answer {
    var inputs = HostInputs()
    for input in opened {
      switch input {
      case .file(let file, let isStray): inputs.add(file, isStray: isStray)
      case .problem(let problem): inputs.add(problem)
      }
    }
    let view = HostView(inputs)
    for problem in view.problems { StandardError.print(problem.line) }
    for excess in view.excesses { StandardError.print(excess.sentence) }
    let text =
      switch format {
      case .text: view.text(coloured: output.isColoured)
      case .json: view.json
      case .svg: view.svg
      }
    return Answer(text, ExitStatus(view.verdict))
  }

  /// What a user names: a file, a directory, or `-`.
  private static func files(_ name: FileName) -> [Input] {
    if name.isStandardStream { return [open(name)] }
    do {
      guard let files = try ByteInput.regularFiles(in: name.path) else { return [open(name)] }
      guard !files.isEmpty else {
        return [.problem(InputProblem(name.name, .directoryWithoutFile))]
      }
      return files.map { open(FileName($0), isStray: true) }
    } catch {
      return [.problem(InputProblem(name.name, .notReadable("\(error)")))]
    }
  }

  private static func open(_ name: FileName, isStray: Bool = false) -> Input {
    do {
      return .file(try OpenFile(name), isStray: isStray)
    } catch {
      return .problem(InputProblem(name.name, .notReadable("\(error)")))
    }
  }
}

extension HostInputs {
  fileprivate mutating func add(_ file: OpenFile, isStray: Bool) {
    do {
      add(report: try ByteInput.readAll(file.descriptor), from: file.name.name, isStray: isStray)
    } catch .fileTooLarge {
      add(InputProblem(file.name.name, .tooLarge(limit: ByteInput.sizeLimit)))
    } catch {
      add(InputProblem(file.name.name, .notReadable("\(error)")))
    }
  }
}
