import CoreFixtures

/// What happens to a kernel log between the kernel and its reader.
extension Mangling {
  static let ofLogs: [Mangling] = ofPastes + around + forms

  /// What can be done to a paste that was quoted, wrapped or cut before.
  static let ofPastes: [Mangling] = [
    Mangling("as it is") { $0 },
    crlf,
    Mangling("CR CR LF") { $0.replacing("\n", with: "\r\r\n") },
    Mangling("CR") { $0.replacing("\n", with: "\r") },
    Mangling("blank lines between") { $0.replacing("\n", with: "\n\n") },
    Mangling("no last line feed") { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 },
    replacing(" ", "\t", "tabs"),
    replacing(" ", "  ", "spaces doubled"),
    noBreakSpaces,
    replacing(" - ", " \u{2013} ", "dashes"),
    Mangling("no-break spaces in quoted-printable") { text in
      text.replacing("=", with: "=3D").replacing(" ", with: "=C2=A0")
        .replacing("0x", with: "=\n0x")
    },
    lines("entities") {
      $0.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        .replacing(" ", with: "&nbsp;")
    },
    Mangling("upper case") { $0.uppercased() },
    fenced,
    quoted("> "), quoted(">"), quoted("> > "), quoted(">>> "), quoted("| "), quoted("    "),
    quoted("&gt; "), quoted("* "), quoted("+"),
    Mangling("a mail around") {
      "From: a\nSubject: Re: vGPU balloon\n\nHi,\nsee below:\n\n\($0)\n-- \nregards (it fails)\n"
    },
  ]

  /// What can be done to whole lines.
  private static let around: [Mangling] =
    linePrefixes + [
      Mangling("line breaks as blanks") { $0.replacing("\n", with: " ") },
      Mangling("line breaks lost") { text in
        // Without a time nothing tells where a record begins.
        text.replacing("\n[", with: "[")
      },
      Mangling("newest first") { text in
        text.split(separator: "\n").reversed().joined(separator: "\n") + "\n"
      },
      base64Mail, htmlLines, htmlTags, jsonString, coloured,
      lines("each line twice") { "\($0)\n\($0)" },
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
    messages("dmesg --time-format=delta") { "[  +0.000001] \($0)" },
    messages("dmesg --reltime") { "[Jul21 10:11] \($0)" },
    messages("dmesg -x") { "kern  :info  : [    5.693099] \($0)" },
    messages("dmesg -xT") { "kern  :info  : [Wed Jul 21 10:11:12 2021] \($0)" },
    messages("dmesg -r") { "<6>[    5.693099] \($0)" },
    messages("caller") { "[    5.693099][  T123] \($0)" },
    messages("caller of an interrupt") { "[    5.693099][    C1] \($0)" },
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
    messages("journalctl -o short-iso") { "2021-07-21T10:11:12+0200 guest kernel: \($0)" },
    messages("journalctl -o short-full") { "Wed 2021-07-21 10:11:12 CEST guest kernel: \($0)" },
    messages("journalctl -o short-unix") { "1626855072.693099 guest kernel: \($0)" },
    messages("journalctl -o with-unit") { "Wed 2021-07-21 10:11:12 CEST guest kernel: \($0)" },
    messages("journalctl -o json") { message in
      "{\"PRIORITY\":\"6\",\"_HOSTNAME\":\"guest\",\"MESSAGE\":\"" + message
        + "\",\"SYSLOG_IDENTIFIER\":\"kernel\",\"_KERNEL_SUBSYSTEM\":\"pci\"}"
    },
    messages("journalctl -o json-pretty") { message in
      "{\n\t\"PRIORITY\" : \"6\",\n\t\"MESSAGE\" : \"\(message)\",\n\t\"_PID\" : \"1\"\n}"
    },
    messages("journalctl -o export") { "PRIORITY=6\nMESSAGE=\($0)\nSYSLOG_IDENTIFIER=kernel\n" },
    messages("journalctl -o verbose") {
      "Wed 2021-07-21 10:11:12.693099 CEST [s=0ab1;i=2d3]\n    PRIORITY=6\n    MESSAGE=\($0)\n"
    },
    messages("journalctl -o cat") { $0 },
    messages("docker logs, as JSON") { message in
      "{\"log\":\"[    5.693099] \(message)\\n\",\"stream\":\"stdout\","
        + "\"time\":\"2021-07-21T08:11:12.693099123Z\"}"
    },
    messages("syslog") { "Jul 21 10:11:12 guest kernel: [    5.693099] \($0)" },
    messages("RFC 5424") { "<6>1 2021-07-21T10:11:12.693Z guest kernel - - - \($0)" },
    messages("grep -n") { "12:[    5.693099] \($0)" },
    messages("grep over files") { "dmesg.log:[    5.693099] \($0)" },
    messages("cat -n") { "    12\t[    5.693099] \($0)" },
    messages("cat -A") { "[    5.693099] \($0)$" },
    messages("ts") { "Jul 21 10:11:12 [    5.693099] \($0)" },
    messages("screen's log") { "\r[    5.693099] \($0)\r" },
    messages("virsh console") { "[    5.693099] \($0)\r\r" },
    messages("netconsole") { "6,723,5693099,-;\($0)" },
    messages("Xen's console") { "(XEN) [2021-07-21 10:11:12] d4: [    5.693099] \($0)" },
    messages("logcat -b kernel") { "07-21 10:11:12.693     0     0 I         : \($0)" },
    messages("pstore") { "<6>[    5.693099] \($0)" },
    messages("a Markdown list") { "- `[    5.693099] \($0)`" },
    messages("a chat") { "<alice> [    5.693099] \($0)" },
    messages("a chat with times") { "10:11 < alice> [    5.693099] \($0)" },
    messages("a table of HTML") { "<tr><td>12</td><td>[    5.693099] \($0)</td></tr>" },
    messages("a code cell") { "<td class=\"blob-code\">[    5.693099] \($0)</td>" },
    messages("a patch") { "+[    5.693099] \($0)" },
    messages("a quoted patch") { "> +[    5.693099] \($0)" },
    messages("zero-width spaces") { "\u{200B}[    5.693099] \($0)\u{200B}" },
  ]

  /// Puts another prefix in front of each message.
  private static func messages(
    _ name: String, _ prefix: @escaping @Sendable (String) -> String
  ) -> Mangling {
    lines(name) { line in
      guard !line.isEmpty else { return "" }
      guard line.hasPrefix("["), let end = line.firstIndex(of: "]") else { return prefix(line) }
      return prefix(String(line[line.index(end, offsetBy: 2)...]))
    }
  }
}
