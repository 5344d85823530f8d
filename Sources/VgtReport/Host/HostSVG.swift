internal import VgtCore
package import VgtHost

/// The host's view as a picture: each space as a bar, true to scale, every
/// region beside it with its borders, its size and whose it is.
///
/// 600 pixels wide; light or dark as the reader's screen is; no script, no font
/// file, nothing from outside.
package struct HostSVG: Sendable {
  private let view: HostView
  private let labels: GuestLabels

  private static let width = 600
  private static let margin = 16
  /// Between the base lines of two labels.
  private static let lineHeight = 16
  private static let barWidth = 140
  /// Where a label's borders begin, its size ends, and its owners begin.
  private static let labelX = 186
  private static let sizeEndX = 440
  private static let ownersX = 452
  /// Characters of the sentences' font that surely fit between the margins.
  private static let columns = 80

  package init(_ view: HostView) {
    self.view = view
    labels = GuestLabels(view.guests)
  }

  package var text: String {
    var parts: [SVGElement] = []
    var y = 28
    parts.append(words(Tool.title + ": host view", y: y, class: "title"))
    parts += paragraph(headLines, y: &y)
    for space in view.spaces where !space.regions.isEmpty {
      y += 26
      parts += bar(of: space, y: &y)
    }
    y += 10
    parts += paragraph(footLines, y: &y)
    return picture(parts, height: y + Self.margin).document
  }

  private func picture(_ parts: [SVGElement], height: Int) -> SVGElement {
    SVGElement(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": "\(Self.width)", "height": "\(height)",
        "viewBox": "0 0 \(Self.width) \(height)", "role": "img",
      ],
      [
        SVGElement("title", words: "\(Tool.name): the host's view of the graphics address space"),
        SVGElement("desc", words: "\(view.verdict.rawValue): \(view.sentence)"),
        SVGElement("style", words: Self.style),
        SVGElement("rect", ["class": "paper", "width": "100%", "height": "100%"]),
      ] + parts)
  }

  private var headLines: [String] {
    var lines = ["\(view.verdict.rawValue): \(view.sentence)"]
    if let host = view.host { lines.append(host.words) }
    if view.guests.contains(where: \.isSample) {
      lines.append("The embedded sample guest is among the reports.")
    }
    return lines
  }

  private var footLines: [String] {
    guard let platform = view.host?.platform else { return [] }
    var lines = [
      "Ends are exclusive. Host and free cannot be told apart from inside guests."
    ]
    for fit in view.fits {
      lines.append(
        "\(fit.type.name(on: platform) ?? ""): at most \(fit.contiguous) more by holes,"
          + " \(fit.accounting) by the host's books")
    }
    return lines
  }

  private func words(_ words: String, y: Int, class name: String = "words") -> SVGElement {
    SVGElement("text", ["class": name, "x": "\(Self.margin)", "y": "\(y)"], words: words)
  }

  /// Sentences below each other; `y` moves to the last line.
  private func paragraph(_ sentences: [String], y: inout Int) -> [SVGElement] {
    sentences.flatMap { $0.wrapped(at: Self.columns) }.map { line in
      y += Self.lineHeight + 2
      return words(line, y: y)
    }
  }

  /// The heading, the bar and its labels; `y` moves below them.
  private func bar(of space: HostSpace, y: inout Int) -> [SVGElement] {
    let size = space.regions.reduce(0) { $0 + $1.range.size }
    var parts = [
      words("\(space.kind.rawValue) space, \(bytesText(size))", y: y, class: "heading")
    ]
    let top = Double(y + 10)
    let height = Double(max(160, space.regions.count * Self.lineHeight))
    let scale = height / Double(max(1, size))
    let start = space.regions.first?.range.start ?? 0
    let boxes = space.regions.map { region in
      Box(
        top: top + Double(region.range.start - start) * scale,
        height: Double(region.range.size) * scale)
    }
    let labelYs = Self.spread(boxes.map(\.middle), from: top, to: top + height)
    // What is small lies above what is large, so that an overlap of one page
    // still shows.
    let order = space.regions.indices.sorted { left, right in
      (space.regions[left].owners.count, left) < (space.regions[right].owners.count, right)
    }
    parts += order.map { shape(space.regions[$0], boxes[$0]) }
    for (index, region) in space.regions.enumerated() {
      parts += label(region, boxes[index], y: labelYs[index])
    }
    y = Int(top + height)
    return parts
  }

  /// Where a region is drawn, in pixels.
  private struct Box {
    let top: Double
    let height: Double
    var middle: Double { top + height / 2 }
  }

  private func shape(_ region: HostSpace.Region, _ box: Box) -> SVGElement {
    let height = region.owners.isEmpty ? box.height : max(2, box.height)
    return SVGElement(
      "rect",
      [
        "class": fill(region), "x": "\(Self.margin)", "y": pixels(box.top),
        "width": "\(Self.barWidth)", "height": pixels(height),
      ])
  }

  /// The words beside a region, and the line that leads to them.
  private func label(_ region: HostSpace.Region, _ box: Box, y: Double) -> [SVGElement] {
    let right = Self.margin + Self.barWidth
    return [
      SVGElement(
        "path",
        [
          "class": "leader",
          "d": "M\(right) \(pixels(box.middle))L\(Self.labelX - 6) \(pixels(y))",
        ]),
      SVGElement(
        "text", ["class": "label", "x": "\(Self.labelX)", "y": pixels(y + 4)],
        words: "\(region.range.start.hex(digits: 9))-\(region.range.end.hex(digits: 9))"),
      SVGElement(
        "text",
        [
          "class": "label", "x": "\(Self.sizeEndX)", "y": pixels(y + 4), "text-anchor": "end",
        ], words: mapSize(region.range.size)),
      SVGElement(
        "text", ["class": "label", "x": "\(Self.ownersX)", "y": pixels(y + 4)],
        words: owners(region)),
    ]
  }

  private func fill(_ region: HostSpace.Region) -> String {
    switch region.owners.count {
    case 0: "hole"
    case 1: "guest\(region.owners[0] % Self.colours.count)"
    default: "overlap"
    }
  }

  private func owners(_ region: HostSpace.Region) -> String {
    guard !region.owners.isEmpty else { return "host/free" }
    let names = region.owners.map { labels[$0] }.joined(separator: "+")
    if region.owners.count == 1 { return names }
    return "\(names.count > 12 ? "\(region.owners.count) vGPUs" : names) OVERLAP"
  }

  /// Moves labels apart, up and down, so that none covers another.
  ///
  /// - Parameter middles: Ascending; there is room for all from `top` to
  ///   `bottom`.
  private static func spread(
    _ middles: [Double], from top: Double, to bottom: Double
  ) -> [Double] {
    let step = Double(lineHeight)
    var places = middles
    var least = top + step / 2
    for index in places.indices {
      places[index] = max(places[index], least)
      least = places[index] + step
    }
    var most = bottom - step / 2
    for index in places.indices.reversed() {
      places[index] = min(places[index], most)
      most = places[index] - step
    }
    return places
  }

  /// With two digits behind the point, which every reader of SVG takes.
  private func pixels(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }

  /// Light and dark.
  private static let colours = [
    ("#3b6fb6", "#7aa7e0"), ("#e08e1b", "#f0b45c"), ("#2f8f5b", "#66c493"),
    ("#8a5fb0", "#b897d8"), ("#00838f", "#4fc3cf"), ("#a1660f", "#cf9a52"),
    ("#b0568f", "#dd94c2"),
  ]

  private static let style: String = {
    let light = colours.enumerated().map { ".guest\($0.offset){fill:\($0.element.0)}" }
    let dark = colours.enumerated().map { ".guest\($0.offset){fill:\($0.element.1)}" }
    return """
      .paper{fill:#ffffff} text{fill:#1b1b1b;font-family:sans-serif;font-size:12px}
      .title{font-size:15px;font-weight:bold} .heading{font-weight:bold}
      .label{font-family:monospace} .leader{fill:none;stroke:#8a8a8a;stroke-width:0.7}
      .hole{fill:#ececec} .overlap{fill:#d32f2f}
      \(light.joined())
      @media (prefers-color-scheme: dark){
      .paper{fill:#16181b} text{fill:#e6e6e6} .hole{fill:#33373c} .overlap{fill:#ff5a52}
      \(dark.joined())}
      """
  }()
}
