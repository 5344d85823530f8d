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
  /// pictures, and in Markdown.
  private var endings: [String] {
    switch self {
    case .noDisplayFunction: ["-vgpu: \(headline)", ": no-vgpu - \(headline)"]
    case .busUnreadable: [": the PCI functions could not be listed"]
    }
  }

  /// The verdict in JSON, and the list after it, which has no member.
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
      report.endings.map { (report, false, KeyMatcher($0)) }
        + [(report, true, KeyMatcher(report.jsonEnding))]
    }
    var characters = CaptureCharacters(text)
    while let character = characters.next() {
      for index in endings.indices where endings[index].2.matches(character) {
        let (report, isJSON, _) = endings[index]
        var following = characters
        // A device begins with its address.
        if isJSON, following.take(2).dropFirst() == "a" { continue }
        self = report
        return
      }
    }
    return nil
  }
}
