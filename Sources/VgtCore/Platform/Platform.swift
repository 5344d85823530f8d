/// An Intel platform whose functions may carry the PV info page.
package struct Platform: Hashable, Sendable {
  package let name: String
  /// The graphics generation; Haswell is 7.
  package let generation: Int
  /// What the host calls its vGPU types: `GVTg_V4` or `GVTg_V5`; `nil` where
  /// the mainline kernel has none. Source: Linux 6.1 `gvt/vgpu.c`,
  /// `intel_gvt_init_vgpu_types`.
  package let typePrefix: String?

  /// The platform of a device id of vendor 0x8086; `nil` when it has no PV
  /// info page, and so must not be read.
  ///
  /// Ids and names: Linux 6.1 `include/drm/i915_pciids.h`. The ids of Amber Lake
  /// and Whiskey Lake count as the platform the driver takes them for.
  package init?(deviceID: UInt16) {
    switch deviceID {
    case 0x0402, 0x0406, 0x040A, 0x040B, 0x040E, 0x0412, 0x0416, 0x041A, 0x041B, 0x041E, 0x0422,
      0x0426, 0x042A, 0x042B, 0x042E, 0x0A02, 0x0A06, 0x0A0A, 0x0A0B, 0x0A0E, 0x0A12, 0x0A16,
      0x0A1A, 0x0A1B, 0x0A1E, 0x0A22, 0x0A26, 0x0A2A, 0x0A2B, 0x0A2E, 0x0C02, 0x0C06, 0x0C0A,
      0x0C0B, 0x0C0E, 0x0C12, 0x0C16, 0x0C1A, 0x0C1B, 0x0C1E, 0x0C22, 0x0C26, 0x0C2A, 0x0C2B,
      0x0C2E, 0x0D02, 0x0D06, 0x0D0A, 0x0D0B, 0x0D0E, 0x0D12, 0x0D16, 0x0D1A, 0x0D1B, 0x0D1E,
      0x0D22, 0x0D26, 0x0D2A, 0x0D2B, 0x0D2E:
      self = .haswell
    case 0x1602, 0x1606, 0x160A, 0x160B, 0x160D, 0x160E, 0x1612, 0x1616, 0x161A, 0x161B, 0x161D,
      0x161E, 0x1622, 0x1626, 0x162A, 0x162B, 0x162D, 0x162E, 0x1632, 0x1636, 0x163A, 0x163B,
      0x163D, 0x163E:
      self = .broadwell
    case 0x1902, 0x1906, 0x190A, 0x190B, 0x190E, 0x1912, 0x1913, 0x1915, 0x1916, 0x1917, 0x191A,
      0x191B, 0x191D, 0x191E, 0x1921, 0x1923, 0x1926, 0x1927, 0x192A, 0x192B, 0x192D, 0x1932,
      0x193A, 0x193B, 0x193D:
      self = .skylake
    case 0x5902, 0x5906, 0x5908, 0x590A, 0x590B, 0x590E, 0x5912, 0x5913, 0x5915, 0x5916, 0x5917,
      0x591A, 0x591B, 0x591D, 0x591E, 0x5921, 0x5923, 0x5926, 0x5927, 0x593B:
      self = .kabyLake
    case 0x591C, 0x87C0, 0x87CA:
      self = .amberLake
    case 0x3E90, 0x3E91, 0x3E92, 0x3E93, 0x3E94, 0x3E96, 0x3E98, 0x3E99, 0x3E9A, 0x3E9B, 0x3E9C,
      0x3EA5, 0x3EA6, 0x3EA7, 0x3EA8, 0x3EA9:
      self = .coffeeLake
    case 0x3EA0, 0x3EA1, 0x3EA2, 0x3EA3, 0x3EA4:
      self = .whiskeyLake
    case 0x9B21, 0x9B41, 0x9BA2, 0x9BA4, 0x9BA5, 0x9BA8, 0x9BAA, 0x9BAC, 0x9BC2, 0x9BC4, 0x9BC5,
      0x9BC6, 0x9BC8, 0x9BCA, 0x9BCC, 0x9BE6, 0x9BF6:
      self = .cometLake
    case 0x0A84, 0x1A84, 0x1A85, 0x5A84, 0x5A85:
      self = .broxton
    default: return nil
    }
  }

  private static let haswell = Platform("Haswell", generation: 7, typePrefix: nil)
  private static let broadwell = Platform("Broadwell", generation: 8, typePrefix: "GVTg_V4")
  private static let skylake = Platform("Skylake", generation: 9, typePrefix: "GVTg_V5")
  private static let kabyLake = Platform("Kaby Lake", generation: 9, typePrefix: "GVTg_V5")
  private static let amberLake = Platform("Amber Lake", generation: 9, typePrefix: "GVTg_V5")
  private static let coffeeLake = Platform("Coffee Lake", generation: 9, typePrefix: "GVTg_V5")
  private static let whiskeyLake = Platform("Whiskey Lake", generation: 9, typePrefix: "GVTg_V5")
  private static let cometLake = Platform("Comet Lake", generation: 9, typePrefix: "GVTg_V5")
  private static let broxton = Platform("Broxton", generation: 9, typePrefix: "GVTg_V5")

  /// By age, as the kernel's id lists have them.
  package static let all = [
    haswell, broadwell, skylake, kabyLake, amberLake, coffeeLake, whiskeyLake, cometLake, broxton,
  ]

  private init(_ name: String, generation: Int, typePrefix: String?) {
    self.name = name
    self.generation = generation
    self.typePrefix = typePrefix
  }

  /// Vendor and device as lspci has them: `8086:5912`.
  package static func pciID(_ deviceID: UInt16) -> String {
    "8086:" + deviceID.bareHex(digits: 4)
  }

  /// What is the same on all platforms of its generation.
  package var layout: GenerationLayout { GenerationLayout(generation: generation) }

  /// Bytes.
  package var bar0Size: UInt64 { layout.bar0Size }
  package var hasExeclists: Bool { layout.hasExeclists }
}
