internal import VgtCore
internal import VgtHost

/// Why the host refuses one more vGPU of a type, in plain words.
struct CapacityText: Sendable {
  private let fit: TypeCapacity
  private let allocation: HostAllocation
  private let spaces: [HostSpace]
  private let empty: EmptyHost?

  init(_ fit: TypeCapacity, allocation: HostAllocation, spaces: [HostSpace], empty: EmptyHost?) {
    self.fit = fit
    self.allocation = allocation
    self.spaces = spaces
    self.empty = empty
  }

  /// Why not one more fits; the room that is left when one does.
  var sentence: String {
    if let empty, empty.count(of: fit.type) == nil {
      return "not offered: the host keeps \(bytesText(allocation.reserve.mappable)) of the"
        + " \(bytesText(allocation.ggtt.aperture)) aperture, this type needs"
        + " \(bytesText(fit.type.lowSize)); raise the aperture size in the firmware setup"
    }
    let causes = accountingCauses + holeCauses
    if !causes.isEmpty { return "No space left on device: \(causes.joined(separator: "; "))" }
    let count = min(fit.contiguous, fit.accounting)
    return "at most \(count) more \(count == 1 ? "fits" : "fit"); if creating"
      + " \(count == 1 ? "it" : "them") fails, the host occupies the holes: create vGPUs before the"
      + " host's desktop starts"
  }

  /// What the host's accounting refuses. Its log messages: Linux 6.1
  /// `gvt/aperture_gm.c`, `alloc_resource`.
  private var accountingCauses: [String] {
    var causes: [String] = []
    if fit.ids == 0 { causes.append("all \(allocation.reserve.ids.count) ids are in use") }
    if fit.mappableAllocation == 0 {
      causes.append(
        "by the host's accounting \(bytesText(allocation.mappableLeft)) of aperture is left"
          + " (\(bytesText(allocation.ggtt.aperture)) less the host's"
          + " \(bytesText(allocation.reserve.mappable)), less \(bytesText(allocation.mappableGiven))"
          + " given); this type needs \(bytesText(fit.type.lowSize))")
    }
    if fit.unmappableAllocation == 0 {
      let size = allocation.ggtt.total - allocation.ggtt.aperture
      causes.append(
        "by the host's accounting \(bytesText(allocation.unmappableLeft)) of unmappable space is left"
          + " (\(bytesText(size)) less the host's \(bytesText(allocation.reserve.unmappable)), less"
          + " \(bytesText(allocation.unmappableGiven)) given); this type needs"
          + " \(bytesText(fit.type.highSize))")
    }
    if fit.fences == 0 {
      causes.append(
        "\(allocation.fencesLeft) fences are left (\(allocation.reserve.allFences) less the host's"
          + " \(allocation.reserve.fences), less \(allocation.fencesGiven) given); this type needs"
          + " \(fit.type.fences)")
    }
    return causes
  }

  /// What no hole is large enough for.
  private var holeCauses: [String] {
    var causes: [String] = []
    if fit.mappableHoles == 0, fit.mappableAllocation > 0 {
      causes.append(noHole(.mappable, fit.type.lowSize))
    }
    if fit.unmappableHoles == 0, fit.unmappableAllocation > 0 {
      causes.append(noHole(.unmappable, fit.type.highSize))
    }
    return causes
  }

  private func noHole(_ kind: GGTT.Part, _ size: UInt64) -> String {
    let holes = spaces.filter { $0.kind == kind }.flatMap(\.holes)
    guard let largest = holes.map(\.size).max() else { return "the \(kind.rawValue) space is full" }
    return "the largest \(kind.rawValue) hole has \(bytesText(largest)); this type needs"
      + " \(bytesText(size)) in one piece"
  }
}
