import ArgumentParser
import Glibc
import VgtFiles

/// A command that answers plain command lines, `[COMMAND] [--format FORMAT]`,
/// without the parser.
///
/// Building the parser's commands and options costs more than all the rest of
/// a run: it asks the Swift runtime for conformances, each of which is a walk
/// over those of the whole binary. Every other command line, and every wrong
/// one, is the parser's.
protocol PlainCommand: StatusCommand {
  associatedtype Format: RawRepresentable<String>

  /// What the parser makes of the command line `COMMAND --format FORMAT`;
  /// without the option when `format` is `nil`.
  init(plain format: Format?)
}

extension PlainCommand {
  /// Runs and ends the process if this is a plain command line for it.
  ///
  /// - Parameters:
  ///   - arguments: The program's name first.
  ///   - isDefault: Whether the command may go unnamed.
  static func answerAtOnce(_ arguments: [String], isDefault: Bool = false) {
    var rest = arguments.dropFirst()
    if rest.first == configuration.commandName {
      rest = rest.dropFirst()
    } else if !isDefault {
      return
    }
    if rest.isEmpty { Self(plain: nil).answer() }
    guard rest.count == 2, rest.first == "--format", let name = rest.last,
      let format = Format(rawValue: name)
    else { return }
    Self(plain: format).answer()
  }

  private func answer() -> Never {
    let status: ExitStatus
    do {
      status = try self.status()
    } catch {
      Messages.say(error.message)
      status = error.status
    }
    Glibc.exit(status.rawValue)
  }
}
