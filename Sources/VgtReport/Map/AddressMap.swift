package import VgtCore
internal import VgtHost

/// A graphics address space to be drawn, tiled without a hole: what a guest
/// sees of it, or what the host sees of several guests.
package struct AddressMap: Hashable, Sendable {
  /// What a region is, as far as a drawing tells it.
  package enum Kind: Hashable, Sendable {
    /// This guest's.
    case own
    /// Kept from the guest by its driver.
    case reserved
    /// The last page under `BalloonRule.guardPage`.
    case guardPage
    /// Not this guest's, and not reserved, since its driver gives up.
    case unreserved
    /// No guest's: the host's own memory, or free.
    case free
    /// The share of the guest with this index.
    case guest(Int)
    /// Given to several guests.
    case overlap
    /// What makes the driver give up.
    case invalid
  }

  package struct Region: Hashable, Sendable {
    package let range: GraphicsRange
    /// `nil` past the end of the GGTT.
    package let part: GGTT.Part?
    package let kind: Kind
    /// A few words, without the size.
    package let label: String

    package var partName: String { part?.rawValue ?? "past GGTT" }
  }

  /// What one guest has: a column beside the whole.
  package struct View: Hashable, Sendable {
    package let label: String
    package let shares: [GraphicsRange]
  }

  package let ggtt: GGTT
  /// By ascending address, from 0 to the end of the GGTT, or of the share that
  /// ends past it.
  package let regions: [Region]
  /// Empty for the view of a single guest.
  package let views: [View]

  /// Bytes of one kind.
  package func bytes(_ kind: Kind) -> UInt64 {
    regions.reduce(0) { $0 + ($1.kind == kind ? $1.range.size : 0) }
  }
}

extension AddressMap {
  /// `nil` where there is no vGPU, or the sizes are not known.
  init?(_ diagnosis: Diagnosis) {
    guard let pvInfo = diagnosis.pvInfo, let ggtt = diagnosis.driverGGTT,
      let outcome = diagnosis.balloon
    else { return nil }
    self.init(ggtt: ggtt, pvInfo: pvInfo, outcome: outcome)
  }

  /// What a guest sees, whether its driver accepts the shares or not.
  package init(ggtt: GGTT, pvInfo: VgtIf, outcome: Diagnosis.BalloonOutcome) {
    self.ggtt = ggtt
    views = []
    let shares = [
      (part: GGTT.Part.mappable, range: pvInfo.mappable.range),
      (part: GGTT.Part.unmappable, range: pvInfo.unmappable.range),
    ].filter { !$0.range.isEmpty }
    let reservations = outcome.balloon?.ranges ?? []
    // Only a range that reaches the guard page is refused once the tests passed.
    let guardPage =
      outcome.error == .reservationFailed
      ? ggtt.total - min(ggtt.total, GGTT.pageSize) : UInt64.max
    let borders =
      ([0, ggtt.aperture, ggtt.total] + (guardPage == .max ? [] : [guardPage])
      + (shares.map(\.range) + reservations).flatMap { [$0.start, $0.end] }).sorted()
    regions = zip(borders, borders.dropFirst()).compactMap { start, end in
      if start == end { return nil }
      let part: GGTT.Part? =
        end <= ggtt.aperture ? .mappable : end <= ggtt.total ? .unmappable : nil
      let owners = shares.filter { $0.range.contains(start) }
      let (kind, label): (Kind, String) =
        if owners.contains(where: { $0.part != part }) {
          (.invalid, "own, \(Self.place(of: part))")
        } else if !owners.isEmpty {
          (.own, "own")
        } else if reservations.contains(where: { $0.contains(start) }) {
          (.reserved, "reserved")
        } else if outcome.balloon != nil {
          (.guardPage, "guard page")
        } else if start >= guardPage {
          (.invalid, "guard page, refused")
        } else {
          (.unreserved, "not reserved")
        }
      return Region(
        range: GraphicsRange(start: start, end: end), part: part, kind: kind, label: label)
    }
  }

  /// Where a share lies that is not in its own part.
  private static func place(of part: GGTT.Part?) -> String {
    switch part {
    case .mappable: "in aperture"
    case .unmappable: "past aperture"
    case nil: "past GGTT"
    }
  }

  /// What the host sees; `nil` where no input holds a vGPU.
  init?(_ view: HostView, labels: GuestLabels) {
    guard let host = view.host else { return nil }
    ggtt = host.ggtt
    views = view.guests.enumerated().map { index, guest in
      View(
        label: labels[index],
        shares: GGTT.Part.allCases.compactMap { guest.placedShare($0, in: host.ggtt) })
    }
    regions = view.spaces.flatMap { space in
      space.regions.map { region in
        let names = region.owners.map { labels[$0] }.joined(separator: "+")
        let (kind, label): (Kind, String) =
          switch region.owners.count {
          case 0: (.free, "host/free")
          case 1: (.guest(region.owners[0]), names)
          case 2: (.overlap, names)
          default: (.overlap, "\(region.owners.count) vGPUs")
          }
        return Region(range: region.range, part: space.kind, kind: kind, label: label)
      }
    }
  }
}
