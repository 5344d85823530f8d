/// What the driver prints about a vGPU: every message once, with the kernels
/// that have it.
///
/// Checks quote these, the expected messages are made of them, and the log
/// reader knows the driver's lines by them.
///
/// Sources: Linux 4.1 to 7.0 `i915_vgpu.c`, `i915_gem_stolen.c`,
/// `i915_gem_gtt.c` or `gt/intel_ggtt.c`, `i915_drv.c` or `i915_driver.c`,
/// `intel_gvt.c`, `drivers/base/dd.c`; KVMGT-kernel `i915_gem_gtt.c`,
/// `i915_balloon`; projectceladon `i915_vgpu.c`.
package enum DriverMessage: Hashable, Sendable, CaseIterable {
  // Is it a vGPU?
  case detected
  /// Celadon's driver, with the host's paravirtual interface.
  case detectedWithPV
  case versionMismatch
  case barNotMapped
  // What it asks of the host.
  case refusedPPGTT
  case refusedHWSP
  // How large the GGTT is.
  case apertureOutOfRange
  case pageTableNotMapped
  case pageTableNotMappedBefore49
  case apertureClamped
  case stolenDisabled
  // The balloon.
  case configuration
  case mappable
  case unmappable
  case range
  case ballooned
  case balloonFailed
  case invalid
  case deballoon
  case deballoonRange
  // How the probe ends.
  case initializationFailed
  case probeFailed
  case probeFailedBefore611
  case deballoonOops
  case deballoonSpaceOops
  // What kvmgt or GVT-g's host side says.
  case gvtDisabledInGuest
  case gvtUnsupported
  // XenGT and KVMGT, before the mainline kernel had a vGPU driver.
  case xenStart
  case xenConfiguration
  case xenLow
  case xenHigh
  case xenRange
  case xenBallooned
  case xenBalloonFailed
  case xenDeballoon
  case xenWrongMagic

  package enum Level: Hashable, Sendable {
    case debug, info, notice, error
  }

  /// The text as printed, without the prefix. `%` stands for a figure, which
  /// `text(_:)` fills in; what is in front of the figure (`0x`) is text.
  package var template: String { stem + rest }

  /// The beginning by which the message is known.
  package var stem: String { words.stem }
  /// What follows; a log may have it cut.
  package var rest: String { words.rest }

  private var words: (stem: String, rest: String) {
    switch self {
    case .detected: ("Virtual GPU for", " Intel GVT-g detected.")
    case .detectedWithPV: ("Virtual GPU for", " Intel GVT-g detected with PV Optimized.")
    case .versionMismatch: ("VGT interface", " version mismatch!")
    case .barNotMapped: ("failed to map MMIO bar", " to check for VGT")
    case .refusedPPGTT: ("incompatible vGPU", " found, support for isolated ppGTT required")
    case .refusedHWSP: ("old vGPU host", " found, support for HWSP emulation required")
    case .apertureOutOfRange: ("Unknown GMADR size", " (%)")
    case .pageTableNotMapped: ("Failed to map the ggtt", " page table")
    case .pageTableNotMappedBefore49: ("Failed to map the gtt", " page table")
    case .apertureClamped:
      ("mappable aperture extends", " past end of GGTT, aperture=%, total=%")
    case .stolenDisabled: ("iGVT-g active", ", disabling use of stolen memory")
    case .configuration: ("VGT ballooning", " configuration:")
    case .mappable: ("Mappable graphic", " memory: base 0x% size %KiB")
    case .unmappable: ("Unmappable graphic", " memory: base 0x% size %KiB")
    case .range: ("balloon sp", "ace: range [ 0x% - 0x% ] % KiB.")
    case .ballooned: ("VGT balloon s", "uccessfully")
    case .balloonFailed: ("VGT balloon f", "ail")
    case .invalid: ("Invalid ballooning", " configuration!")
    case .deballoon: ("VGT deballoon", ".")
    case .deballoonRange: ("deballoon sp", "ace: range [0x% - 0x%] % KiB.")
    case .initializationFailed: ("Device initialization failed", " (%)")
    case .probeFailed: ("probe with driver i915", " failed with error %")
    case .probeFailedBefore611: ("i915: probe of", " % failed with error %")
    case .deballoonOops: ("intel_vgt_deballoon+0x", "")
    case .deballoonSpaceOops: ("vgt_deballoon_space+0x", "")
    case .gvtDisabledInGuest: ("GVT-g is disabled", " for guest")
    case .gvtUnsupported: ("Unsupported device.", " GVT-g is disabled")
    case .xenStart: ("i915 ballooning", ".")
    case .xenConfiguration: ("Ballooning conf", "iguration:")
    case .xenLow: ("Low GM:", " base 0x% size %KB")
    case .xenHigh: ("High GM:", " base 0x% size %KB")
    case .xenRange: ("balloon_sp", "ace: range [ 0x% - 0x% ] % KB.")
    case .xenBallooned: ("balloon s", "uccessfully")
    case .xenBalloonFailed: ("balloon f", "ail!")
    case .xenDeballoon: ("i915 deballoon", ".")
    case .xenWrongMagic: ("Wrong vgt_if magic", " number!")
    }
  }

  /// `nil` where both dialects have the words.
  package var dialect: DriverDialect? {
    switch self {
    case .invalid, .deballoonRange: nil
    case .xenStart, .xenConfiguration, .xenLow, .xenHigh, .xenRange, .xenBallooned,
      .xenBalloonFailed, .xenDeballoon, .xenWrongMagic:
      .xengt
    default: .mainline
    }
  }

  package var level: Level {
    switch self {
    case .barNotMapped, .refusedPPGTT, .refusedHWSP, .apertureOutOfRange, .pageTableNotMapped,
      .pageTableNotMappedBefore49, .apertureClamped, .balloonFailed, .invalid,
      .initializationFailed, .probeFailed, .probeFailedBefore611, .deballoonOops,
      .deballoonSpaceOops, .xenBalloonFailed, .xenWrongMagic:
      .error
    case .deballoon, .deballoonRange: .debug
    case .stolenDisabled: .notice
    default: .info
    }
  }

  /// The mainline kernels whose driver has it; none for the other drivers.
  package var kernels: KernelRange? {
    switch self {
    case .detectedWithPV: nil
    case _ where dialect == .xengt: nil
    case .barNotMapped: KernelRange(from: .init(5, 4))
    case .refusedPPGTT, .refusedHWSP: KernelRange(from: .init(5, 0))
    case .pageTableNotMappedBefore49: KernelRange(from: .init(4, 1), before: .init(4, 9))
    case .pageTableNotMapped, .apertureClamped: KernelRange(from: .init(4, 9))
    case .stolenDisabled: KernelRange(from: .init(4, 12))
    case .deballoonRange, .deballoonSpaceOops: KernelRange(from: .init(4, 13))
    case .initializationFailed: KernelRange(from: .init(4, 8))
    case .probeFailed: KernelRange(from: .init(6, 11))
    case .probeFailedBefore611: KernelRange(from: .init(4, 1), before: .init(6, 11))
    default: KernelRange(from: .init(4, 1))
    }
  }

  /// The message with its figures, in their order.
  package func text(_ figures: String...) -> String { text(figures) }

  package func text(_ figures: [String]) -> String {
    var bytes: [UInt8] = []
    var next = figures.startIndex
    for byte in template.utf8 {
      if byte == UInt8(ascii: "%"), next < figures.endIndex {
        bytes += figures[next].utf8
        next += 1
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The text with dots for its figures, as documentation quotes it.
  package var outline: String { text("...", "...", "...") }
}

/// Which driver's words a message is in.
package enum DriverDialect: String, Hashable, Sendable, CaseIterable {
  /// Linux 4.1 and later.
  case mainline
  /// The driver of XenGT and KVMGT, before the mainline kernel had one.
  case xengt
}
