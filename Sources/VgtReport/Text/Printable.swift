extension String {
  /// The text in one line that no terminal takes for a command: control
  /// characters and line breaks are written as `\u{…}`.
  ///
  /// File names may hold any of them.
  package var printable: String {
    unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
        .unassigned:
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }

  /// The end of a name, where that tells more than a line has room for.
  package var shortened: String {
    let limit = 60
    return count <= limit ? self : "...\(suffix(limit - 3))"
  }
}
