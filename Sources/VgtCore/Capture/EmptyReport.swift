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
  private var endings: [(words: String, isJSON: Bool)] {
    switch self {
    case .noDisplayFunction:
      [
        ("-vgpu: \(headline)", false), (": no-vgpu - \(headline)", false),
        (": no-vgpu devices", true),
      ]
    case .busUnreadable:
      [(": the PCI functions could not be listed", false), (": unreadable devices", true)]
    }
  }

  /// The first such report in `text`, quoted or encoded as `CaptureParser`
  /// allows.
  package init?(in text: [UInt8]) {
    var endings = Self.allCases.flatMap { report in
      report.endings.map { (report: report, isJSON: $0.isJSON, matcher: KeyMatcher($0.words)) }
    }
    var characters = CaptureCharacters(text)
    while let character = characters.next() {
      for index in endings.indices where endings[index].matcher.matches(character) {
        var following = characters
        // A device begins with its address.
        if endings[index].isJSON, following.take(2).dropFirst() == "a" { continue }
        self = endings[index].report
        return
      }
    }
    return nil
  }
}
