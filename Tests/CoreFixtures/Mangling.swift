/// What mail, chats, trackers, terminals and consoles do to a pasted text.
package struct Mangling: Sendable, CustomStringConvertible {
  package let name: String
  package let apply: @Sendable (String) -> String

  package init(_ name: String, _ apply: @escaping @Sendable (String) -> String) {
    self.name = name
    self.apply = apply
  }

  package var description: String { name }

  /// One after the other.
  private func then(_ next: Mangling) -> Mangling {
    Mangling("\(name), then \(next.name)") { next.apply(apply($0)) }
  }

  package static let all: [Mangling] =
    [
      Mangling("nothing") { $0 }, quoted(1), quoted(2), quoted(3), crlf, unindented, indented,
      quotedPrintable, jsonString, escapedHTML, coloured, fenced, surrounded, doubleSpaced,
      noBreakSpaces, oneLine,
      quoted(2).then(folded(at: 60)).then(quoted(1)),
      quoted(1).then(quotedPrintable).then(crlf),
      folded(at: 72).then(quoted(1)).then(folded(at: 72)),
      coloured.then(quoted(1)), escapedHTML.then(quoted(1)), surrounded.then(jsonString),
      crlf.then(quoted(1)), unindented.then(folded(at: 61)).then(crlf),
    ] + (60...80).map(folded(at:)) + [60, 66, 76].map(wrapped(at:))

  package static func quoted(_ depth: Int) -> Mangling {
    Mangling("quoted \(depth) deep") {
      lines(of: $0) { String(repeating: "> ", count: depth) + $0 }
    }
  }

  /// Cut at a column, anywhere, as consoles do.
  package static func folded(at width: Int) -> Mangling {
    Mangling("folded at \(width)") { text in
      lines(of: text) { line in
        stride(from: 0, to: max(1, line.count), by: width).map {
          String(line.dropFirst($0).prefix(width))
        }.joined(separator: "\n")
      }
    }
  }

  /// Broken at spaces, as mail programs do.
  package static func wrapped(at width: Int) -> Mangling {
    Mangling("wrapped at \(width)") { text in
      lines(of: text) { line in
        var wrapped: [String] = [""]
        for word in line.split(separator: " ") {
          if wrapped[wrapped.count - 1].count + 1 + word.count > width { wrapped.append("") }
          wrapped[wrapped.count - 1] += (wrapped[wrapped.count - 1].isEmpty ? "" : " ") + word
        }
        return wrapped.joined(separator: "\n")
      }
    }
  }

  package static let crlf = Mangling("CRLF") {
    $0.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
  }

  package static let unindented = Mangling("without indentation") {
    lines(of: $0) { String($0.drop { $0 == " " }) }
  }

  package static let indented = Mangling("with tabs") { lines(of: $0) { "\t\t" + $0 } }

  package static let doubleSpaced = Mangling("with blank lines") { lines(of: $0) { $0 + "\n" } }

  package static let oneLine = Mangling("on one line") {
    $0.split(separator: "\n").joined(separator: " ")
  }

  package static let noBreakSpaces = Mangling("with no-break spaces") {
    $0.split(separator: " ", omittingEmptySubsequences: false).joined(separator: "\u{A0}")
  }

  package static let fenced = Mangling("in a code block") { "```\n" + $0 + "\n```\n" }

  package static let surrounded = Mangling("amid prose") {
    """
    Hi, I ran vgt-balloon report as you asked: here's what my guest sees
    (capture and all, crc32 included; 100% = everything).

    \($0)

    HTH, J. -- a = b & c; accesses: none of mine
    """
  }

  /// RFC 2045, section 6.7: lines of at most 76 columns.
  package static let quotedPrintable = Mangling("quoted-printable") { text in
    lines(of: text) { line in
      var encoded = ""
      var column = 0
      for byte in line.utf8 {
        // Mailers may encode more than they must; every seventh byte does.
        let mustEncode = byte == UInt8(ascii: "=") || byte > 0x7E || column % 7 == 6
        let piece =
          mustEncode
          ? "=" + hexByte(byte)
          : String(Unicode.Scalar(byte))
        if column + piece.count > 75 {
          encoded += "=\n"
          column = 0
        }
        encoded += piece
        column += piece.count
      }
      return encoded
    }
  }

  /// One string of JSON, with its escapes.
  package static let jsonString = Mangling("as a JSON string") { text in
    var string = "{\"body\": \""
    for character in text.unicodeScalars {
      switch character {
      case "\n": string += "\\n"
      case "\r": string += "\\r"
      case "\t": string += "\\t"
      case "\"": string += "\\\""
      case "\\": string += "\\\\"
      default: string.unicodeScalars.append(character)
      }
    }
    return string + "\"}\n"
  }

  /// The source of a web page; quoted, since what is quoted is shown so.
  package static let escapedHTML = Mangling("in HTML entities") { text in
    lines(of: text) { line in
      "&gt;&nbsp;"
        + line.map { ["<": "&lt;", ">": "&gt;", "&": "&amp;", "\"": "&quot;"][$0] ?? "\($0)" }
        .joined()
    }
  }

  /// A terminal's session as `script` keeps it: every word in colour.
  package static let coloured = Mangling("in colour") { text in
    lines(of: text) { line in
      line.split(separator: " ", omittingEmptySubsequences: false)
        .map { "\u{1B}[1;32m\($0)\u{1B}[0m" }.joined(separator: " ")
    }
  }

  private static func hexByte(_ byte: UInt8) -> String {
    let digits = Array("0123456789ABCDEF")
    return String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
  }

  private static func lines(of text: String, _ change: (String) -> String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { change(String($0)) }
      .joined(separator: "\n")
  }
}
