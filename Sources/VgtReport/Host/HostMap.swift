internal import VgtCore
internal import VgtHost

/// The graphics address space as its guests and the host see it, drawn after
/// the picture in the kernel's documentation of `intel_vgt_balloon` (Linux 6.1
/// `i915_vgpu.c`): guests' views on the left, the host's view on the right,
/// the mappable part above a double line, the unmappable part below it.
///
/// With more guests than fit, the drawing is made again for the next ones.
/// Every region has at least one row, so a hole of one page stays visible.
struct HostMap: Sendable {
  private let view: HostView
  private let ggtt: GGTT
  private let labels: GuestLabels
  private let regionCount: Int
  /// One for each guest.
  private let shares: [[GraphicsRange]]
  /// Where each guest's own view has a border.
  private let borders: [Set<UInt64>]

  /// Guests beside the host in one drawing.
  static let guestsAbreast = 3
  private static let marginWidth = 12
  private static let guestWidth = 9
  private static let arrowWidth = 5
  private static let hostWidth = 22
  /// Rows between the borders, to share out over the regions.
  private static let rowBudget = 18

  init(_ view: HostView, ggtt: GGTT, labels: GuestLabels) {
    self.view = view
    self.ggtt = ggtt
    self.labels = labels
    regionCount = view.spaces.reduce(0) { $0 + $1.regions.count }
    shares = view.guests.map { SpaceKind.allCases.compactMap($0.placedShare) }
    borders = shares.map { shares in
      Set([0, ggtt.aperture, ggtt.total] + shares.flatMap { [$0.start, $0.end] })
    }
  }

  /// One drawing for every three guests.
  var drawings: [[String]] {
    stride(from: 0, to: view.guests.count, by: Self.guestsAbreast).map { first in
      drawing(of: first..<min(first + Self.guestsAbreast, view.guests.count))
    }
  }

  private func drawing(of guests: Range<Int>) -> [String] {
    var lines = [heading(guests)]
    for space in view.spaces {
      // The space's name stands once, beside the middle of it.
      var rowsToName = space.regions.reduce(0) { $0 + rowCount($1) } / 2
      for region in space.regions {
        lines.append(border(at: region.range.start, guests))
        for index in 0..<rowCount(region) {
          let margin = rowsToName == 0 ? space.kind.rawValue : ""
          lines.append(content(region, row: index, margin: margin, guests))
          rowsToName -= 1
        }
      }
    }
    lines.append(border(at: ggtt.total, guests))
    return lines
  }

  private func heading(_ guests: Range<Int>) -> String {
    let columns = guests.map { index -> String in
      let label = labels[index]
      let words = label.count > Self.guestWidth - 3 ? label : "\(label) view"
      return words.centred(Self.guestWidth + 2, fill: " ")
    }
    return row(
      margin: "", columns, arrow: "", host: "Host view".centred(Self.hostWidth + 2, fill: " "))
  }

  private func border(at address: UInt64, _ guests: Range<Int>) -> String {
    let isApertureEnd = address == ggtt.aperture && ggtt.aperture != ggtt.total
    let line: Character = isApertureEnd ? "=" : "-"
    let columns = guests.map { index -> String in
      if borders[index].contains(address) {
        return "+\(String(repeating: line, count: Self.guestWidth))+"
      }
      return cell(fill(of: index, at: address))
    }
    return row(
      margin: address.hex(), columns, arrow: "",
      host: "+\(String(repeating: line, count: Self.hostWidth))+")
  }

  private func content(
    _ region: HostSpace.Region, row index: Int, margin: String, _ guests: Range<Int>
  ) -> String {
    let isMiddle = index == (rowCount(region) - 1) / 2
    let columns = guests.map { guest -> String in
      isMiddle && region.owners.contains(guest)
        ? "|\("available".centred(Self.guestWidth, fill: " "))|"
        : cell(fill(of: guest, at: region.range.start))
    }
    let hasArrow = isMiddle && guests.contains(where: region.owners.contains)
    let words = isMiddle ? hostWords(region) : ""
    let hostFill: Character = region.owners.count > 1 ? "!" : " "
    return row(
      margin: margin, columns, arrow: hasArrow ? " ==> " : "",
      host: "|\(words.centred(Self.hostWidth, fill: hostFill))|")
  }

  private func hostWords(_ region: HostSpace.Region) -> String {
    let size = mapSize(region.range.size)
    return switch region.owners.count {
    case 0: "host/free \(size)"
    case 1: "\(labels[region.owners[0]]) \(size)"
    default: " OVERLAP \(size) "
    }
  }

  /// At least one row, the rest by size.
  private func rowCount(_ region: HostSpace.Region) -> Int {
    let spare = max(0, Self.rowBudget - regionCount)
    return 1 + Int(Double(region.range.size) / Double(max(1, ggtt.total)) * Double(spare))
  }

  private func fill(of guest: Int, at address: UInt64) -> Character {
    shares[guest].contains { $0.contains(address) } ? " " : "#"
  }

  private func cell(_ fill: Character) -> String {
    "|\(String(repeating: fill, count: Self.guestWidth))|"
  }

  private func row(margin: String, _ columns: [String], arrow: String, host: String) -> String {
    let line =
      margin.leftPadded(Self.marginWidth - 1) + " " + columns.joined(separator: " ")
      + arrow.rightPadded(Self.arrowWidth) + host
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}

/// Bytes for a narrow place: the largest unit without a fraction, or about so
/// many KiB where a page is not whole.
func mapSize(_ bytes: UInt64) -> String {
  bytes % 1024 == 0 || bytes < 1024 ? bytesText(bytes) : "~\(bytes >> 10) KiB"
}

extension String {
  /// In the middle of `width` columns, the more on the right.
  fileprivate func centred(_ width: Int, fill: Character) -> String {
    let left = max(0, width - count) / 2
    let right = max(0, width - count - left)
    return String(repeating: fill, count: left) + self + String(repeating: fill, count: right)
  }
}
