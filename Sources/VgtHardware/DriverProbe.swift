internal import CVgtShim
internal import SystemPackage
package import VgtCore
internal import VgtFiles

/// The ways to ask the driver that is bound to a function what it made of the
/// page: opened while this process still may, asked once it no longer may.
package final class DriverProbe {
  private let address: PCIAddress
  private var log: DriverLog?
  private let node: Node

  /// The driver's DRM node.
  private enum Node {
    case none
    case refused(Errno)
    case open(FileDescriptor)
  }

  /// - Returns: `nil` when the function has another driver, or none.
  package init?(of capture: Capture) {
    guard capture.driver == Self.name else { return nil }
    address = capture.address
    log = DriverLog()
    node = Self.node(of: capture.address)
  }

  deinit {
    if case .open(let file) = node { try? file.close() }
  }

  /// The driver's answers, set against the page of `diagnosis`.
  ///
  /// - Parameters:
  ///   - diagnosis: Of a live capture, before the driver was asked.
  ///   - probe: Of the same function; asked once.
  package static func check(_ diagnosis: Diagnosis, asking probe: DriverProbe?) -> DriverCheck {
    guard diagnosis.capture.driver == name else { return .notAsked(.noDriver) }
    guard let probe, let page = diagnosis.page, let ggtt = diagnosis.ggtt,
      diagnosis.balloon?.balloon != nil
    else { return .notAsked(.noBalloon) }
    return DriverCheck(probe.statement, page: page, ggtt: ggtt)
  }

  private static let name = "i915"

  private var statement: DriverStatement {
    let log = log.take()?.ranges(printedFor: address) ?? .absent(.noLines)
    switch node {
    case .none:
      return DriverStatement(log: log, aperture: .absent(.noNode), fences: .absent(.noNode))
    case .refused(let errno):
      let reason = DriverCheck.UnreadableReason(errno)
      return DriverStatement(
        log: log, aperture: .unreadable(reason), fences: .unreadable(reason))
    case .open(let file):
      let aperture = vgt_i915_aperture(file.rawValue)
      let fences = vgt_i915_fences(file.rawValue)
      return DriverStatement(
        log: log,
        aperture: aperture.error == 0
          ? .said(ApertureSize(size: aperture.size, available: aperture.available))
          : .unreadable(DriverCheck.UnreadableReason(Errno(rawValue: aperture.error))),
        fences: fences.error == 0
          ? .said(UInt32(clamping: fences.count))
          : .unreadable(DriverCheck.UnreadableReason(Errno(rawValue: fences.error))))
    }
  }

  /// The DRM node of a function: the render node, which any user in its group
  /// may ask, else the primary one. Numbers: Linux 6.1 `drm_drv.c`,
  /// `drm_minor_alloc`: 64 of each kind.
  private static func node(of address: PCIAddress) -> Node {
    let names = (128..<192).map { "renderD\($0)" } + (0..<64).map { "card\($0)" }
    let own = names.first {
      ByteInput.linkTargetName(FilePath("/sys/class/drm/\($0)/device")) == "\(address)"
    }
    guard let own else { return .none }
    do {
      return .open(try ByteInput.open(FilePath("/dev/dri/\(own)")))
    } catch {
      return .refused(error)
    }
  }
}
