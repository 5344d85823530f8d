package import VgtCore

/// The guest's view of the graphics address space, drawn after the picture in
/// the kernel's documentation of `intel_vgt_balloon` (Linux 6.1
/// `i915_vgpu.c`): mappable part above, unmappable part below a double line.
///
/// Each border carries its address, each region its size, each part an arrow
/// along it. A gap of one page has a row as well; heights grow with the square
/// root of the sizes, which may be a million pages apart.
package struct TextMap: Sendable {
  private let map: GraphicsMap
  /// Rows between the borders, to share out over the regions.
  private static let rowBudget = 16
  private static let boxWidth = 29
  /// An arrow needs a head, a shaft and a head.
  private static let leastPartHeight = 3

  package init(_ map: GraphicsMap) {
    self.map = map
  }

  /// At most 30 lines of at most 76 columns.
  package var lines: [String] {
    guard let last = map.regions.last else { return [] }
    let parts = [true, false].map { isMappable in
      map.regions.filter { $0.isMappable == isMappable }
    }.filter { !$0.isEmpty }
    return parts.flatMap(lines(ofPart:)) + [border(at: last.range.end)]
  }

  /// A part from its first border to before the one that ends it.
  private func lines(ofPart regions: [GraphicsMap.Region]) -> [String] {
    var rows = regions.map(rowCount)
    let height = rows.reduce(regions.count - 1, +)
    if height < Self.leastPartHeight, let largest = indexOfLargest(regions) {
      rows[largest] += Self.leastPartHeight - height
    }
    let drawn = zip(regions, rows).flatMap { region, rows in
      [border(at: region.range.start)] + block(region, rows: rows)
    }
    let inside = withArrow(Array(drawn.dropFirst()), beside: regions)
    return drawn.prefix(1) + inside
  }

  private func indexOfLargest(_ regions: [GraphicsMap.Region]) -> Int? {
    regions.indices.max { regions[$0].range.size < regions[$1].range.size }
  }

  /// At least one row, the rest by the root of the size.
  private func rowCount(_ region: GraphicsMap.Region) -> Int {
    let spare = Double(max(0, Self.rowBudget - map.regions.count))
    let roots = map.regions.reduce(0) { $0 + Self.root($1.range.size) }
    return 1 + Int(spare * Self.root(region.range.size) / roots)
  }

  private static func root(_ size: UInt64) -> Double { Double(size).squareRoot() }

  private func border(at address: UInt64) -> String {
    let line = address == map.ggtt.aperture ? "=" : "-"
    let name =
      switch (address == map.ggtt.aperture, address == map.ggtt.total) {
      case (true, true): "  aperture = total GM size"
      case (true, false): "  end of the aperture"
      case (false, true): "  total GM size"
      case (false, false): ""
      }
    return Self.margin(address.hex()) + "+" + String(repeating: line, count: Self.boxWidth) + "+"
      + name
  }

  private func block(_ region: GraphicsMap.Region, rows: Int) -> [String] {
    let size = bytesText(region.range.size)
    let (fill, words) =
      switch region.use {
      case .own: (" ", " available \(size) ")
      case .reserved: ("/", " reserved \(size) ")
      case .guardPage: (".", " guard page \(size) ")
      }
    let left = (Self.boxWidth - words.count) / 2
    let middle =
      String(repeating: fill, count: left) + words
      + String(repeating: fill, count: Self.boxWidth - left - words.count)
    let plain = String(repeating: fill, count: Self.boxWidth)
    return (0..<rows).map { row in
      Self.margin("") + "|" + (row == (rows - 1) / 2 ? middle : plain) + "|"
    }
  }

  /// The lines between two borders of a part, with an arrow from one to the
  /// other and the part's name at its middle.
  private func withArrow(
    _ lines: [String], beside regions: [GraphicsMap.Region]
  ) -> [String] {
    let size = regions.reduce(0) { $0 + $1.range.size }
    let name = regions[0].isMappable ? "mappable GM" : "unmappable GM"
    let nameAndSize = "\(name), \(bytesText(size))"
    // Sizes in bytes, which no real BAR2 gives, would be too wide.
    let label = nameAndSize.count <= 26 ? nameAndSize : name
    return lines.enumerated().map { index, line in
      switch index {
      case 0: line + "  ^"
      case lines.count - 1: line + "  v"
      case lines.count / 2: line + "  |  \(label)"
      default: line + "  |"
      }
    }
  }

  private static func margin(_ words: String) -> String { words.leftPadded(12) + " " }
}
