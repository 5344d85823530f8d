package import VgtCore

/// The guest's view of the graphics address space, drawn after the picture in
/// the kernel's documentation of `intel_vgt_balloon` (Linux 6.1
/// `i915_vgpu.c`): mappable part above, unmappable part below a double line.
///
/// Every region has at least one row, so a gap of one page stays visible; the
/// rows that are left go to the larger regions. Each border carries its
/// address, each region its size.
package struct TextMap: Sendable {
  private let map: GraphicsMap
  /// Rows between the borders, to share out over the regions.
  private static let rowBudget = 18
  private static let boxWidth = 33

  package init(_ map: GraphicsMap) {
    self.map = map
  }

  package var lines: [String] {
    guard let last = map.regions.last else { return [] }
    var lines: [String] = []
    let rows = rowCounts
    for (index, region) in map.regions.enumerated() {
      lines.append(border(at: region.range.start))
      lines += block(region, rows: rows[index])
    }
    lines.append(border(at: last.range.end))
    return withArrows(lines)
  }

  /// At least one row each, the rest by size.
  private var rowCounts: [Int] {
    let spare = max(0, Self.rowBudget - map.regions.count)
    return map.regions.map { region in
      let share = Double(region.range.size) / Double(max(1, map.ggtt.total))
      return 1 + Int(share * Double(spare))
    }
  }

  private func border(at address: UInt64) -> String {
    let line: Character = address == map.ggtt.aperture ? "=" : "-"
    let name =
      switch address {
      case map.ggtt.aperture: "  end of the aperture"
      case map.ggtt.total: "  total GM size"
      default: ""
      }
    return Self.margin(address.hex()) + "+"
      + String(repeating: line, count: Self.boxWidth) + "+" + name
  }

  private func block(_ region: GraphicsMap.Region, rows: Int) -> [String] {
    let fill: Character =
      switch region.use {
      case .own: " "
      case .reserved: "#"
      case .guardPage: "/"
      }
    let words =
      switch region.use {
      case .own: " available \(bytesText(region.range.size)) "
      case .reserved: " reserved \(bytesText(region.range.size)) "
      case .guardPage: " guard page \(bytesText(region.range.size)) "
      }
    let left = (Self.boxWidth - words.count) / 2
    let middle =
      String(repeating: fill, count: left) + words
      + String(repeating: fill, count: Self.boxWidth - words.count - left)
    let plain = String(repeating: fill, count: Self.boxWidth)
    return (0..<rows).map { row in
      Self.margin("") + "|" + (row == (rows - 1) / 2 ? middle : plain) + "|"
    }
  }

  /// The name of each part beside the middle of it.
  private func withArrows(_ lines: [String]) -> [String] {
    let double = lines.firstIndex { $0.contains("+==") } ?? lines.count
    return lines.enumerated().map { index, line in
      switch index {
      case double / 2 where double > 0 && !line.contains("0x"): "  mappable GM" + line.dropFirst(13)
      case (double + lines.count) / 2 where !line.contains("0x"):
        "  unmappable GM" + line.dropFirst(15)
      default: line
      }
    }
  }

  private static func margin(_ words: String) -> String { words.leftPadded(17) + " " }
}
