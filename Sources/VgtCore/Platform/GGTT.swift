/// The sizes of the global graphics translation table's address space.
package struct GGTT: Hashable, Sendable {
  /// The bytes that one entry maps. Source: Linux 6.1 `gt/intel_gtt.h`,
  /// `I915_GTT_PAGE_SIZE_4K`.
  package static let pageSize: UInt64 = 4096

  /// Bytes of graphics address space that the table maps.
  package let total: UInt64
  /// Bytes of it, from 0, that BAR2 reaches: the aperture, the driver's
  /// `mappable_end`.
  package let aperture: UInt64
  /// Whether the driver had to shorten the aperture to `total`.
  package let isApertureClamped: Bool

  package init(total: UInt64, aperture: UInt64) {
    self.total = total
    self.aperture = min(aperture, total)
    isApertureClamped = aperture > total
  }

  /// Sizes the space as the driver does.
  ///
  /// Source: Linux 6.1 `gt/intel_ggtt.c`, `gen6_gmch_probe`,
  /// `gen8_gmch_probe`, `ggtt_probe_hw`.
  ///
  /// - Parameters:
  ///   - gmchControl: The 16 bits at 0x50 of the function's config space.
  ///   - bar2Size: Bytes.
  package init(gmchControl: UInt16, bar2Size: UInt64, generation: Int) {
    self.init(
      total: Self.total(gmchControl: gmchControl, generation: generation), aperture: bar2Size)
  }

  /// Bytes of graphics address space.
  ///
  /// Source: Linux 6.1 `gt/intel_ggtt.c`, `gen6_get_total_gtt_size` and
  /// `gen8_get_total_gtt_size`.
  package static func total(gmchControl: UInt16, generation: Int) -> UInt64 {
    let layout = GenerationLayout(generation: generation)
    let entries = layout.tableBytes(gmchControl: gmchControl) / layout.entryBytes
    // Above 4 GiB the driver stops: `(ggtt->vm.total - 1) >> 32`.
    return min(entries * pageSize, 1 << 32)
  }

  /// The two parts of the address space; a vGPU has one share in each.
  package enum Part: String, Hashable, Sendable, CaseIterable {
    /// The aperture.
    case mappable
    /// What lies above it.
    case unmappable
  }

  package func range(_ part: Part) -> GraphicsRange {
    switch part {
    case .mappable: GraphicsRange(start: 0, end: aperture)
    case .unmappable: GraphicsRange(start: aperture, end: total)
    }
  }
}
