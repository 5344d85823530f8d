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

  /// The driver that balloons.
  package static let name = "i915"

  /// - Parameter capture: Of a function to which this driver is bound.
  package init(of capture: Capture) {
    address = capture.address
    log = DriverLog()
    node = Self.node(of: capture.address)
  }

  deinit {
    if case .open(let file) = node { try? file.close() }
  }

  /// Asks; the log once only.
  package var answers: DriverAnswers {
    let log = log.take()?.ranges(printedFor: address) ?? .absent(.noLines)
    switch node {
    case .none: return .heard(log: log, aperture: .absent(.noNode), fences: .absent(.noNode))
    case .refused(let errno):
      let reason = DriverAnswers.UnreadableReason(errno)
      return .heard(log: log, aperture: .unreadable(reason), fences: .unreadable(reason))
    case .open(let file):
      let aperture = vgt_i915_aperture(file.rawValue)
      let fences = vgt_i915_fences(file.rawValue)
      return .heard(
        log: log,
        aperture: Self.answer(
          ApertureSize(size: aperture.size, available: aperture.available), aperture.error),
        fences: Self.answer(UInt32(clamping: fences.count), fences.error))
    }
  }

  /// - Parameter error: An errno value; 0 where the driver answered.
  private static func answer<Value>(_ value: Value, _ error: Int32) -> DriverAnswer<Value> {
    error == 0
      ? .said(value, agrees: nil)
      : .unreadable(DriverAnswers.UnreadableReason(Errno(rawValue: error)))
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
