internal import VgtCore
package import VgtHost

/// The host's view to be read by people and pasted into a mail or an issue.
package struct HostText: Sendable {
  private let view: HostView
  private let isColoured: Bool
  private let labels: GuestLabels

  package init(_ view: HostView, coloured isColoured: Bool = false) {
    self.view = view
    self.isColoured = isColoured
    labels = GuestLabels(view.guests)
  }

  package var text: String {
    var page = TextPage(coloured: isColoured)
    page.line("\(Tool.title): one host, as its guests' reports show it")
    page.line()
    page.entry(
      "VERDICT", "\(view.verdict.rawValue): \(view.sentence)", indent: 0, column: 9,
      colour: view.verdict.colour)
    writeHost(to: &page)
    writeProblems(to: &page)
    if let host = view.host, let account = view.account {
      writeGuests(to: &page)
      writeMap(of: host, to: &page)
      writeOverlaps(to: &page)
      writeHoles(to: &page)
      writeFits(of: host, account, to: &page)
    }
    page.line()
    page.line("\(Tool.title): end of report: \(view.verdict.rawValue)")
    return page.text
  }

  private func writeHost(to page: inout TextPage) {
    guard let host = view.host else { return }
    let platform = host.platform.map { " (\($0.name))" } ?? ""
    let share =
      view.guests.count == view.vgpuCount
      ? "" : "; \(view.guests.count) of \(view.vgpuCount) vGPUs are of this host"
    page.entry("HOST", "\(host.words)\(platform)\(share)", indent: 0, column: 9)
    if view.guests.contains(where: \.isSample) {
      page.entry(
        "SAMPLE",
        "the embedded sample guest is among the reports; it is no guest of this host",
        indent: 0, column: 9)
    }
  }

  private func writeProblems(to page: inout TextPage) {
    guard !view.problems.isEmpty else { return }
    page.heading("INPUTS THAT NEED A WORD")
    for problem in view.problems {
      page.entry(
        problem.isUnusable ? "FAIL" : "NOTE",
        "\(problem.title.shortened): \(problem.reason.sentence)", column: 8,
        colour: problem.isUnusable ? .red : .blue)
    }
  }

  private func writeGuests(to page: inout TextPage) {
    page.heading("GUESTS (\"vgpu N\" in the host's log is vGPUN here; ends are exclusive)")
    for (index, guest) in view.guests.enumerated() {
      page.line(
        "  \(labels[index].rightPadded(8)) mappable   \(line(guest.share(.mappable)))")
      page.line(
        "           unmappable \(line(guest.share(.unmappable)))")
      page.entry(
        "",
        "\(guest.typeName ?? "no known type"), \(guest.page.fenceCount) fences,"
          + " \(guest.address)\(guest.isSample ? ", the embedded sample" : ""),"
          + " \(guest.source == "-" ? "standard input" : guest.source.printable.shortened)",
        column: 11)
    }
  }

  private func writeMap(of host: HostIdentity, to page: inout TextPage) {
    page.heading("MAP (not to scale; host/free: the host's own memory, or free)")
    for (index, drawing) in HostMap(view, ggtt: host.ggtt, labels: labels).drawings.enumerated() {
      if index > 0 { page.line() }
      drawing.forEach { page.line($0) }
    }
  }

  private func writeOverlaps(to page: inout TextPage) {
    guard !view.overlaps.isEmpty else { return }
    page.heading("OVERLAPS (the same addresses were given to two guests)")
    for overlap in view.overlaps {
      page.line("  \(overlap.kind.rawValue.rightPadded(11))\(line(overlap.range))")
      page.line("             \(labels[overlap.first]) and \(labels[overlap.second])")
    }
  }

  private func writeHoles(to page: inout TextPage) {
    page.heading("HOLES (host and free cannot be told apart from inside guests)")
    for space in view.spaces {
      for hole in space.holes { page.line("  \(space.kind.rawValue.rightPadded(11))\(line(hole))") }
      let sum = space.holes.reduce(0) { $0 + $1.size }
      page.line(
        "  \(space.kind.rawValue.rightPadded(11))\(space.holes.count)"
          + " \(space.holes.count == 1 ? "hole" : "holes"), \(bytesText(sum)) together")
    }
  }

  private func writeFits(
    of host: HostIdentity, _ account: HostAccount, to page: inout TextPage
  ) {
    page.heading("WHAT STILL FITS (at most, of each type alone)")
    guard let platform = host.platform, !view.fits.isEmpty else {
      page.line("  the mainline host has no vGPU types for this GPU")
      return
    }
    let fresh = FreshHost(host.ggtt)
    page.line("  type       mappable  unmappable  fences  by holes  by books  fresh host")
    for fit in view.fits {
      let columns = [
        bytesText(fit.type.lowSize).leftPadded(8), bytesText(fit.type.highSize).leftPadded(10),
        "\(fit.type.fences)".leftPadded(6), "\(fit.contiguous)".leftPadded(8),
        "\(fit.accounting)".leftPadded(8),
        (fresh?.count(of: fit.type).map { "\($0)" } ?? "not listed").leftPadded(10),
      ]
      page.line(
        "  \((fit.type.name(on: platform) ?? "").rightPadded(9))  \(columns.joined(separator: "  "))"
      )
    }
    page.entry(
      "",
      "by holes: in one piece, between the guests; by books: by the bytes that the host"
        + " counts, wherever they are; fresh host: without any vGPU", indent: 1, column: 2)
    page.heading("WHY THE HOST SAYS \"No space left on device\"")
    for fit in view.fits {
      let text = FitText(fit, account: account, spaces: view.spaces, fresh: fresh)
      page.entry(fit.type.name(on: platform) ?? "", text.sentence)
    }
  }

  private func line(_ range: GraphicsRange) -> String {
    "\(range.start.hex(digits: 9))  \(range.end.hex(digits: 9))"
      + "  \(bytesText(range.size).leftPadded(16))"
  }
}

extension HostView.Verdict {
  fileprivate var colour: TextPage.Colour {
    switch self {
    case .ok: .green
    case .overlap, .unusable, .noInput: .red
    case .noVgpu: .blue
    }
  }
}
