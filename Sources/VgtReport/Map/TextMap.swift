internal import VgtCore

/// The graphics address space, drawn after the picture in the kernel's
/// documentation of `intel_vgt_balloon` (Linux 6.1 `i915_vgpu.c`): mappable part
/// above, unmappable part below a double line; where several guests are known,
/// their views on the left and the host's on the right.
///
/// Each border carries its address, each region its size. A gap of one page has
/// a row as well; heights grow with the square root of the sizes, which may be a
/// million pages apart.
package struct TextMap: Sendable {
  private let map: AddressMap
  /// Drawn beside the whole.
  private let views: ArraySlice<AddressMap.View>
  private let boxWidth: Int

  private static let viewsAbreast = 3
  /// A host has at most seven guests. Of inputs that are of no host at all the
  /// whole is drawn alone, for each view is as high as there are guests.
  private static let mostViews = 9
  private static let viewWidth = 9
  /// From the views to the whole.
  private static let arrowWidth = 5
  /// Rows between the borders, to share out over the regions.
  private static let rowBudget = 16
  /// The arrow along a part needs a head, a shaft and a head.
  private static let leastPartHeight = 3

  /// One drawing, or one for every three of a host's guests: lines of at most 76 columns,
  /// the last of which tells the fills.
  package static func drawings(of map: AddressMap) -> [[String]] {
    guard (1...mostViews).contains(map.views.count) else {
      return [TextMap(map, views: [], boxWidth: 31).lines]
    }
    return stride(from: 0, to: map.views.count, by: viewsAbreast).map { first in
      let views = map.views[first..<min(first + viewsAbreast, map.views.count)]
      return TextMap(map, views: views, boxWidth: 22).lines
    }
  }

  private init(_ map: AddressMap, views: ArraySlice<AddressMap.View>, boxWidth: Int) {
    self.map = map
    self.views = views
    self.boxWidth = boxWidth
  }

  private var lines: [String] {
    guard let last = map.regions.last else { return [] }
    var parts: [[AddressMap.Region]] = []
    for region in map.regions {
      if parts.last?.last?.part == region.part, !parts.isEmpty {
        parts[parts.count - 1].append(region)
      } else {
        parts.append([region])
      }
    }
    return (views.isEmpty ? [] : [heading]) + parts.flatMap(lines(ofPart:))
      + [border(at: last.range.end), legend]
  }

  private var heading: String {
    let columns = views.map { view in
      let words = view.label.utf8.count > Self.viewWidth - 3 ? view.label : "\(view.label) view"
      return words.centred(Self.viewWidth + 2, fill: " ")
    }
    return row("", columns, "", "Host view".centred(boxWidth + 2, fill: " "))
  }

  /// The fills that are not told by words everywhere.
  private var legend: String {
    var words = views.isEmpty ? [] : ["/ reserved"]
    for kind in map.regions.map(\.kind) where kind.fill != " " {
      let word = "\(kind.fill) \(kind.word)"
      if !words.contains(word) { words.append(word) }
    }
    return "  \((words + ["== end of the aperture"]).joined(separator: ", "))"
  }

  /// A part from its first border to before the one that ends it.
  private func lines(ofPart regions: [AddressMap.Region]) -> [String] {
    var heights = regions.map(rowCount)
    let height = heights.reduce(regions.count - 1, +)
    if height < Self.leastPartHeight,
      let largest = regions.indices.max(by: { regions[$0].range.size < regions[$1].range.size })
    {
      heights[largest] += Self.leastPartHeight - height
    }
    // Beside several views there is room for the part's name in the margin only.
    let rows = heights.reduce(0, +)
    var rowsToName = views.isEmpty ? -1 : rows / 2
    var lines: [String] = []
    for (region, height) in zip(regions, heights) {
      lines.append(border(at: region.range.start))
      for index in 0..<height {
        let margin = rowsToName == 0 ? regions[0].partName : ""
        lines.append(content(region, isMiddle: index == (height - 1) / 2, margin: margin))
        rowsToName -= 1
      }
    }
    guard views.isEmpty else { return lines }
    return lines.prefix(1) + withArrow(Array(lines.dropFirst()), beside: regions)
  }

  /// At least one row, the rest by the root of the size.
  private func rowCount(_ region: AddressMap.Region) -> Int {
    let spare = Double(max(0, Self.rowBudget - map.regions.count))
    let roots = map.regions.reduce(0) { $0 + Double($1.range.size).squareRoot() }
    return 1 + Int(spare * Double(region.range.size).squareRoot() / roots)
  }

  private func border(at address: UInt64) -> String {
    let isApertureEnd = address == map.ggtt.aperture
    let line: Unicode.Scalar =
      isApertureEnd && (views.isEmpty || address != map.ggtt.total) ? "=" : "-"
    let borders = [0, map.ggtt.aperture, map.ggtt.total]
    let columns = views.map { view in
      borders.contains(address) || view.shares.contains { $0.start == address || $0.end == address }
        ? "+\("".centred(Self.viewWidth, fill: line))+"
        : cell("", fill: view.fill(at: address), width: Self.viewWidth)
    }
    let name =
      switch (isApertureEnd, address == map.ggtt.total) {
      case _ where !views.isEmpty: ""
      case (true, true): "  aperture = total GM size"
      case (true, false): "  end of the aperture"
      case (false, true): "  total GM size"
      case (false, false): ""
      }
    return row(address.hex(), columns, "", "+\("".centred(boxWidth, fill: line))+\(name)")
  }

  private func content(_ region: AddressMap.Region, isMiddle: Bool, margin: String) -> String {
    let address = region.range.start
    let columns = views.map { view in
      let isOwn = view.fill(at: address) == " "
      return cell(
        isMiddle && isOwn ? "own" : "", fill: view.fill(at: address), width: Self.viewWidth)
    }
    let isOwned = views.contains { $0.fill(at: address) == " " }
    let size = shortBytesText(region.range.size)
    let named = "\(region.label) \(size)"
    // What marks a region must stay in sight.
    let room = region.kind.fill == " " ? boxWidth : boxWidth - 3
    var label = named
    if label.utf8.count > room { label = "\(region.kind.word) \(size)" }
    if label.utf8.count > room { label = region.kind.word }
    return row(
      margin, columns, isMiddle && isOwned ? " ==> " : "",
      cell(isMiddle ? label : "", fill: region.kind.fill, width: boxWidth))
  }

  private func cell(_ words: String, fill: Unicode.Scalar, width: Int) -> String {
    let padded = words.isEmpty || words.utf8.count + 2 > width ? words : " \(words) "
    return "|\(padded.centred(width, fill: fill))|"
  }

  private func row(
    _ margin: String, _ columns: [String], _ arrow: String, _ whole: String
  ) -> String {
    let left = columns.isEmpty ? "" : columns.joined(separator: " ")
    let gap = columns.isEmpty ? "" : arrow.rightPadded(Self.arrowWidth)
    // With views the margin is one narrower: three of them fill the line.
    return (margin.leftPadded(columns.isEmpty ? 12 : 11) + " " + left + gap + whole).rightTrimmed
  }

  /// The lines between two borders of a part, with an arrow from one to the
  /// other and the part's name at its middle.
  private func withArrow(
    _ lines: [String], beside regions: [AddressMap.Region]
  ) -> [String] {
    let size = regions.reduce(0) { $0 + $1.range.size }
    let part = regions[0].partName
    let name = regions[0].part == nil ? part : "\(part) GM, \(bytesText(size))"
    // Sizes in bytes, which no real BAR2 gives, would be too wide.
    let label = name.utf8.count <= 24 ? name : part
    return lines.enumerated().map { index, line in
      switch index {
      case 0: line + "  ^"
      case lines.count - 1: line + "  v"
      case lines.count / 2: line + "  |  \(label)"
      default: line + "  |"
      }
    }
  }
}

extension AddressMap.Kind {
  fileprivate var fill: Unicode.Scalar {
    switch self {
    case .own, .unreserved, .free, .guest: " "
    case .reserved: "/"
    case .guardPage: "."
    case .overlap, .invalid: "!"
    }
  }
}

extension AddressMap.View {
  /// A guest sees its shares, and everything else reserved.
  fileprivate func fill(at address: UInt64) -> Unicode.Scalar {
    shares.contains { $0.contains(address) } ? " " : AddressMap.Kind.reserved.fill
  }
}

/// A short byte count: about so many KiB where a page is not whole.
func shortBytesText(_ bytes: UInt64) -> String {
  bytes % 1024 == 0 || bytes < 1024 ? bytesText(bytes) : "~\(bytes >> 10) KiB"
}

extension String {
  /// In the middle of `width` columns; extra space goes right.
  fileprivate func centred(_ width: Int, fill: Unicode.Scalar) -> String {
    let left = max(0, width - utf8.count) / 2
    return .run(of: fill, left) + self + .run(of: fill, width - utf8.count - left)
  }
}
