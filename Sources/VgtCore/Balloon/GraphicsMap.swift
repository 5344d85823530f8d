/// The graphics address space, tiled without a hole: what is this guest's,
/// what the driver reserves, and the guard page where there is one.
package struct GraphicsMap: Hashable, Sendable {
  package enum Use: String, Hashable, Sendable {
    case own
    case reserved
    /// The last page under `BalloonRule.guardPage`.
    case guardPage = "guard page"
  }

  package struct Region: Hashable, Sendable {
    package let range: GraphicsRange
    package let use: Use
    /// Whether it lies in the aperture.
    package let isMappable: Bool
  }

  package let ggtt: GGTT
  /// By ascending address; the first starts at 0, the last ends with the GGTT.
  package let regions: [Region]

  /// - Parameters:
  ///   - page: The shares, which `balloon` was made from.
  ///   - balloon: What the driver reserves.
  package init(ggtt: GGTT, page: VgtIf, balloon: Balloon) {
    self.ggtt = ggtt
    var regions = balloon.reservations.map { reservation in
      Region(
        range: reservation.range, use: .reserved,
        isMappable: reservation.range.end <= ggtt.aperture)
    }
    regions.append(Region(range: page.mappable.range, use: .own, isMappable: true))
    regions.append(Region(range: page.unmappable.range, use: .own, isMappable: false))
    let covered = regions.map(\.range.end).max() ?? 0
    if covered < ggtt.total {
      regions.append(
        Region(
          range: GraphicsRange(start: covered, end: ggtt.total), use: .guardPage,
          isMappable: covered < ggtt.aperture))
    }
    self.regions = regions.filter { !$0.range.isEmpty }.sorted { $0.range.start < $1.range.start }
  }

  /// Bytes of one use.
  package func bytes(_ use: Use) -> UInt64 {
    regions.reduce(0) { $0 + ($1.use == use ? $1.range.size : 0) }
  }
}

extension Diagnosis {
  /// The map; `nil` when the driver balloons nothing here.
  package var map: GraphicsMap? {
    guard let ggtt, let page, let balloon = balloon?.balloon else { return nil }
    return GraphicsMap(ggtt: ggtt, page: page, balloon: balloon)
  }
}
