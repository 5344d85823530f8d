extension Unicode.Scalar {
  /// Whether it is seen as itself: not a control or format character, a line
  /// break, or a scalar without a character.
  var isShown: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      false
    default: true
    }
  }
}

extension String {
  /// The text in one line that no terminal takes for a command: what is not
  /// shown as itself is written as `\u{…}`.
  ///
  /// File names may hold any scalar.
  package var printable: String {
    escaped { $0.isShown ? nil : "\\u{\(String($0.value, radix: 16))}" }
  }

  /// The end of a name, where that tells more than a line has room for.
  package var shortened: String {
    let limit = 60
    return count <= limit ? self : "...\(suffix(limit - 3))"
  }
}
