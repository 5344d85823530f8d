extension String {
  /// The text with what a format gives a meaning written otherwise.
  ///
  /// - Parameter replacement: What to write for a scalar; `nil` for itself.
  func escaped(_ replacement: (Unicode.Scalar) -> String?) -> String {
    var escaped = ""
    // What lies between two replacements is copied in one piece.
    var copied = startIndex
    var index = startIndex
    while index < endIndex {
      let next = unicodeScalars.index(after: index)
      if let replacement = replacement(unicodeScalars[index]) {
        escaped += self[copied..<index]
        escaped += replacement
        copied = next
      }
      index = next
    }
    return copied == startIndex ? self : escaped + self[copied...]
  }
}
