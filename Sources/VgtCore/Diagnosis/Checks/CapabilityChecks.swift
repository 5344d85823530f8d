// What the host offers. Sources: Linux 5.0 `i915_drv.c`, `i915_driver_init_hw`;
// 6.1 `i915_driver.c`, `i915_driver_hw_probe`.

extension Check {
  static let capabilities = [
    fullPPGTT, fullPPGTTMissing, hwspEmulation, hwspEmulationMissing, hugeGTTMissing, capsVendor,
    capsUnknown,
  ]

  package static let fullPPGTT = Check(
    "full-ppgtt", .ok, "The host gives this guest isolated page tables."
  ) { diagnosis in
    diagnosis.offers(.fullPPGTT)
      ? "the host offers full PPGTT (caps \(diagnosis.capsText) bit 2)" : nil
  }

  package static let fullPPGTTMissing = Check(
    "full-ppgtt-missing", .info, failsIf: { $0.era.has(.demandsCapabilities) },
    "The host does not offer isolated page tables; a driver since 5.0 refuses to load.",
    says: .refusedPPGTT,
    do: "upgrade the host to Linux 4.16 or later, or run a guest kernel before 5.0",
    // Mainline's host, which could be newer, never had Haswell.
    unless: { $0.platform?.typePrefix == nil ? "run a guest kernel before 5.0" : nil }
  ) { diagnosis in
    guard !diagnosis.offers(.fullPPGTT) else { return nil }
    let consequence =
      diagnosis.era.has(.demandsCapabilities)
      ? "the driver of Linux \(diagnosis.kernel.text) refuses to load"
      : "drivers since 5.0 refuse to load"
    return "caps \(diagnosis.capsText) lack bit 2, full PPGTT: \(consequence)"
  }

  package static let hwspEmulation = Check(
    "hwsp-emulation", .ok, "The host mirrors the context status in the hardware status page."
  ) { diagnosis in
    diagnosis.needsHWSP && diagnosis.offers(.hwspEmulation)
      ? "the host emulates the HWSP (caps \(diagnosis.capsText) bit 3)" : nil
  }

  package static let hwspEmulationMissing = Check(
    "hwsp-emulation-missing", .info,
    failsIf: { $0.era.has(.demandsCapabilities) || $0.era.has(.missesContextSwitches) },
    "The host does not mirror the context status; a driver since 5.0 refuses to load, those of"
      + " 4.19 and 4.20 load and then hang.",
    says: .refusedHWSP,
    do: "upgrade the host to Linux 4.16 or later, or run a guest kernel before 4.19"
  ) { diagnosis in
    guard diagnosis.needsHWSP, !diagnosis.offers(.hwspEmulation) else { return nil }
    let driver = "the driver of Linux \(diagnosis.kernel.text)"
    let consequence =
      diagnosis.era.has(.demandsCapabilities)
      ? "\(driver) refuses to load"
      : diagnosis.era.has(.missesContextSwitches)
        ? "\(driver) loads, but never sees a context switch"
        : "drivers of 4.19 and 4.20 hang, later ones refuse to load"
    return "caps \(diagnosis.capsText) lack bit 3, HWSP emulation: \(consequence)"
  }

  package static let hugeGTTMissing = Check(
    "huge-gtt-missing", .info,
    "The host offers no 64 KiB and 2 MiB pages; the driver uses 4 KiB pages."
  ) { diagnosis in
    diagnosis.offers(.hugeGTT)
      ? nil : "caps \(diagnosis.capsText) lack bit 4, huge GTT: 4 KiB pages only"
  }

  package static let capsVendor = Check(
    "caps-vendor", .info, "A capability bit is set that only vendor kernels have."
  ) { diagnosis in
    let vendor = diagnosis.pvInfo?.caps.intersection([.preemption, .pv]) ?? []
    return vendor.isEmpty
      ? nil
      : "caps \(diagnosis.capsText) have vendor bits: \(vendor.names.joined(separator: ", "))"
  }

  package static let capsUnknown = Check(
    "caps-unknown", .info, "A capability bit without a known name is set; drivers ignore it."
  ) { diagnosis in
    guard let unknown = diagnosis.pvInfo?.caps.unknown, unknown != 0 else { return nil }
    return "caps \(diagnosis.capsText) have unknown bits \(unknown.hex())"
  }
}

extension Diagnosis {
  fileprivate func offers(_ capability: Capabilities) -> Bool {
    pvInfo?.caps.contains(capability) == true
  }

  fileprivate var capsText: String { pvInfo?.caps.rawValue.hex() ?? "" }

  fileprivate var needsHWSP: Bool { platform?.hasExeclists == true }
}
