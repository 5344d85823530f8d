internal import VgtCore
package import VgtHost

extension HostView: CommandResult {
  package static var title: String { "one host, as its guests' reports show it" }

  package var headline: String {
    switch verdict {
    case .noInput: "no input could be opened"
    case .noVgpu: "no input holds a GVT-g vGPU"
    case .unusable:
      (unusableInputs + (excesses.isEmpty ? [] : ["more was given out than one host can give"])
        + (guests.isEmpty ? [] : ["shown: \(findings)"])).joined(separator: "; ")
    default: findings
    }
  }

  /// Which inputs are unusable, in as many words as a verdict has room for.
  private var unusableInputs: [String] {
    var seen: Set<String> = []
    let titles = problems.filter(\.isUnusable).map(\.title.shortened)
      .filter { seen.insert($0).inserted }
    guard let first = titles.first else { return [] }
    if titles.count == 1 { return ["\(first) is unusable or from another host"] }
    let named = titles.prefix(3).joined(separator: ", ")
    let others = titles.count > 3 ? " and \(titles.count - 3) more" : ""
    return ["\(titles.count) inputs are unusable or from another host: \(named)\(others)"]
  }

  private var findings: String {
    let vgpus = Self.count(guests.count, "vGPU")
    guard !overlaps.isEmpty else { return "\(vgpus), no overlap" }
    let labels = GuestLabels(guests)
    var pairs: [String] = []
    for overlap in overlaps {
      let pair = "\(labels[overlap.first]) and \(labels[overlap.second])"
      if !pairs.contains(pair) { pairs.append(pair) }
    }
    let named = pairs.prefix(3).joined(separator: ", ")
    return "\(vgpus), \(Self.count(overlaps.count, "overlap")): some addresses were given to two"
      + " vGPUs (\(named)\(pairs.count > 3 ? " and \(pairs.count - 3) more pairs" : ""))"
  }

  private static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  package func write(to page: inout TextPage) {
    let labels = GuestLabels(guests)
    writeHost(to: &page)
    writeProblems(to: &page)
    guard let host, let allocation, let map = AddressMap(self, labels: labels) else { return }
    writeGuests(labels, to: &page)
    writeOverlaps(labels, to: &page)
    page.heading("MAP (heights are not to scale; host/free: the host's own memory, or free)")
    for (index, drawing) in TextMap.drawings(of: map).enumerated() {
      if index > 0 { page.line() }
      drawing.forEach { page.line($0) }
    }
    writeHoles(to: &page)
    writeFits(of: host, allocation, to: &page)
  }

  private func writeHost(to page: inout TextPage) {
    guard let host else { return }
    let platform = host.platform.map { " (\($0.name))" } ?? ""
    let share =
      guests.count == vgpuCount ? "" : "; \(guests.count) of \(vgpuCount) vGPUs are on this host"
    page.entry("HOST", "\(host.words)\(platform)\(share)", indent: 0, column: 9)
    if guests.contains(where: \.isSample) {
      page.entry(
        "SAMPLE", "this is the embedded sample guest, not a guest of this host", indent: 0,
        column: 9)
    }
  }

  /// What stands in the way first.
  private func writeProblems(to page: inout TextPage) {
    guard !problems.isEmpty || !excesses.isEmpty else { return }
    page.heading("NOTES ON THE INPUTS")
    for excess in excesses { page.entry("FAIL", excess.sentence, column: 8, colour: .red) }
    for isUnusable in [true, false] {
      for problem in problems where problem.isUnusable == isUnusable {
        page.entry(
          isUnusable ? "FAIL" : "NOTE", "\(problem.title.shortened): \(problem.reason.sentence)",
          column: 8, colour: isUnusable ? .red : .blue)
      }
    }
  }

  private func writeGuests(_ labels: GuestLabels, to page: inout TextPage) {
    page.heading("GUESTS (\"vgpu N\" in the host's log is vGPUN here; ends are exclusive)")
    for (index, guest) in guests.enumerated() {
      page.line("  \(labels[index].rightPadded(8)) mappable   \(line(guest.share(.mappable)))")
      page.line("           unmappable \(line(guest.share(.unmappable)))")
      page.entry(
        "",
        ([summary(of: guest), guest.fences.map { "\($0) fences" }, guest.address.map { "\($0)" }]
          .compactMap(\.self) + (guest.isSample ? ["the embedded sample"] : []))
          .joined(separator: ", ")
          + (guest.isFromLog ? "; id, capabilities and fences are not in a log" : ""), column: 11)
    }
  }

  private func writeOverlaps(_ labels: GuestLabels, to page: inout TextPage) {
    guard !overlaps.isEmpty else { return }
    page.heading("OVERLAPS (addresses that were given to two vGPUs)")
    for overlap in overlaps {
      page.line("  \(overlap.kind.rawValue.rightPadded(11))\(line(overlap.range))")
      page.line("             \(labels[overlap.first]) and \(labels[overlap.second])")
    }
  }

  private func writeHoles(to page: inout TextPage) {
    page.heading("HOLES (host and free cannot be told apart from inside guests)")
    for space in spaces {
      for hole in space.holes { page.line("  \(space.kind.rawValue.rightPadded(11))\(line(hole))") }
      let sum = space.holes.reduce(0) { $0 + $1.size }
      page.line(
        "  \(space.kind.rawValue.rightPadded(11))\(Self.count(space.holes.count, "hole")),"
          + " \(bytesText(sum)) in all")
    }
  }

  private func writeFits(
    of host: HostIdentity, _ allocation: HostAllocation, to page: inout TextPage
  ) {
    page.heading("WHAT STILL FITS (at most, of each type alone)")
    guard let platform = host.platform, !fits.isEmpty else {
      page.line(
        host.deviceID == nil
          ? "  the types depend on the GPU, which no log names; add one guest's report"
          : "  the mainline host has no vGPU types for this GPU")
      return
    }
    let empty = EmptyHost(host.ggtt)
    page.line("  type      mappable  unmappable  fences  contiguous  accounting  empty host")
    for fit in fits {
      let columns = [
        bytesText(fit.type.lowSize).leftPadded(8), bytesText(fit.type.highSize).leftPadded(10),
        "\(fit.type.fences)".leftPadded(6), "\(fit.contiguous)".leftPadded(10),
        "\(fit.accounting)".leftPadded(10),
        Self.text(of: fit.type, on: empty).leftPadded(10),
      ]
      page.line(
        "  \((fit.type.name(on: platform) ?? "").rightPadded(9)) \(columns.joined(separator: "  "))"
      )
    }
    page.entry(
      "",
      "contiguous: in one piece, between the guests; accounting: by the bytes that the host counts,"
        + " wherever they are; empty host: without any vGPU", indent: 1, column: 2)
    page.heading("WHY THE HOST SAYS \"No space left on device\"")
    for fit in fits {
      let text = CapacityText(fit, allocation: allocation, spaces: spaces, empty: empty)
      page.entry(fit.type.name(on: platform) ?? "", text.sentence)
    }
  }

  /// How many of a type a host without a vGPU has room for.
  private static func text(of type: VgpuType, on empty: EmptyHost?) -> String {
    empty.map { $0.count(of: type).map { "\($0)" } ?? "not listed" } ?? "unknown"
  }

  private func line(_ range: GraphicsRange) -> String {
    "\(range.start.hex(digits: 9))  \(range.end.hex(digits: 9))"
      + "  \(bytesText(range.size).leftPadded(16))"
  }
}
