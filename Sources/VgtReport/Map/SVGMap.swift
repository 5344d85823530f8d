internal import VgtCore

/// The graphics address space as a picture, not to scale: each region is high
/// enough for its words, and what is larger is higher.
struct SVGMap: Sendable {
  private let map: AddressMap
  private static let left = 170
  private static let width = 290
  private static let leastHeight = 26
  /// Shared out over the regions by size, on top of the least height.
  private static let spareHeight = 220

  init(_ map: AddressMap) {
    self.map = map
  }

  func draw(on page: inout SVGPage) {
    page.skip(16)
    page.words(
      "Addresses are in bytes, ends exclusive. Heights are not to scale.", style: "small")
    page.skip(12)
    // The borders lie over the regions, so they come last.
    var borders: [(address: UInt64, y: Int)] = []
    for region in map.regions {
      borders.append((region.range.start, page.y))
      draw(region, on: &page)
    }
    if let last = map.regions.last { borders.append((last.range.end, page.y)) }
    for border in borders { draw(borderAt: border.address, y: border.y, on: &page) }
    page.skip(12)
    drawLegend(on: &page)
  }

  private func draw(_ region: AddressMap.Region, on page: inout SVGPage) {
    let share = Double(region.range.size) / Double(max(1, map.ggtt.total))
    let height = Self.leastHeight + Int(min(1, share) * Double(Self.spareHeight))
    let words = "\(region.label) \(shortBytesText(region.range.size))"
    let middle = page.y + height / 2
    page.add(
      SVGPage.box(
        x: Self.left, y: page.y, width: Self.width, height: height, style: region.kind.style))
    if region.kind == .reserved {
      // The words stand on the ground's colour, since hatching hides them.
      let wordsWidth = words.count * 8 + 8
      page.add(
        SVGPage.box(
          x: Self.left + (Self.width - wordsWidth) / 2, y: middle - 9, width: wordsWidth,
          height: 18, style: "label"))
    }
    page.add(
      SVGPage.words(words, x: Self.left + Self.width / 2, y: middle + 5, anchor: "middle"))
    page.add(
      SVGPage.words(
        region.partName, x: Self.left + Self.width + 12,
        y: middle + 4, style: "small"))
    page.skip(height)
  }

  private func draw(borderAt address: UInt64, y: Int, on page: inout SVGPage) {
    page.add(
      SVGPage.words(address.hex(), x: Self.left - 12, y: y + 4, style: "small", anchor: "end"))
    guard address == map.ggtt.aperture else { return }
    // The double line between the aperture and the rest.
    for offset in [-3, 0] {
      page.add(
        SVGPage.line(y: y + offset, from: Self.left - 8, to: Self.left + Self.width + 8))
    }
    page.add(
      SVGPage.words(
        "end of aperture", x: Self.left + Self.width + 12, y: y + 4, style: "small"))
  }

  /// What each fill means; the guests are named in their boxes.
  private func drawLegend(on page: inout SVGPage) {
    var words: [(style: String, word: String)] = []
    for kind in map.regions.map(\.kind) where !words.contains(where: { $0.style == kind.style }) {
      if case .guest = kind { continue }
      words.append((kind.style, kind.word))
    }
    var x = 20
    for (style, word) in words {
      page.add(SVGPage.box(x: x, y: page.y + 3, width: 16, height: 12, style: style))
      page.add(SVGPage.words(word, x: x + 22, y: page.y + 14, style: "small"))
      x += 22 + word.count * 8 + 18
    }
    page.skip(22)
  }
}

extension AddressMap.Kind {
  fileprivate var style: String {
    switch self {
    case .own: "own"
    case .reserved: "reserved"
    case .guardPage: "guard"
    case .unreserved, .free: "free"
    case .guest(let index): "guest\(index % SVGPage.guestColours.count)"
    case .overlap, .invalid: "wrong"
    }
  }

  /// What a legend calls it.
  var word: String {
    switch self {
    case .own: "own"
    case .reserved: "reserved"
    case .guardPage: "guard page"
    case .unreserved: "not reserved"
    case .free: "host or free"
    case .guest: "a guest's"
    case .overlap: "overlap"
    case .invalid: "refused by the driver"
    }
  }
}
