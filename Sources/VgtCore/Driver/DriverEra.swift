/// What the driver of a kernel does with a vGPU, and others do not.
///
/// Mainline's i915 from before it knew vGPUs until now, in one table; nothing
/// else compares kernel versions. Stable series are told apart where a fix
/// reached them.
package struct DriverEra: Hashable, Sendable {
  package let version: KernelVersion

  package init(_ version: KernelVersion) {
    self.version = version
  }

  /// A release that cannot be read counts as the newest.
  package init(_ release: KernelRelease) {
    version = release.version ?? .newest
  }

  package func has(_ trait: Trait) -> Bool { trait.kernels.contains { $0.contains(version) } }

  package func prints(_ message: DriverMessage) -> Bool {
    message.kernels?.contains(version) == true
  }

  /// Before 4.1 the driver does not balloon; one that does, under such a
  /// release, was carried over from a newer kernel.
  package var balloonRule: BalloonRule { has(.keepsGuardPage) ? .guardPage : .exact }

  /// Whether it looks for a vGPU on a platform.
  package func looksForVgpu(on platform: Platform?) -> Bool {
    has(.looksForVgpu) && (!has(.looksOnHaswellOnly) || platform?.generation == 7)
  }

  /// Whether it takes a page of this interface version for a vGPU's.
  package func accepts(_ pvInfo: VgtIf) -> Bool {
    has(.acceptsVersion10Only)
      ? (pvInfo.versionMajor, pvInfo.versionMinor) == (1, 0) : pvInfo.versionMajor >= 1
  }

  /// The first versions at which some driver differs from the one before it.
  package static let boundaries: [KernelVersion] = Set(
    Trait.allCases.flatMap(\.kernels).flatMap { [$0.lowerBound, $0.upperBound].compactMap { $0 } }
  ).union([KernelVersion(0, 0)]).sorted()
}

extension DriverEra {
  package enum Trait: Hashable, Sendable, CaseIterable {
    case looksForVgpu
    /// The only platform on which it looks.
    case looksOnHaswellOnly
    case acceptsVersion10Only
    /// Refuses to load without capability bits 2 and 3.
    case demandsCapabilities
    /// Loads without capability bit 3, but misses the context switches that
    /// the host reports.
    case missesContextSwitches
    /// `BUG_ON` when the aperture is larger than the GGTT; later drivers
    /// shorten it.
    case stopsOnLargeAperture
    /// The last page of the GGTT is kept from the allocator.
    case keepsGuardPage
    /// Goes on without any range reserved.
    case ignoresFailedBalloon
    /// Cleans up by giving back all four ranges, those never reserved too: a
    /// NULL dereference.
    case freesSkippedRanges
    /// GET_APERTURE's available size is without the balloon.
    case subtractsBalloon
    /// Fails when no page of the aperture is free.
    case demandsErrorCapturePage
    /// Keeps its fences in an array of 32, which a larger count overruns.
    case hasFixedFenceArray
    /// With GuC the GGTT ends at `gucTop`.
    case cutsGGTTForGuC
    /// With GuC what lies above `gucTop` is reserved after the balloon.
    case reservesTopForGuC
    /// Addresses in error lines have all 16 digits.
    case padsAddresses

    /// Sources: `i915_vgpu.c`, `i915_drv.c`, `i915_gem_gtt.c` and what they
    /// became, in the kernels named; stable fixes as the series' announcements
    /// list them.
    package var kernels: [KernelRange] {
      switch self {
      // 4.0 `intel_uncore.c` has no check, 4.1 has `i915_check_vgpu`.
      case .looksForVgpu: [KernelRange(from: .init(4, 1))]
      // 4.1 and 4.7 `i915_check_vgpu`: `IS_HASWELL`.
      case .looksOnHaswellOnly: [KernelRange(from: .init(4, 1), before: .init(4, 8))]
      // 4.1 to 4.11 compare both numbers; fc28ce9862 (4.12) went to 4.11.y in
      // June 2017.
      case .acceptsVersion10Only: [KernelRange(from: .init(4, 1), before: .init(4, 11, 6))]
      // 5.0 `i915_drv.c`, `i915_driver_init_hw`: c0b6ef6475, 3195ce19a6.
      case .demandsCapabilities: [KernelRange(from: .init(5, 0))]
      // fd8526e50902 (4.19), says 3195ce19a6 (5.0).
      case .missesContextSwitches: [KernelRange(from: .init(4, 19), before: .init(5, 0))]
      // 4.8 `i915_gem_setup_global_gtt`; 4.9 `i915_ggtt_probe_hw`.
      case .stopsOnLargeAperture: [KernelRange(from: .init(4, 1), before: .init(4, 9))]
      // 4.12: 89a20ee284.
      case .keepsGuardPage: [KernelRange(from: .init(4, 1), before: .init(4, 12))]
      // 4.8 `i915_gem_init_ggtt` returns nothing; 4.9 returns the error.
      case .ignoresFailedBalloon: [KernelRange(from: .init(4, 1), before: .init(4, 9))]
      // 8fa15210d1 (4.13) until 53ca910ae4 (5.3; 4.14.142, 4.19.70, 5.2.12).
      case .freesSkippedRanges:
        [
          KernelRange(from: .init(4, 13), before: .init(4, 14, 142)),
          KernelRange(from: .init(4, 15), before: .init(4, 19, 70)),
          KernelRange(from: .init(4, 20), before: .init(5, 2, 12)),
        ]
      // 8fa15210d1 (4.13).
      case .subtractsBalloon: [KernelRange(from: .init(4, 13))]
      // 4.10 `i915_gem_init_ggtt` until 489140b5ba2e (5.11; 5.10.13).
      case .demandsErrorCapturePage:
        [KernelRange(from: .init(4, 10), before: .init(5, 10, 13))]
      // 5.7 `gt/intel_gtt.h`, `fence_regs[I915_MAX_NUM_FENCES]`; allocated
      // since 9261b6ac52 (5.8).
      case .hasFixedFenceArray: [KernelRange(from: .init(4, 1), before: .init(5, 8))]
      // 4.11 and 5.2 `i915_gem_gtt.c`, `i915_ggtt_probe_hw`.
      case .cutsGGTTForGuC: [KernelRange(from: .init(4, 11), before: .init(5, 3))]
      // 6.12 `gt/intel_ggtt.c`, `ggtt_reserve_guc_top`.
      case .reservesTopForGuC: [KernelRange(from: .init(5, 3))]
      // 4.16 `i915_gem_gtt.c`: `%pa` where it was `%llx`.
      case .padsAddresses: [KernelRange(from: .init(4, 16))]
      }
    }
  }

  /// The end of the graphics addresses that GuC can reach, in bytes. Source:
  /// Linux 6.12 `gt/uc/intel_guc.h`, `GUC_GGTT_TOP`.
  package static let gucTop: UInt64 = 0xFEE0_0000

  /// Source: Linux 5.7 `i915_drv.h`, `I915_MAX_NUM_FENCES`.
  package static let fenceLimit: UInt32 = 32
}
