/// The bits of `vgt_caps`. A bit without a name is kept, never an error.
package struct Capabilities: OptionSet, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Only hosts before the mainline kernel. Source: XenGT, Igvtg `i915_vgpu.h`,
  /// `VGT_CAPS_PREEMPTION`.
  package static let preemption = Capabilities(rawValue: 1 << 0)
  /// The host gives isolated page tables. Source: Linux 4.14 `i915_pvinfo.h`,
  /// `VGT_CAPS_FULL_48BIT_PPGTT`; since 5.2 `VGT_CAPS_FULL_PPGTT`.
  package static let fullPPGTT = Capabilities(rawValue: 1 << 2)
  /// The host mirrors the context status buffer in the hardware status page.
  /// Source: Linux 4.15 `i915_pvinfo.h`, `VGT_CAPS_HWSP_EMULATION`.
  package static let hwspEmulation = Capabilities(rawValue: 1 << 3)
  /// Source: Linux 4.19 `i915_pvinfo.h`, `VGT_CAPS_HUGE_GTT`.
  package static let hugeGTT = Capabilities(rawValue: 1 << 4)
  /// Vendor kernels only (Celadon); proposed upstream in 2019 and 2020, never
  /// merged. Source: Celadon `i915_pvinfo.h`, `VGT_CAPS_PV`.
  package static let pv = Capabilities(rawValue: 1 << 5)

  private static let known: [(bit: Capabilities, name: String)] = [
    (.preemption, "preemption"), (.fullPPGTT, "full-ppgtt"), (.hwspEmulation, "hwsp-emulation"),
    (.hugeGTT, "huge-gtt"), (.pv, "pv"),
  ]

  /// The names of the known bits that are set, lowest bit first.
  package var names: [String] { Self.known.filter { contains($0.bit) }.map(\.name) }

  /// The bits that are set and have no name.
  package var unknown: UInt32 {
    Self.known.reduce(rawValue) { rest, entry in rest & ~entry.bit.rawValue }
  }
}
