/// What mail, chats, trackers, terminals and consoles do to a pasted text.
package struct Mangling: Sendable, CustomStringConvertible {
  package let name: String
  /// Whether it may take characters away.
  package let mayLose: Bool
  package let apply: @Sendable (String) -> String

  package init(
    _ name: String, mayLose: Bool = false, _ apply: @escaping @Sendable (String) -> String
  ) {
    self.name = name
    self.mayLose = mayLose
    self.apply = apply
  }

  package var description: String { name }

  package func callAsFunction(_ text: String) -> String { apply(text) }

  /// One after the other.
  package func then(_ next: Mangling) -> Mangling {
    Mangling("\(name), then \(next.name)", mayLose: mayLose || next.mayLose) { next(self($0)) }
  }

  /// What can be done to any text that loses nothing of a report.
  package static let all: [Mangling] =
    [
      Mangling("nothing") { $0 }, quoted("> "), quoted("> > "), quoted("> > > "), crlf, unindented,
      indented, quotedPrintable, jsonString, escapedHTML, coloured, fenced, surrounded,
      doubleSpaced, noBreakSpaces, oneLine, enDashes, base64Mail, htmlLines, htmlTags,
      quoted("> > ").then(folded(at: 60)).then(quoted("> ")),
      quoted("> ").then(quotedPrintable).then(crlf),
      folded(at: 72).then(quoted("> ")).then(folded(at: 72)),
      coloured.then(quoted("> ")), escapedHTML.then(quoted("> ")), surrounded.then(jsonString),
      crlf.then(quoted("> ")), unindented.then(folded(at: 61)).then(crlf),
    ] + linePrefixes + linePrefixes.map { folded(at: 60).then($0) }
    + (60...80).map { folded(at: $0) }
    + [60, 66, 76].map { wrapped(at: $0) }

  /// What programs put in front of every line.
  package static let linePrefixes: [Mangling] = [
    numbered("cat -n") { String(repeating: " ", count: max(0, 6 - "\($0)".count)) + "\($0)\t" },
    numbered("a pastebin's numbers") {
      String(repeating: " ", count: max(0, 4 - "\($0)".count)) + "\($0). "
    },
    numbered("grep -n") { "\($0):" },
    quoted("+"),
    numbered("a build log's times") { "2021-07-21T11:05:\(10 + $0 % 50).\(1_234_567 + $0)Z " },
    numbered("logcat") { "05-10 17:18:46.\(100 + $0 % 900)  1234  1234 I vgt     : " },
    numbered("syslog") { "Jul 21 13:05:\(10 + $0 / 10) guest root[\(1000 + $0)]: " },
    numbered("a container's log") { "2021-07-21T11:05:05.\(100_000_000 + $0)Z stdout F " },
    quoted("guest-1  | "), quoted("(XEN) HVM4: "),
  ]

  /// Changes each line.
  package static func lines(
    _ name: String, mayLose: Bool = false, _ change: @escaping @Sendable (String) -> String
  ) -> Mangling {
    Mangling(name, mayLose: mayLose) { lines(of: $0, change) }
  }

  /// Puts the same in front of each line.
  package static func quoted(_ mark: String) -> Mangling { lines("after '\(mark)'") { mark + $0 } }

  /// Puts something in front of each line that depends on its number.
  package static func numbered(
    _ name: String, _ prefix: @escaping @Sendable (Int) -> String
  ) -> Mangling {
    Mangling(name) { text in
      text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        .map { prefix($0.offset + 1) + $0.element }.joined(separator: "\n")
    }
  }

  /// Cut at a column, anywhere, as consoles and `fold` do; nothing is lost.
  package static func folded(at width: Int, continued: String = "") -> Mangling {
    lines("folded at \(width) before '\(continued)'") { line in
      let line = Array(line)
      return stride(from: 0, to: max(1, line.count), by: width).map {
        String(line[$0..<min($0 + width, line.count)])
      }.joined(separator: "\n" + continued)
    }
  }

  /// Broken at spaces, as mail programs do.
  package static func wrapped(at width: Int, continued: String = "") -> Mangling {
    lines("wrapped at \(width) before '\(continued)'") { line in
      var rows = [""]
      for word in line.split(separator: " ", omittingEmptySubsequences: false) {
        if rows[rows.count - 1].contains(where: { $0 != " " }),
          rows[rows.count - 1].count + 1 + word.count > width
        {
          rows.append("")
        }
        rows[rows.count - 1] += (rows[rows.count - 1].isEmpty ? "" : " ") + word
      }
      return rows.joined(separator: "\n" + continued)
    }
  }

  /// Soft breaks of quoted-printable (RFC 2045, 6.7).
  package static func quotedPrintable(at width: Int) -> Mangling {
    lines("quoted-printable at \(width)") { line in
      var units = line.map { $0 == "=" ? "=3D" : String($0) }
      if units.last == " " { units[units.count - 1] = "=20" }
      var rows = [""]
      for unit in units {
        if rows[rows.count - 1].count + unit.count > width { rows.append("") }
        rows[rows.count - 1] += unit
      }
      return rows.joined(separator: "=\n")
    }
  }

  /// The rest of each line is lost.
  package static func cut(at width: Int) -> Mangling {
    lines("cut at \(width)", mayLose: true) { String($0.prefix(width)) }
  }

  /// A console without room: each further character goes over the last column.
  package static func overwritten(at width: Int) -> Mangling {
    lines("overwritten at \(width)", mayLose: true) { line in
      line.count <= width ? line : line.prefix(width - 1) + String(line.suffix(1))
    }
  }

  package static let crlf = Mangling("CRLF") {
    $0.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
  }

  package static let unindented = lines("without indentation") { String($0.drop { $0 == " " }) }

  package static let indented = lines("with tabs") { "\t\t" + $0 }

  package static let doubleSpaced = lines("with blank lines") { $0 + "\n" }

  package static let oneLine = Mangling("on one line") {
    $0.split(separator: "\n").joined(separator: " ")
  }

  package static let noBreakSpaces = replacing(" ", "\u{A0}", "with no-break spaces")

  package static let enDashes = replacing("-", "\u{2013}", "with en dashes")

  package static func replacing(_ old: String, _ new: String, _ name: String) -> Mangling {
    Mangling(name) {
      $0.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
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
  package static let quotedPrintable = lines("quoted-printable") { line in
    var encoded = ""
    var column = 0
    for byte in line.utf8 {
      // Mailers may encode more than they must; every seventh byte does.
      let mustEncode = byte == UInt8(ascii: "=") || byte > 0x7E || column % 7 == 6
      let piece = mustEncode ? "=" + hexByte(byte) : String(Unicode.Scalar(byte))
      if column + piece.count > 75 {
        encoded += "=\n"
        column = 0
      }
      encoded += piece
      column += piece.count
    }
    return encoded
  }

  /// RFC 2045, section 6.8: a mail whose text is in base64.
  package static let base64Mail = Mangling("a mail in base64") { text in
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let bytes = Array(text.utf8)
    var encoded = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0..<4 {
        encoded.append(place <= group.count ? alphabet[bits >> (18 - 6 * place) & 63] : "=")
      }
      if start / 3 % 19 == 18 { encoded += "\r\n" }
    }
    return
      "Subject: Re: log\r\nContent-Transfer-Encoding: base64\r\nX: y\r\n\r\n\(encoded)\r\n\r\n--\r\n"
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

  private static func entities(_ text: String) -> String {
    text.map { ["<": "&lt;", ">": "&gt;", "&": "&amp;", "\"": "&quot;"][$0] ?? "\($0)" }.joined()
  }

  /// The source of a web page; quoted, since what is quoted is shown so.
  package static let escapedHTML = lines("in HTML entities") { "&gt;&nbsp;" + entities($0) }

  package static let htmlLines = lines("in HTML lines") { entities($0) + "<br>" }

  /// A highlighter's spans around each number.
  package static let htmlTags = lines("in HTML spans") { line in
    line.split(separator: " ", omittingEmptySubsequences: false).map { word in
      word.hasPrefix("0x")
        ? "<span class=\"mh\">\(entities(String(word)))</span>" : entities(String(word))
    }.joined(separator: " ")
  }

  /// A terminal's session as `script` keeps it: every word in colour.
  package static let coloured = lines("in colour") { line in
    line.split(separator: " ", omittingEmptySubsequences: false)
      .map { "\u{1B}[1;32m\($0)\u{1B}[0m" }.joined(separator: " ")
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
