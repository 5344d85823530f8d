internal import VgtCore

/// A picture 600 px wide, built from the top down, light or dark as the reader's
/// screen is; no script, no font file, nothing from outside.
package struct SVGPage: Sendable {
  package static let width = 600

  /// Where the next thing goes, in px from the top.
  package private(set) var y = 0
  private var elements: [SVGElement] = []
  private let title: String
  private let summary: String

  /// Begins with the verdict, as the text does.
  package init(_ result: some CommandResult) {
    title = "\(Tool.title): \(result.verdict.rawValue)"
    summary = "\(result.verdict.rawValue): \(result.headline)"
    skip(12)
    words(title, style: "title")
    words(result.headline)
  }

  /// Leaves `height` px empty.
  package mutating func skip(_ height: Int) { y += height }

  package mutating func add(_ element: SVGElement) { elements.append(element) }

  /// Words, on as many lines as they need; `y` moves below them.
  package mutating func words(_ words: String, style: String = "words") {
    // The characters that surely fit between the margins.
    let columns = style == "title" ? 56 : style == "small" ? 76 : 70
    for line in TextPage.wrapped(words, to: columns) {
      y += 20
      add(Self.words(line, x: 20, y: y - 5, style: style))
    }
  }

  package static func words(
    _ words: String, x: Int, y: Int, style: String = "words", anchor: String = "start"
  ) -> SVGElement {
    SVGElement(
      "text", ["x": "\(x)", "y": "\(y)", "class": style, "text-anchor": anchor], words: words)
  }

  package static func line(y: Int, from x1: Int, to x2: Int, style: String = "line") -> SVGElement {
    SVGElement(
      "line",
      ["x1": "\(x1)", "y1": "\(y)", "x2": "\(x2)", "y2": "\(y)", "class": style])
  }

  package static func box(x: Int, y: Int, width: Int, height: Int, style: String) -> SVGElement {
    SVGElement(
      "rect",
      [
        "x": "\(x)", "y": "\(y)", "width": "\(width)", "height": "\(height)", "class": style,
      ])
  }

  /// The document.
  ///
  /// - Parameter metadata: Text that is not shown.
  package func document(metadata: String = "") -> String {
    let height = y + 16
    // Screen readers say the title and the description.
    var children = [SVGElement("title", words: title), SVGElement("desc", words: summary)]
    if !metadata.isEmpty { children.append(SVGElement("metadata", words: metadata)) }
    children += [
      SVGElement("style", words: Self.style),
      SVGElement("defs", [:], [Self.hatching]),
      Self.box(x: 0, y: 0, width: Self.width, height: height, style: "ground"),
    ]
    let root = SVGElement(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": "\(Self.width)", "height": "\(height)",
        "viewBox": "0 0 \(Self.width) \(height)", "role": "img",
      ], children + elements)
    return root.document
  }

  /// Diagonal lines for what is reserved.
  private static let hatching = SVGElement(
    "pattern",
    ["id": "hatching", "width": "8", "height": "8", "patternUnits": "userSpaceOnUse"],
    [SVGElement("path", ["d": "M0 8 L8 0 M-2 2 L2 -2 M6 10 L10 6", "class": "hatch"])])

  /// Fills for guests, in light and dark; words stand on them.
  static let guestColours = [
    (light: "#a9c7ec", dark: "#2c4f80"), (light: "#f6cf94", dark: "#7a4b12"),
    (light: "#a7e3b0", dark: "#1f6f3a"), (light: "#d3bce8", dark: "#5d3f7d"),
    (light: "#a5dfe4", dark: "#0b5f68"), (light: "#eec0dc", dark: "#7a3a62"),
    (light: "#dcd79a", dark: "#5c5714"),
  ]

  /// The generic families exist wherever a picture is drawn.
  private static let style: String = {
    func fills(_ colours: [String]) -> String {
      colours.enumerated().map { ".guest\($0.offset) { fill: \($0.element); }" }
        .joined(separator: " ")
    }
    return """

      text { font: 13px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; }
      .title { font-size: 16px; font-weight: bold; }
      .small { font-size: 12px; }
      .words, .title, .small { fill: #1f2328; }
      .ground, .label { fill: #ffffff; }
      rect { stroke: #1f2328; }
      .ground, .label { stroke: none; }
      .line { stroke: #1f2328; stroke-width: 1; }
      .hatch { stroke: #9aa4af; stroke-width: 1; fill: none; }
      .own { fill: #a7e3b0; }
      .reserved { fill: url(#hatching); }
      .guard { fill: #ffd8a8; }
      .free { fill: #eceff2; }
      .wrong { fill: #ffb3ad; stroke: #c62828; stroke-width: 2; }
      \(fills(guestColours.map(\.light)))
      @media (prefers-color-scheme: dark) {
        .words, .title, .small { fill: #e6edf3; }
        .ground, .label { fill: #0d1117; }
        rect, .line { stroke: #e6edf3; }
        .hatch { stroke: #6b7682; }
        .own { fill: #1f6f3a; }
        .guard { fill: #7a4b12; }
        .free { fill: #262c34; }
        .wrong { fill: #8e1f1a; stroke: #ff7b72; }
        \(fills(guestColours.map(\.dark)))
      }

      """
  }()
}
