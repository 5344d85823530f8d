internal import CVgtShim
internal import SystemPackage
package import VgtCore
internal import VgtFiles

/// Asks the driver that is bound to a function what it made of the page.
package enum DriverProbe {
  /// The driver's answers, set against the page of `diagnosis`.
  ///
  /// - Parameter diagnosis: Of a live capture, before the driver was asked.
  package static func check(_ diagnosis: Diagnosis) -> DriverCheck {
    guard diagnosis.capture.driver == "i915" else { return .notAsked(.noDriver) }
    guard let page = diagnosis.page, let ggtt = diagnosis.ggtt, diagnosis.balloon?.balloon != nil
    else { return .notAsked(.noBalloon) }
    return DriverCheck(statement(for: diagnosis.capture.address), page: page, ggtt: ggtt)
  }

  private static func statement(for address: PCIAddress) -> DriverStatement {
    let log = DriverLog.ranges(printedFor: address)
    guard let path = node(of: address) else {
      return DriverStatement(log: log, aperture: .absent(.noNode), fences: .absent(.noNode))
    }
    let node: FileDescriptor
    do {
      node = try ByteInput.open(path)
    } catch {
      let reason = DriverCheck.UnreadableReason(error)
      return DriverStatement(
        log: log, aperture: .unreadable(reason), fences: .unreadable(reason))
    }
    defer { try? node.close() }
    let aperture = vgt_i915_aperture(node.rawValue)
    let fences = vgt_i915_fences(node.rawValue)
    return DriverStatement(
      log: log,
      aperture: aperture.error == 0
        ? .said(ApertureSize(size: aperture.size, available: aperture.available))
        : .unreadable(DriverCheck.UnreadableReason(Errno(rawValue: aperture.error))),
      fences: fences.error == 0
        ? .said(UInt32(clamping: fences.count))
        : .unreadable(DriverCheck.UnreadableReason(Errno(rawValue: fences.error))))
  }

  /// The DRM node of a function: the render node, which any user in its group
  /// may ask, else the primary one. Numbers: Linux 6.1 `drm_drv.c`,
  /// `drm_minor_alloc`: 64 of each kind.
  private static func node(of address: PCIAddress) -> FilePath? {
    let names = (128..<192).map { "renderD\($0)" } + (0..<64).map { "card\($0)" }
    return names.first {
      ByteInput.linkTargetName(FilePath("/sys/class/drm/\($0)/device")) == "\(address)"
    }.map { FilePath("/dev/dri/\($0)") }
  }
}
