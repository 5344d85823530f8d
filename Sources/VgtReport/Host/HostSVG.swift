internal import VgtCore
package import VgtHost

extension HostView {
  /// The host's view as a picture, with what each guest is.
  package var svg: String {
    let labels = GuestLabels(guests)
    var page = SVGPage(self)
    if let host { page.words(host.words, style: "small") }
    for excess in excesses { page.words(excess.sentence, style: "small") }
    for (index, guest) in guests.enumerated() {
      page.words("\(labels[index]): \(guest.summary)", style: "small")
    }
    for overlap in overlaps {
      page.words(
        "\(labels[overlap.first]) and \(labels[overlap.second]) overlap:"
          + " \(overlap.kind.rawValue) \(overlap.range), \(bytesText(overlap.range.size))",
        style: "small")
    }
    if let map = AddressMap(self, labels: labels) {
      SVGMap(map).draw(on: &page)
      page.words("Host and free cannot be told apart from inside guests.", style: "small")
    } else {
      page.words("no map: no input holds a GVT-g vGPU", style: "small")
    }
    for fit in fits {
      guard let name = host?.platform.flatMap(fit.type.name) else { continue }
      page.words(
        "\(name): at most \(fit.contiguous) more contiguous, \(fit.accounting) by accounting",
        style: "small")
    }
    return page.document()
  }
}

extension Guest {
  /// Type, verdict and where it comes from.
  var summary: String {
    "\(typeName ?? "no known type"), \(verdict.rawValue), "
      + (source == "-" ? "standard input" : source.printable.shortened)
  }
}
