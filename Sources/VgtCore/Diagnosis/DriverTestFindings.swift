// What the driver tests before and while it balloons, one finding a test.

extension Diagnosis {
  private var era: DriverEra { DriverEra(kernel) }

  /// Source: Linux 5.0 `i915_drv.c`, `i915_driver_init_hw`; 6.1
  /// `i915_driver.c`, `i915_driver_hw_probe`.
  func capabilityFindings(_ page: VgtIf) -> [Finding] {
    let severity: Severity = era.has(.demandsCapabilities) ? .failure : .info
    let raw = page.caps.rawValue.hex()
    let consequence =
      era.has(.demandsCapabilities)
      ? "this guest's driver (\(kernel.text)) refuses to load"
      : "drivers since 5.0 refuse to load"
    var findings = [
      page.caps.contains(.fullPPGTT)
        ? Finding(.fullPPGTT, .ok, "the host offers full PPGTT (caps \(raw) bit 2)")
        : Finding(
          .fullPPGTTMissing, severity, "caps \(raw) lack bit 2, full PPGTT: \(consequence)")
    ]
    if platform?.hasExeclists == true {
      findings.append(
        page.caps.contains(.hwspEmulation)
          ? Finding(.hwspEmulation, .ok, "the host emulates the HWSP (caps \(raw) bit 3)")
          : Finding(
            .hwspEmulationMissing, severity,
            "caps \(raw) lack bit 3, HWSP emulation: \(consequence)"
          ))
    }
    if !page.caps.contains(.hugeGTT) {
      findings.append(
        Finding(.hugeGTTMissing, .info, "caps \(raw) lack bit 4, huge GTT: 4 KiB pages only"))
    }
    let vendor = page.caps.intersection([.preemption, .pv])
    if !vendor.isEmpty {
      findings.append(
        Finding(
          .capsVendor, .info,
          "caps \(raw) have vendor bits: \(vendor.names.joined(separator: ", "))"
        ))
    }
    if page.caps.unknown != 0 {
      findings.append(
        Finding(.capsUnknown, .info, "caps \(raw) have unknown bits \(page.caps.unknown.hex())"))
    }
    return findings
  }

  /// Source: Linux 6.1 `gt/intel_ggtt.c`, `gen6_gmch_probe`, `ggtt_probe_hw`.
  var spaceFindings: [Finding] {
    var findings: [Finding] = []
    switch ggttTotal {
    case nil:
      findings.append(
        Finding(.ggttUnknown, .failure, "GMCH control is missing, and so the size of the GGTT"))
    case 0:
      findings.append(Finding(.ggttEmpty, .failure, "GMCH control gives a GGTT of 0 bytes"))
    default: break
    }
    guard let bar2 = capture.bar2 else {
      findings.append(Finding(.bar2Missing, .failure, "BAR2, the aperture, has no address"))
      return findings
    }
    if platform?.generation == 7, !DriverEra.gen7Apertures.contains(bar2.size) {
      findings.append(
        Finding(
          .apertureOutOfRange, .failure,
          "BAR2 is \(bytesText(bar2.size)); generation 7 wants 64 MiB to 512 MiB"))
    }
    if let ggtt, ggtt.isApertureClamped {
      findings.append(
        Finding(
          .apertureClamped, .warning,
          "BAR2 is \(bytesText(bar2.size)), the GGTT \(bytesText(ggtt.total)): the driver takes all"
            + " of the GGTT for aperture"))
    }
    return findings
  }

  /// Source: Linux 6.1 `i915_vgpu.c`, `intel_vgt_balloon`.
  func balloonFindings(_ page: VgtIf) -> [Finding] {
    guard let ggtt, let balloon else { return [] }
    let mappable = page.mappable.range
    let unmappable = page.unmappable.range
    let aperture = ggtt.aperture.hex()
    var findings = [
      mappable.end <= ggtt.aperture
        ? Finding(
          .mappableInsideAperture, .ok,
          "the mappable share ends at \(mappable.end.hex()), within the aperture (to \(aperture))")
        : Finding(
          .mappableEndsPastAperture, .failure,
          "the mappable share ends at \(mappable.end.hex()), past the aperture (to \(aperture))"),
      unmappable.start >= ggtt.aperture
        ? Finding(
          .unmappableAboveAperture, .ok,
          "the unmappable share starts at \(unmappable.start.hex()), above the aperture (to"
            + " \(aperture))")
        : Finding(
          .unmappableStartsInsideAperture, .failure,
          "the unmappable share starts at \(unmappable.start.hex()), inside the aperture (to"
            + " \(aperture))"),
      unmappable.end <= ggtt.total
        ? Finding(
          .unmappableInsideGGTT, .ok,
          "the unmappable share ends at \(unmappable.end.hex()), within the GGTT (to"
            + " \(ggtt.total.hex()))")
        : Finding(
          .unmappableEndsPastGGTT, .failure,
          "the unmappable share ends at \(unmappable.end.hex()), past the GGTT (to"
            + " \(ggtt.total.hex()))"),
    ]
    if let reserved = balloon.balloon {
      findings.append(
        Finding(
          .reserved, .ok,
          "every range outside the shares can be reserved: \(Self.count(reserved.reservations))"
            + " (of at most 4), \(bytesText(reserved.reservedBytes)) in all"))
    } else if balloon.error == .reservationFailed {
      findings.append(
        Finding(
          .reservationFailed, .failure,
          "a range runs to the GGTT's end \(ggtt.total.hex()), over the guard page that drivers"
            + " before 4.12 keep there"))
    }
    return findings
  }

  private static func count(_ reservations: [Balloon.Reservation]) -> String {
    reservations.count == 1 ? "1 range" : "\(reservations.count) ranges"
  }

  /// Source: Linux 4.1, 4.8, 4.12, 4.13 and 5.3 `i915_vgpu.c`.
  func kernelFindings(_ page: VgtIf) -> [Finding] {
    var findings: [Finding] = []
    if !era.has(.looksForVgpu) {
      findings.append(
        Finding(
          .kernelBeforeGVT, .warning, "mainline's driver of \(kernel.text) does not balloon"))
    }
    if era.has(.looksOnHaswellOnly), platform?.generation != 7 {
      findings.append(
        Finding(
          .kernelHaswellOnly, .warning,
          "mainline's driver of \(kernel.text) looks for a vGPU on Haswell only"))
    }
    if !era.accepts(page) {
      findings.append(
        Finding(
          .kernelWantsExactVersion, .warning,
          "mainline's driver of \(kernel.text) accepts version 1.0 only, not"
            + " \(page.versionMajor).\(page.versionMinor)"))
    }
    if era.has(.freesSkippedRanges), let balloon = balloon?.balloon,
      balloon.reservations.count < BalloonSlot.allCases.count
    {
      findings.append(
        Finding(
          .kernelUnloadOops, .warning,
          "unloading mainline's driver of \(kernel.text) oopses, since it frees the"
            + " \(BalloonSlot.allCases.count - balloon.reservations.count) of 4 ranges that it"
            + " never reserved")
      )
    }
    return findings
  }
}
