extension String {
  /// Lines of at most `width` characters, broken at spaces; a word that is
  /// longer stands alone. SVG text does not wrap by itself.
  package func wrapped(at width: Int) -> [String] {
    split(separator: " ").reduce(into: []) { lines, word in
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
  }
}
