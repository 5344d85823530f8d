/// A report of this tool that holds no capture, since there was no function to
/// capture.
package enum EmptyReport: Hashable, Sendable, CaseIterable {
  /// No Intel display function was there.
  case noDisplayFunction
  /// The PCI functions could not be listed.
  case busUnreadable

  /// Its verdict's sentence.
  package var headline: String {
    switch self {
    case .noDisplayFunction: "no Intel display function"
    case .busUnreadable: "cannot tell: the PCI functions could not be listed"
    }
  }

  /// How the headline, and what stands in front of it, ends: in text and
  /// pictures, and in Markdown. In JSON it is a list without a member.
  private var endings: [String] {
    switch self {
    case .noDisplayFunction: ["-vgpu: \(headline)", ": no-vgpu - \(headline)"]
    case .busUnreadable: [": the PCI functions could not be listed"]
    }
  }

  private var jsonEnding: String {
    switch self {
    case .noDisplayFunction: ": no-vgpu devices"
    case .busUnreadable: ": unreadable devices"
    }
  }

  /// The first such report in `text`, quoted or encoded as `CaptureParser`
  /// allows.
  package init?(in text: [UInt8]) {
    var endings = Self.allCases.flatMap { report in
      report.endings.map { (report: report, matcher: Self.matcher($0)) }
    }
    var jsonEndings = Self.allCases.map { (report: $0, matcher: Self.matcher($0.jsonEnding)) }
    var characters = CaptureCharacters(text)
    while let character = characters.next() {
      for index in endings.indices where endings[index].matcher.matches(character) {
        self = endings[index].report
        return
      }
      for index in jsonEndings.indices where jsonEndings[index].matcher.matches(character) {
        var following = characters
        _ = following.next()
        // A device begins with its address.
        guard following.next() != UInt8(ascii: "a") else { continue }
        self = jsonEndings[index].report
        return
      }
    }
    return nil
  }

  private static func matcher(_ words: String) -> KeyMatcher {
    KeyMatcher(words.filter { $0 != " " })
  }
}
