/// What the hardware and its driver have in common from one graphics generation
/// on; GVT-g knows 7 and later.
///
/// Source, unless another is named: Linux 6.1 `gt/intel_ggtt.c`,
/// `gen6_gmch_probe` and `gen8_gmch_probe`.
package struct GenerationLayout: Hashable, Sendable {
  /// The length of BAR0 in bytes: half registers, half page table.
  package let bar0Size: UInt64
  /// The bytes of one entry of the GGTT. Source: Linux 6.1 `gt/intel_gtt.h`,
  /// `gen6_pte_t` and `gen8_pte_t`.
  package let entryBytes: UInt64
  /// Whether the driver submits work through execlists, and so asks the host
  /// for the emulated status page. Source: Linux 6.1 `i915_pci.c`.
  package let hasExeclists: Bool
  /// Bytes of BAR2 that the driver accepts.
  package let apertureSizes: ClosedRange<UInt64>
  /// The lowest bit of GGMS in GMCH control, two bits. Source: Linux 6.1
  /// `include/drm/i915_drm.h`, `SNB_GMCH_GGMS_SHIFT` and
  /// `BDW_GMCH_GGMS_SHIFT`.
  private let ggmsShift: UInt16
  /// Whether GGMS is a power of two of MiB, not their number.
  private let isGGMSExponent: Bool

  private static let seventh = GenerationLayout(
    bar0Size: 4 << 20, entryBytes: 4, hasExeclists: false, apertureSizes: 64 << 20...512 << 20,
    ggmsShift: 8, isGGMSExponent: false)
  private static let eighth = GenerationLayout(
    bar0Size: 16 << 20, entryBytes: 8, hasExeclists: true, apertureSizes: 0 ... .max,
    ggmsShift: 6, isGGMSExponent: true)

  /// Where the page table begins, in bytes from the start of BAR0. Source:
  /// Linux 6.1 `gt/intel_ggtt.c`, `ggtt_probe_common`.
  package var tableStart: UInt32 { UInt32(bar0Size / 2) }

  /// Bytes of the page table.
  ///
  /// - Parameter gmchControl: The 16 bits at 0x50 of the function's config space.
  func tableBytes(gmchControl: UInt16) -> UInt64 {
    let ggms = UInt64(gmchControl >> ggmsShift) & 3
    return isGGMSExponent ? (ggms == 0 ? 0 : (1 << 20) << ggms) : ggms << 20
  }
}

extension GenerationLayout {
  package init(generation: Int) {
    self = generation >= 8 ? .eighth : .seventh
  }
}
