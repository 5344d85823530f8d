internal import VgtCore
internal import VgtHost

/// Why the host refuses one more vGPU of a type, in plain words.
struct FitText: Sendable {
  private let fit: Fit
  private let account: HostAccount
  private let spaces: [HostSpace]
  private let fresh: FreshHost?

  init(_ fit: Fit, account: HostAccount, spaces: [HostSpace], fresh: FreshHost?) {
    self.fit = fit
    self.account = account
    self.spaces = spaces
    self.fresh = fresh
  }

  /// Why not one more fits; the room that is left when one does.
  var sentence: String {
    if let fresh, fresh.count(of: fit.type) == nil {
      return "not even offered: of an aperture of \(bytesText(account.ggtt.aperture)) the host"
        + " keeps \(bytesText(account.reserve.mappable)), and it needs \(bytesText(fit.type.lowSize));"
        + " a larger aperture is set in the firmware"
    }
    let causes = accountCauses + holeCauses
    if !causes.isEmpty { return "No space left on device: \(causes.joined(separator: "; "))" }
    let count = min(fit.contiguous, fit.accounting)
    return "up to \(count) more \(count == 1 ? "fits" : "fit"), unless the host itself uses the"
      + " holes: then create vGPUs before its desktop starts"
  }

  /// What the host's books refuse. Words of its log: Linux 6.1
  /// `gvt/aperture_gm.c`, `alloc_resource`.
  private var accountCauses: [String] {
    var causes: [String] = []
    if fit.ids == 0 { causes.append("all \(account.reserve.ids.count) ids are in use") }
    if fit.mappableAccount == 0 {
      causes.append(
        "by the host's books the aperture has \(bytesText(account.mappableLeft)) left"
          + " (\(bytesText(account.ggtt.aperture)) less the host's"
          + " \(bytesText(account.reserve.mappable)), less \(bytesText(account.mappableGiven))"
          + " given), it needs \(bytesText(fit.type.lowSize))")
    }
    if fit.unmappableAccount == 0 {
      let size = account.ggtt.total - account.ggtt.aperture
      causes.append(
        "by the host's books the unmappable space has \(bytesText(account.unmappableLeft)) left"
          + " (\(bytesText(size)) less the host's \(bytesText(account.reserve.unmappable)), less"
          + " \(bytesText(account.unmappableGiven)) given), it needs"
          + " \(bytesText(fit.type.highSize))")
    }
    if fit.fences == 0 {
      causes.append(
        "\(account.fencesLeft) fences are left (\(account.reserve.allFences) less the host's"
          + " \(account.reserve.fences), less \(account.fencesGiven) given), it needs"
          + " \(fit.type.fences)")
    }
    return causes
  }

  /// What no hole is large enough for.
  private var holeCauses: [String] {
    var causes: [String] = []
    if fit.mappableHoles == 0, fit.mappableAccount > 0 {
      causes.append(noHole(.mappable, fit.type.lowSize))
    }
    if fit.unmappableHoles == 0, fit.unmappableAccount > 0 {
      causes.append(noHole(.unmappable, fit.type.highSize))
    }
    return causes
  }

  private func noHole(_ kind: SpaceKind, _ size: UInt64) -> String {
    let holes = spaces.filter { $0.kind == kind }.flatMap(\.holes)
    guard let largest = holes.map(\.size).max() else { return "the \(kind.rawValue) space is full" }
    return "the largest \(kind.rawValue) hole has \(bytesText(largest)), it needs"
      + " \(bytesText(size)) in one piece"
  }
}
