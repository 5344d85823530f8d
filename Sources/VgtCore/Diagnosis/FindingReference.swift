/// What a finding code means, for the report, the manual and the tests.
package struct FindingReference: Hashable, Sendable {
  package let meaning: String
  /// What the guest's kernel logs for it; `nil` when it logs nothing.
  package let kernelMessage: String?
  /// What to do; `nil` when there is nothing to do.
  package let remedy: String?

  fileprivate init(_ meaning: String, says kernelMessage: String? = nil, do remedy: String? = nil) {
    self.meaning = meaning
    self.kernelMessage = kernelMessage
    self.remedy = remedy
  }
}

/// Messages: Linux 6.1 `i915_vgpu.c`, `intel_vgpu_detect` and
/// `intel_vgt_balloon`; `i915_driver.c`, `i915_driver_hw_probe`;
/// `gt/intel_ggtt.c`, `ggtt_probe_hw`.
private let ballooned = "balloon space: range [ ... ]"
private let invalid = "Invalid ballooning configuration!"

extension FindingCode {
  package var reference: FindingReference {
    switch self {
    case .pageValid:
      FindingReference(
        "The PV info page has the magic and a version the driver accepts.",
        says: "Virtual GPU for Intel GVT-g detected.")
    case .noPage:
      FindingReference(
        "The function has no PV info page: bare metal, a GPU passed through whole, or an SR-IOV"
          + " function.",
        do: "if a GVT-g vGPU was meant, check the mdev device in the virtual machine's definition")
    case .platformUnlisted:
      FindingReference("GVT-g never supported this platform, so nothing was read.")
    case .versionUnsupported:
      FindingReference(
        "The host speaks a version of the interface below 1.0; the driver runs as on bare metal.",
        says: "VGT interface version mismatch!", do: "upgrade the host")
    case .pageUnreadable:
      FindingReference(
        "The page could not be read, so nothing is known of the vGPU; where BAR0 has no address,"
          + " the driver cannot read it either.",
        says: "failed to map MMIO bar to check for VGT",
        do: "the line names the cause that was checked and the next step")

    case .fullPPGTT: FindingReference("The host gives this guest isolated page tables.")
    case .fullPPGTTMissing:
      FindingReference(
        "The host does not offer isolated page tables; a driver since 5.0 refuses to load.",
        says: "incompatible vGPU found, support for isolated ppGTT required",
        do: "upgrade the host to Linux 4.16 or later, or run a guest kernel before 5.0")
    case .hwspEmulation:
      FindingReference("The host mirrors the context status in the hardware status page.")
    case .hwspEmulationMissing:
      FindingReference(
        "The host does not mirror the context status; a driver since 5.0 refuses to load.",
        says: "old vGPU host found, support for HWSP emulation required",
        do: "upgrade the host to Linux 4.16 or later, or run a guest kernel before 5.0")
    case .ggttUnknown:
      FindingReference(
        "GMCH control was not recorded, so nobody can tell how large the GGTT is.",
        do: "run vgt-balloon as root, which can read all of config space")
    case .ggttEmpty:
      FindingReference(
        "GMCH control says that the GGTT has no entries: the driver has no graphics memory.",
        do: "check GGMS (bits 7:6 at 0x50 of config space) on the host")
    case .bar2Missing:
      FindingReference(
        "BAR2 has no address, so there is no aperture to balloon.",
        do: "give the function's bridge more prefetchable memory")
    case .apertureOutOfRange:
      FindingReference(
        "BAR2 is not between 64 and 512 MiB, as generation 7 demands.",
        says: "Unknown GMADR size", do: "set the aperture size in the host's firmware")
    case .apertureClamped:
      FindingReference(
        "BAR2 is larger than the GGTT; the driver shortens the aperture.",
        says: "mappable aperture extends past end of GGTT",
        do: "set a smaller aperture size in the host's firmware")
    case .mappableInsideAperture:
      FindingReference("The mappable share ends inside the aperture.", says: ballooned)
    case .mappableEndsPastAperture:
      FindingReference(
        "The mappable share ends past the aperture; the driver refuses to load.", says: invalid,
        do: "report it against the host: its shares do not fit its own aperture")
    case .unmappableAboveAperture:
      FindingReference("The unmappable share starts at or above the aperture.", says: ballooned)
    case .unmappableStartsInsideAperture:
      FindingReference(
        "The unmappable share starts inside the aperture; the driver refuses to load.",
        says: invalid, do: "report it against the host: its shares do not fit its own aperture")
    case .unmappableInsideGGTT:
      FindingReference("The unmappable share ends inside the GGTT.", says: ballooned)
    case .unmappableEndsPastGGTT:
      FindingReference(
        "The unmappable share ends past the GGTT; the driver refuses to load.", says: invalid,
        do: "report it against the host: its shares do not fit its own GGTT")
    case .reserved:
      FindingReference(
        "Every range outside the share can be reserved.", says: "VGT balloon successfully")
    case .reservationFailed:
      FindingReference(
        "The driver's allocator refuses a range that reaches the guard page; all is undone.",
        says: "VGT balloon fail", do: "run a guest kernel 4.12 or later, which has no guard page")

    case .shareEmpty: FindingReference("One of the two shares holds no byte.")
    case .shareUnaligned:
      FindingReference(
        "A border of a share is not a multiple of 4096; upstream hosts align to pages.",
        do: "report it against the host")
    case .shareCoversAll:
      FindingReference("The shares are the whole GGTT, so nothing needs to be reserved.")
    case .fencesValid: FindingReference("The fence count is between 1 and 32.")
    case .fencesNone:
      FindingReference(
        "The host assigned no fence registers; tiled access through the aperture fails.")
    case .fencesTooMany:
      FindingReference(
        "The fence count is above 32, the most that a device has.", do: "report it against the host"
      )
    case .idUnusual:
      FindingReference("The id is outside 1 to 7, the ids that upstream hosts give to guests.")
    case .hugeGTTMissing:
      FindingReference("The host offers no 64 KiB and 2 MiB pages; the driver uses 4 KiB pages.")
    case .capsUnknown:
      FindingReference("A capability bit without a known name is set; drivers ignore it.")
    case .capsVendor:
      FindingReference("A capability bit is set that only vendor kernels have.")
    case .vgpuType: FindingReference("The shares have the sizes of an upstream vGPU type.")
    case .vgpuTypeUnknown: FindingReference("The shares have the sizes of no upstream vGPU type.")
    case .acrnShares:
      FindingReference("The shares and fences are those that the ACRN hypervisor gives by default.")

    case .kernelBeforeGVT:
      FindingReference(
        "The driver of this kernel (before 4.1) knows no vGPU and reserves nothing.",
        do: "run a guest kernel 4.8 or later")
    case .kernelHaswellOnly:
      FindingReference(
        "The driver of this kernel (4.1 to 4.7) looks for a vGPU on Haswell only.",
        do: "run a guest kernel 4.8 or later")
    case .kernelWantsExactVersion:
      FindingReference(
        "The driver of this kernel (before 4.12) accepts interface version 1.0 only.",
        says: "VGT interface version mismatch!", do: "run a guest kernel 4.12 or later")
    case .kernelUnloadOops:
      FindingReference(
        "The driver of this kernel (4.13 to 5.2) may oops when it is unloaded and a range was"
          + " skipped.",
        do: "do not unload i915, or run a guest kernel 5.3 or later")

    case .driverBound: FindingReference("i915 is bound to the function.")
    case .driverNone:
      FindingReference("No driver is bound yet; what it will do is predicted here.")
    case .driverOther:
      FindingReference(
        "Another driver than i915 is bound; it does not balloon.", do: "bind i915 instead")
    case .driverNotAware:
      FindingReference(
        "i915 is bound, but its last probe did not balloon: it took the vGPU for a real GPU or"
          + " refused it.", do: "look at its messages: vgt-balloon log")
    case .logAgrees: FindingReference("The driver's log names the ranges that were computed.")
    case .logDisagrees:
      FindingReference(
        "The driver's log names other ranges: the page changed since, or the driver follows"
          + " another rule.", do: "attach this report and the kernel log to the bug report")
    case .logAbsent: FindingReference("There is no log of the driver's probe to compare with.")
    case .logUnreadable:
      FindingReference("The kernel log could not be read.", do: "run vgt-balloon as root")
    case .apertureAgrees:
      FindingReference("The driver's usable aperture is within the computed share.")
    case .apertureDisagrees:
      FindingReference(
        "The driver has another GGTT size, or more usable aperture than the share.",
        do: "attach this report to the bug report")
    case .apertureAbsent: FindingReference("There is no driver to ask for its aperture.")
    case .apertureUnreadable: FindingReference("The driver did not answer for its aperture.")
    case .fencesAgree: FindingReference("The driver has as many fences as the page says.")
    case .fencesDisagree:
      FindingReference(
        "The driver has another number of fences than the page says.",
        do: "attach this report to the bug report")
    case .fencesAbsent: FindingReference("There is no driver to ask for its fences.")
    case .fencesUnreadable: FindingReference("The driver did not answer for its fences.")
    }
  }
}
