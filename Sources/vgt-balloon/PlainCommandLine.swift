import Glibc

/// Command lines that are answered without the parser: `[report] [--format F]`,
/// `ggtt [--format F]`, `detect [--quiet]` and `udev [ADDRESS]`.
///
/// Building the parser's commands and options costs more than all the rest of
/// a run: it asks the Swift runtime for conformances, each of which is a walk
/// over those of the whole binary. udev asks at every boot of every machine
/// that has the rule. Every other command line, and every wrong one, is the
/// parser's.
enum PlainCommandLine {
  /// Answers and ends the process if the command line is a plain one.
  ///
  /// - Parameter arguments: The program's name first.
  static func answer(_ arguments: [String]) {
    if let status = request(arguments.dropFirst())?.status() { exit(status.rawValue) }
  }

  private static func request(_ words: ArraySlice<String>) -> (any Request)? {
    let rest = words.dropFirst()
    switch words.first {
    case nil, "--format": return report(words)
    case "report": return report(rest)
    case "ggtt": return ggtt(rest)
    case "detect":
      guard rest.isEmpty || rest.elementsEqual(["--quiet"]) else { return nil }
      return DetectRequest(isQuiet: !rest.isEmpty)
    case "udev":
      guard rest.count <= 1, rest.first?.utf8.first != UInt8(ascii: "-") else { return nil }
      return UdevRequest(address: rest.first)
    default: return nil
    }
  }

  private static func report(_ words: ArraySlice<String>) -> ReportRequest? {
    var request = ReportRequest()
    guard read(words, into: &request.format) else { return nil }
    return request
  }

  private static func ggtt(_ words: ArraySlice<String>) -> GGTTRequest? {
    var request = GGTTRequest()
    guard read(words, into: &request.format) else { return nil }
    return request
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
