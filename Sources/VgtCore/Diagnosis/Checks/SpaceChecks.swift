// How large the graphics address space is. Source: Linux 6.1
// `gt/intel_ggtt.c`, `gen6_gmch_probe`, `ggtt_probe_hw`.

extension Check {
  static let space = [ggttUnknown, ggttEmpty, bar2Missing, apertureOutOfRange, apertureClamped]

  package static let ggttUnknown = Check(
    "ggtt-unknown", .failure,
    "GMCH control was not recorded, so nobody can tell how large the GGTT is.",
    do: "run vgt-balloon as root, which can read all of config space"
  ) { diagnosis in
    diagnosis.ggttTotal == nil ? "GMCH control is missing, and so the size of the GGTT" : nil
  }

  package static let ggttEmpty = Check(
    "ggtt-empty", .failure,
    "GMCH control says that the GGTT has no entries; the driver cannot map its page table.",
    says: .pageTableNotMapped, do: "check GGMS (bits 7:6 at 0x50 of config space) on the host"
  ) { diagnosis in
    diagnosis.ggttTotal == 0 ? "GMCH control gives a GGTT of 0 bytes" : nil
  }

  package static let bar2Missing = Check(
    "bar2-missing", .failure, "BAR2 has no address, so there is no aperture to balloon.",
    do: "give the function's bridge more prefetchable memory"
  ) { diagnosis in
    diagnosis.capture.bar2 == nil ? "BAR2, the aperture, has no address" : nil
  }

  package static let apertureOutOfRange = Check(
    "aperture-out-of-range", .failure,
    "BAR2 is not between 64 and 512 MiB, as generation 7 demands.", says: .apertureOutOfRange,
    do: "set the aperture size in the host's firmware setup"
  ) { diagnosis in
    guard let layout = diagnosis.platform?.layout, let size = diagnosis.capture.bar2?.size,
      !layout.apertureSizes.contains(size)
    else { return nil }
    return "BAR2 is \(bytesText(size)); generation 7 wants 64 MiB to 512 MiB"
  }

  package static let apertureClamped = Check(
    "aperture-clamped", .warning,
    failsIf: { $0.isTakenForVgpu && $0.era.has(.stopsOnLargeAperture) },
    "BAR2 is larger than the GGTT; the driver shortens the aperture, before 4.9 it stops on an"
      + " assertion.",
    says: .apertureClamped, do: "set a smaller aperture size in the host's firmware setup"
  ) { diagnosis in
    guard let ggtt = diagnosis.ggtt, ggtt.total > 0, ggtt.isApertureClamped,
      let size = diagnosis.capture.bar2?.size
    else { return nil }
    let consequence =
      diagnosis.isTakenForVgpu && diagnosis.era.has(.stopsOnLargeAperture)
      ? "the driver of Linux \(diagnosis.kernel.text) stops on an assertion (BUG_ON)"
      : "the driver takes all of the GGTT for aperture"
    return "BAR2 is \(bytesText(size)), the GGTT \(bytesText(ggtt.total)): \(consequence)"
  }
}
