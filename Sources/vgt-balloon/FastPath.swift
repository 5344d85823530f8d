import SystemPackage

/// Command lines that are answered without the parser: `[report] [--format F]`,
/// `ggtt [--format F]`, `log [FILE]...`, `detect [--quiet]` and `udev [ADDRESS]`.
///
/// Building the parser's commands and options costs more than all the rest of
/// a run: it asks the Swift runtime for conformances, each of which is a walk
/// over those of the whole binary. udev asks at every boot of every machine
/// that has the rule. Every other command line, and every wrong one, is the
/// parser's; PlainCommandTests hold both to the same answers, and scripts/bench
/// prints what each costs ("report" beside "parser").
///
/// For the same reason three things in the code that runs here are not the
/// standard library's: `[String].joined` (VgtCore), generic functions
/// without constraints, and printing without `print`.
enum FastPath {
  /// - Parameter words: Without the program's name.
  /// - Returns: `nil` for what is the parser's.
  static func command(_ words: ArraySlice<String>) -> (any Command)? {
    let rest = words.dropFirst()
    switch words.first {
    case nil, "--format": return report(words)
    case "report": return report(rest)
    case "ggtt": return ggtt(rest)
    case "log": return log(rest)
    case "detect":
      guard rest.isEmpty || rest.elementsEqual(["--quiet"]) || rest.elementsEqual(["-q"]) else {
        return nil
      }
      return DetectCommand(isQuiet: !rest.isEmpty)
    case "udev":
      guard rest.count <= 1, rest.first?.utf8.first != UInt8(ascii: "-") else { return nil }
      return UdevCommand(address: rest.first)
    default: return nil
    }
  }

  private static func report(_ words: ArraySlice<String>) -> ReportCommand? {
    var command = ReportCommand()
    guard read(words, into: &command.format) else { return nil }
    return command
  }

  private static func ggtt(_ words: ArraySlice<String>) -> GGTTCommand? {
    var command = GGTTCommand()
    guard read(words, into: &command.format) else { return nil }
    return command
  }

  private static func log(_ words: ArraySlice<String>) -> LogCommand? {
    var command = LogCommand()
    for word in words {
      guard isPlainName(word) else { return nil }
      command.files.append(FileName(FilePath(word)))
    }
    guard command.files.count(where: \.isStandardStream) < 2 else { return nil }
    return command
  }

  /// Whether a word is a file's name and no option. What is not ASCII may stand
  /// for bytes that are not UTF-8.
  private static func isPlainName(_ word: String) -> Bool {
    if word == FileName.standardStream.name { return true }
    guard let first = word.utf8.first, first != UInt8(ascii: "-") else { return false }
    return word.utf8.allSatisfy { $0 < 0x80 }
  }

  /// - Returns: Whether `words` are none, or `--format` and one of its values.
  private static func read<Format: RawRepresentable<String>>(
    _ words: ArraySlice<String>, into format: inout Format
  ) -> Bool {
    if words.isEmpty { return true }
    guard words.count == 2, words.first == "--format", let name = words.last,
      let chosen = Format(rawValue: name)
    else { return false }
    format = chosen
    return true
  }
}
