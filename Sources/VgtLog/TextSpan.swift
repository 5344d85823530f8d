internal import VgtCore

extension [UInt8] {
  /// Whether `index` is directly between two letters or digits: a blank there
  /// is never missing.
  func isBetweenWords(_ index: Int) -> Bool {
    index > 0 && self[index - 1].isLetterOrDigit
      && index + 1 < count && self[index + 1].isLetterOrDigit
  }
}

extension Span<UInt8> {
  /// Whether `word` stands at `position`.
  ///
  /// - Parameter word: At most 15 letters, which a string holds in itself.
  @inline(__always)
  func holds(_ word: String, at position: Int) -> Bool {
    guard position + word.utf8.count <= count else { return false }
    var index = position
    for byte in word.utf8 {
      guard self[index] == byte else { return false }
      index += 1
    }
    return true
  }

  /// Where white space that begins at `start` ends.
  func blankEnd(from start: Int) -> Int {
    var end = start
    while end < count, self[end] == NormalizedText.Mark.blank { end += 1 }
    return end
  }
}
