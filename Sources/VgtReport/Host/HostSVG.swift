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
      page.words("\(labels[index]): \(summary(of: guest))", style: "small")
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

extension HostView {
  /// Type, verdict and where it comes from.
  func summary(of guest: Guest) -> String {
    let type =
      typeName(of: guest)
      ?? guest.type.map {
        host?.platform == nil ? "type _\($0.suffix) by its shares" : "no known type"
      }
      ?? "no known type"
    return "\(type), \(guest.verdict.rawValue), \(InputProblem.title(of: guest.source).shortened)"
  }
}
