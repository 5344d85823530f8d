internal import CVgtDriver
internal import SystemPackage
package import VgtCore
internal import VgtFiles
internal import VgtLog

/// What there is to ask the driver that is bound to a function: opened while
/// this process still may open, asked when it no longer may.
package final class DriverQuery {
  private let address: PCIAddress
  private let isOnly: Bool
  private var log: KernelLog?
  private let node: Node

  /// The driver's DRM node.
  private enum Node {
    case none
    case refused(Errno)
    case open(FileDescriptor)
  }

  /// - Parameters:
  ///   - capture: Of a function to which this driver is bound.
  ///   - isOnly: Whether it is the only vGPU of this machine.
  package init(of capture: Capture, isOnly: Bool) {
    address = capture.address
    self.isOnly = isOnly
    log = KernelLog()
    node = Self.node(of: capture.address)
  }

  deinit {
    if case .open(let file) = node { try? file.close() }
  }

  /// The driver's module parameter of this name; `nil` where there is none, or
  /// none to read.
  package static var enableGuC: Int32? {
    ByteInput.text(path: "/sys/module/i915/parameters/enable_guc").flatMap { Int32($0) }
  }

  /// Asks; the log once only.
  ///
  /// - Returns: The answers, and whether the journal was given up.
  package func ask() -> (answers: DriverAnswers, isJournalSilent: Bool) {
    let aperture: DriverAnswer<ApertureSize>
    let fences: DriverAnswer<UInt32>
    switch node {
    case .none:
      // i915 registers its nodes after the balloon, at the end of its probe (Linux
      // 6.1 i915_driver.c, i915_driver_probe). Until then the last probe that the
      // log holds may be an earlier one, or half of this one.
      return (.notAsked(.noNode), false)
    case .refused(let errno):
      let reason = DriverAnswers.UnreadableReason(errno)
      (aperture, fences) = (.unreadable(reason), .unreadable(reason))
    case .open(let file):
      let sizes = vgt_i915_aperture(file.rawValue)
      let registers = vgt_i915_fences(file.rawValue)
      aperture = Self.answer(
        ApertureSize(size: sizes.size, available: sizes.available), sizes.error)
      fences = Self.answer(UInt32(clamping: registers.count), registers.error)
    }
    let (ranges, isJournalSilent) = printedRanges()
    return (.heard(log: ranges, aperture: aperture, fences: fences), isJournalSilent)
  }

  /// - Parameter error: An errno value; 0 where the driver answered.
  private static func answer<Value>(_ value: Value, _ error: Int32) -> DriverAnswer<Value> {
    error == 0
      ? .said(value, agrees: nil)
      : .unreadable(DriverAnswers.UnreadableReason(Errno(rawValue: error)))
  }

  /// The ranges that the driver printed at its last probe of the function. Only
  /// worth a look while it is bound: earlier probes stay in the log.
  private func printedRanges() -> (DriverAnswer<[GraphicsRange]>, isJournalSilent: Bool) {
    guard let log = log.take() else { return (.absent(.noLines), false) }
    let found = log.contents { answer(in: $0.probes) != nil }
    if let ranges = answer(in: found.contents.probes) { return (ranges, false) }
    let reason: DriverAnswer<[GraphicsRange]> =
      if let errno = found.ringRefusal {
        .unreadable(DriverAnswers.UnreadableReason(errno))
      } else if found.isJournalSilent {
        .unreadable(.error)
      } else {
        .absent(.noLines)
      }
    return (reason, found.isJournalSilent)
  }

  /// `nil` where the log no longer holds the probe, or not all of it.
  private func answer(in boots: [LogProbe]) -> DriverAnswer<[GraphicsRange]>? {
    guard let probe = boots.lastProbe(of: address, isOnly: isOnly) else { return nil }
    return switch probe.outcome {
    case .ballooned: probe.ranges.map { .said($0, agrees: nil) }
    case .unknown: nil
    case .invalid, .failed, .refusedPPGTT, .refusedHWSP, .barNotMapped, .versionMismatch,
      .detected:
      .absent(.notBallooned)
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

extension DriverAnswers.UnreadableReason {
  fileprivate init(_ errno: Errno) {
    self = errno == .permissionDenied || errno == .notPermitted ? .permission : .error
  }
}
