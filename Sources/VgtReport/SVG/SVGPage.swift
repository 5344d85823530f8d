/// A picture 600 px wide, built from the top down, in light and dark.
package struct SVGPage: Sendable {
  package static let width = 600

  /// Where the next thing goes, in px from the top.
  package private(set) var y = 0
  private var elements: [SVGElement] = []

  package init() {}

  /// Leaves `height` px empty.
  package mutating func skip(_ height: Int) { y += height }

  package mutating func add(_ element: SVGElement) { elements.append(element) }

  /// One line of words; `y` moves below it.
  package mutating func words(_ words: String, x: Int = 20, style: String = "words") {
    y += 20
    add(Self.words(words, x: x, y: y - 5, style: style))
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
  /// - Parameters:
  ///   - title: What screen readers say of the picture.
  ///   - metadata: Text that is not shown.
  package func document(title: String, metadata: String = "") -> String {
    let height = y + 16
    var children = [SVGElement("title", words: title)]
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

  /// The generic families exist wherever a picture is drawn.
  private static let style = """

    text { font: 13px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; }
    .title { font-size: 16px; font-weight: bold; }
    .small { font-size: 12px; }
    .ground { fill: #ffffff; }
    .words, .title, .small { fill: #1f2328; }
    .line { stroke: #1f2328; stroke-width: 1; }
    .own { fill: #a7e3b0; stroke: #1f2328; }
    .reserved { fill: url(#hatching); stroke: #1f2328; }
    .guard { fill: #ffd8a8; stroke: #1f2328; }
    .label { fill: #ffffff; }
    .hatch { stroke: #9aa4af; stroke-width: 1; fill: none; }
    @media (prefers-color-scheme: dark) {
      .ground, .label { fill: #0d1117; }
      .words, .title, .small { fill: #e6edf3; }
      .line { stroke: #e6edf3; }
      .own { fill: #1f6f3a; stroke: #e6edf3; }
      .reserved { stroke: #e6edf3; }
      .guard { fill: #7a4b12; stroke: #e6edf3; }
      .hatch { stroke: #6b7682; }
    }

    """
}
