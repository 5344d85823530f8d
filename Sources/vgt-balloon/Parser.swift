import ArgumentParser
import SystemPackage
import VgtReport

/// Every command line that the fast path leaves: what the parser makes of it,
/// and what is printed where it is help that was asked for, or wrong.
enum Parser {
  /// - Parameter words: The program's name first.
  static func status(of words: [[UInt8]]) -> ExitStatus {
    let words = Array(words.dropFirst())
    var texts = words.map(ArgumentWord.text)
    if texts == ["-V"] { texts = ["--version"] }
    do {
      if let message = unknownHelp(words) {
        StandardError.print(message)
        return .usage
      }
      var parsed = try RootArguments.parseAsRoot(texts)
      if let arguments = parsed as? any CommandArguments { return try arguments.command.status() }
      try parsed.run()  // The parser's own `help`.
      return .sound
    } catch {
      return end(error, of: words)
    }
  }

  private static func end(_ error: any Error, of words: [[UInt8]]) -> ExitStatus {
    guard RootArguments.exitCode(for: error) != .success else {
      let text = RootArguments.fullMessage(for: error, columns: 80)
      let root = RootArguments.helpMessage(columns: 80)
      return show(text == root ? RootHelp.text(of: root) : text)
    }
    StandardError.print(message(of: error, of: words))
    return .usage
  }

  private static func show(_ text: String) -> ExitStatus {
    do {
      return try StandardOutput.write(Answer(text + "\n", .sound))
    } catch {
      StandardError.print(error.message)
      return error.status
    }
  }

  /// One line. The parser quotes words as they are, which may hold line breaks
  /// and worse; so what it says is taken of the words as they can be shown.
  private static func message(of error: any Error, of words: [[UInt8]]) -> String {
    let shown = words.map(ArgumentWord.shown)
    if let message = unknownCommand(words, shown) { return message }
    var cause = error
    if shown != words.map(ArgumentWord.text) {
      do {
        _ = try (RootArguments.parseAsRoot(shown) as? any CommandArguments)?.command
        return "an argument holds characters that cannot be shown"
      } catch {
        cause = error
      }
    }
    let command = shown.first.flatMap { commandNames.contains($0) && $0 != "help" ? " \($0)" : nil }
    // Two errors come on two lines.
    let message = RootArguments.message(for: cause).split(separator: "\n")
      .map { String($0.drop { $0 == " " }) }.joined(separator: " ")
    return "\(message) (see \(Tool.name)\(command ?? "") --help)"
  }

  private static var commandNames: [String] {
    RootArguments.configuration.subcommands.compactMap { $0.configuration.commandName }
      + ["help"]
  }

  /// A first word that is neither a command nor an option, where `report`, the
  /// default, would only call it unexpected.
  private static func unknownCommand(_ words: [[UInt8]], _ shown: [String]) -> String? {
    let isReport = shown.first == "report"
    guard let word = isReport ? shown.dropFirst().first : shown.first,
      let bytes = isReport ? words.dropFirst().first : words.first,
      !word.hasPrefix("-"), isReport || !commandNames.contains(word)
    else { return nil }
    let name = FileName(argument: ArgumentWord.text(bytes))
    if (try? Stat(name.path)) != nil {
      return "'\(word)' is not a command; did you mean --from \(word)?"
    }
    if isReport { return nil }
    return "'\(word)' is not a command" + suggestion(for: word)
  }

  /// `help` of a command that there is not; the parser would show the root's.
  private static func unknownHelp(_ words: [[UInt8]]) -> String? {
    let shown = words.map(ArgumentWord.shown)
    guard shown.first == "help", let word = shown.dropFirst().first, !word.hasPrefix("-"),
      !commandNames.contains(word)
    else { return nil }
    return "'\(word)' is not a command\(suggestion(for: word))"
  }

  private static func suggestion(for word: String) -> String {
    let nearest = commandNames.map { (name: $0, distance: word.editDistance(to: $0)) }
      .min { $0.distance < $1.distance }
    guard let nearest, nearest.distance <= 2 else { return "; see \(Tool.name) --help" }
    return "; did you mean '\(nearest.name)'?"
  }
}

/// The root's help. Most people want a report, so that it shows that command's
/// own options; the parser would show none.
private enum RootHelp {
  static func text(of root: String) -> String {
    let report = RootArguments.helpMessage(for: ReportArguments.self, columns: 80)
    let options = sections(of: report).first { $0.hasPrefix("OPTIONS:") }
    return sections(of: root)
      .map { section in
        guard section.hasPrefix("OPTIONS:"), let options else { return section }
        return options.trimmed.replacing("  --version    ", with: "  -V, --version")
      }
      .joined(separator: "\n\n")
  }

  private static func sections(of help: String) -> [String] {
    help.split(separator: "\n\n", omittingEmptySubsequences: false).map(String.init)
  }
}

extension String {
  /// Without line breaks at the end.
  fileprivate var trimmed: String {
    String(self[..<(lastIndex { !$0.isNewline }.map(index(after:)) ?? startIndex)])
  }

  /// How many characters must be changed, put in, left out or swapped with the
  /// next one, to make this text `other`.
  fileprivate func editDistance(to other: String) -> Int {
    let (from, to) = (Array(quotable.utf8), Array(other.utf8))
    var before: [Int] = []
    var last = Array(0...to.count)
    for row in from.indices {
      var next = [row + 1]
      for column in to.indices {
        let same = from[row] == to[column]
        var cost = Swift.min(last[column] + (same ? 0 : 1), last[column + 1] + 1, next[column] + 1)
        if row > 0, column > 0, from[row] == to[column - 1], from[row - 1] == to[column] {
          cost = Swift.min(cost, before[column - 1] + 1)
        }
        next.append(cost)
      }
      (before, last) = (last, next)
    }
    return last[to.count]
  }
}
