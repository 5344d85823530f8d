/// What happens to a log between the kernel and its reader, done to text.
struct Mangling: Sendable, CustomStringConvertible {
  let name: String
  /// Whether it may take characters away.
  let mayLose: Bool
  private let change: @Sendable (String) -> String

  init(_ name: String, mayLose: Bool = false, _ change: @escaping @Sendable (String) -> String) {
    self.name = name
    self.mayLose = mayLose
    self.change = change
  }

  var description: String { name }

  func callAsFunction(_ text: String) -> String { change(text) }

  func then(_ next: Mangling) -> Mangling {
    Mangling("\(name), \(next.name)", mayLose: mayLose || next.mayLose) { next(self($0)) }
  }
}

extension Mangling {
  /// Changes each line.
  static func lines(
    _ name: String, mayLose: Bool = false, _ change: @escaping @Sendable (Substring) -> String
  ) -> Mangling {
    Mangling(name, mayLose: mayLose) { text in
      text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.isEmpty ? "" : change($0) }.joined(separator: "\n")
    }
  }

  static func quoted(_ mark: String) -> Mangling { lines("quoted by '\(mark)'") { mark + $0 } }

  /// Breaks lines as a terminal does: at a column, nothing lost.
  static func wrapped(_ width: Int, continued: String = "") -> Mangling {
    lines("wrapped at \(width) before '\(continued)'") { line in
      Array(line).chunks(of: width).map { String($0) }.joined(separator: "\n" + continued)
    }
  }

  /// Breaks lines as mail programs do: at spaces.
  static func folded(_ width: Int, continued: String = "") -> Mangling {
    lines("folded at \(width) before '\(continued)'") { line in
      var rows: [String] = []
      var row = ""
      for word in line.split(separator: " ", omittingEmptySubsequences: false) {
        if !row.isEmpty, row.count + 1 + word.count > width {
          rows.append(row)
          row = String(word)
        } else {
          row += rows.isEmpty && row.isEmpty ? String(word) : " \(word)"
        }
      }
      return (rows + [row]).joined(separator: "\n" + continued)
    }
  }

  /// Soft breaks of quoted-printable (RFC 2045, 6.7).
  static func quotedPrintable(_ width: Int) -> Mangling {
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

  /// Cuts lines at a column.
  static func cut(_ width: Int) -> Mangling {
    lines("cut at \(width)", mayLose: true) { String($0.prefix(width)) }
  }

  /// A console without room: each further character goes over the last column.
  static func overwritten(_ width: Int) -> Mangling {
    lines("overwritten at \(width)", mayLose: true) { line in
      line.count <= width ? String(line) : line.prefix(width - 1) + String(line.suffix(1))
    }
  }

  static let all: [Mangling] = simple + around + forms

  /// What can be done to a paste that was quoted, wrapped or cut before.
  static let simple: [Mangling] = [
    Mangling("as it is") { $0 },
    Mangling("CRLF") { $0.replacing("\n", with: "\r\n") },
    Mangling("CR CR LF") { $0.replacing("\n", with: "\r\r\n") },
    Mangling("CR") { $0.replacing("\n", with: "\r") },
    Mangling("blank lines between") { $0.replacing("\n", with: "\n\n") },
    Mangling("no last line feed") { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 },
    Mangling("tabs") { $0.replacing(" ", with: "\t") },
    Mangling("spaces doubled") { $0.replacing(" ", with: "  ") },
    Mangling("no-break spaces") { $0.replacing(" ", with: "\u{A0}") },
    Mangling("no-break spaces in quoted-printable") { text in
      text.replacing("=", with: "=3D").replacing(" ", with: "=C2=A0")
        .replacing("0x", with: "=\n0x")
    },
    Mangling("each line twice") { text in
      // Only records with a time can be told from two probes.
      text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        line.hasPrefix("[") ? "\(line)\n\(line)" : "\(line)"
      }.joined(separator: "\n")
    },
    Mangling("entities") {
      $0.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        .replacing(" ", with: "&nbsp;")
    },
    Mangling("upper case") { $0.uppercased() },
    Mangling("dashes") { $0.replacing(" - ", with: " \u{2013} ") },
    quoted("> "), quoted(">"), quoted("> > "), quoted(">>> "), quoted("| "), quoted("    "),
    quoted("&gt; "), quoted("* "), quoted("+"),
    Mangling("a mail around") {
      "From: a\nSubject: Re: vGPU balloon\n\nHi,\nsee below:\n\n\($0)\n-- \nregards (it fails)\n"
    },
  ]

  /// What can be done to whole lines.
  private static let around: [Mangling] = [
    Mangling("JSON string") { text in
      "{\"body\":\"" + text.replacing("\"", with: "\\\"").replacing("\n", with: "\\r\\n") + "\"}"
    },
    lines("other devices between") { line in
      "\(line)\n[    5.790000] usb 1-1: new high-speed USB device number 2 using xhci_hcd"
        + "\ni915 0000:00:02.0: [drm] Finished loading DMC firmware i915/kbl_dmc_ver1_04.bin"
    },
    lines("invalid UTF-8 between") { "\($0)\n\u{FFFD}\u{FFFD} \u{0} garbage" },
  ]

  /// The forms in which tools print the same messages.
  private static let forms: [Mangling] = [
    messages("dmesg -t") { $0 },
    messages("dmesg -T") { "[Wed Jul 21 10:11:12 2021] \($0)" },
    messages("dmesg --time-format=iso") { "2021-07-21T10:11:12,693099+02:00 \($0)" },
    messages("dmesg -x") { "kern  :info  : [    5.693099] \($0)" },
    messages("dmesg -r") { "<6>[    5.693099] \($0)" },
    messages("caller") { "[    5.693099][  T123] \($0)" },
    messages("dmesg --color") { message in
      let parts = message.split(separator: ": ", maxSplits: 1)
      guard parts.count == 2 else { return "\u{1B}[32m[    5.693099] \u{1B}[0m\(message)" }
      return "\u{1B}[32m[    5.693099] \u{1B}[0m\u{1B}[33m\(parts[0]): \u{1B}[0m\(parts[1])"
    },
    messages("colours whose escape was lost") { message in
      let parts = message.split(separator: ": ", maxSplits: 1)
      guard parts.count == 2 else { return "[32m[    5.693099] [0m\(message)" }
      return "[32m[    5.693099] [0m[33m\(parts[0]): [0m\(parts[1])"
    },
    messages("grep --color") {
      $0.replacing("balloon", with: "\u{1B}[01;31m\u{1B}[Kballoon\u{1B}[m\u{1B}[K")
    },
    messages("kmsg") { "6,723,5693099,-;\($0)\n SUBSYSTEM=pci\n DEVICE=+pci:0000:00:04.0" },
    messages("journalctl") { "Jul 21 10:11:12 guest kernel: \($0)" },
    messages("journalctl -o short-monotonic") { "[    5.693099] guest kernel: \($0)" },
    messages("journalctl -o json") { message in
      "{\"PRIORITY\":\"6\",\"_HOSTNAME\":\"guest\",\"MESSAGE\":\"" + message
        + "\",\"SYSLOG_IDENTIFIER\":\"kernel\",\"_KERNEL_SUBSYSTEM\":\"pci\"}"
    },
    messages("journalctl -o json-pretty") { message in
      "{\n\t\"PRIORITY\" : \"6\",\n\t\"MESSAGE\" : \"\(message)\",\n\t\"_PID\" : \"1\"\n}"
    },
    messages("journalctl -o export") { "PRIORITY=6\nMESSAGE=\($0)\nSYSLOG_IDENTIFIER=kernel\n" },
    messages("syslog") { "Jul 21 10:11:12 guest kernel: [    5.693099] \($0)" },
    messages("RFC 5424") { "<6>1 2021-07-21T10:11:12.693Z guest kernel - - - \($0)" },
    messages("grep -n") { "12:[    5.693099] \($0)" },
    messages("cat -n") { "    12\t[    5.693099] \($0)" },
  ]

  /// Puts another prefix in front of each message.
  private static func messages(
    _ name: String, _ prefix: @escaping @Sendable (String) -> String
  ) -> Mangling {
    lines(name) { line in
      guard line.hasPrefix("["), let end = line.firstIndex(of: "]") else {
        return prefix(String(line))
      }
      return prefix(String(line[line.index(end, offsetBy: 2)...]))
    }
  }
}

extension Array {
  fileprivate func chunks(of size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
  }
}
