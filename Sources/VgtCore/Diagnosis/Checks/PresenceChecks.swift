// Is it a vGPU?

extension Check {
  static let presence = [
    pageValid, noPage, platformUnlisted, versionUnsupported, pageUnreadable,
  ]

  package static let pageValid = Check(
    "page-valid", .ok, "The PV info page has the magic and a version that drivers accept.",
    says: .detected
  ) { diagnosis in
    guard diagnosis.presence == .present, let pvInfo = diagnosis.pvInfo else { return nil }
    return "magic is valid, interface version is \(pvInfo.versionMajor).\(pvInfo.versionMinor);"
      + " this is vGPU \(pvInfo.id)"
  }

  package static let noPage = Check(
    "no-page", .info,
    "The function has no PV info page: bare metal, a GPU passed through whole, or an SR-IOV"
      + " function.",
    do: "if a GVT-g vGPU was meant, check the mdev device in the virtual machine's definition"
  ) { diagnosis in
    guard diagnosis.presence == .absent, diagnosis.platform != nil else { return nil }
    let magic = diagnosis.capture.accesses.first?.valueText ?? "nothing"
    return "0x78000 holds \(magic), not the magic: bare metal, a GPU passed through, or SR-IOV"
  }

  package static let platformUnlisted = Check(
    "platform-unlisted", .info,
    "The device id is none of the GPUs that GVT-g supports, so nothing was read.",
    do: "if the GPU is of Haswell to Comet Lake, or Broxton, report its device id: the"
      + " list lacks it"
  ) { diagnosis in
    guard diagnosis.presence == .absent, diagnosis.platform == nil else { return nil }
    return "\(Platform.pciID(diagnosis.capture.deviceID)) is none of GVT-g's GPUs (Haswell to Comet"
      + " Lake, Broxton); nothing was read"
  }

  package static let versionUnsupported = Check(
    "version-unsupported", .info,
    "The host speaks a version of the interface below 1.0; the driver runs as on bare metal.",
    says: .versionMismatch,
    do: "every upstream host speaks 1.0: report this as a host bug, and try an upstream"
      + " host kernel"
  ) { diagnosis in
    guard diagnosis.presence == .unsupported, let pvInfo = diagnosis.pvInfo else { return nil }
    return "the host speaks version \(pvInfo.versionMajor).\(pvInfo.versionMinor); drivers want 1.0"
      + " or later"
  }

  package static let pageUnreadable = Check(
    "page-unreadable", .warning,
    "The page could not be read, so nothing is known of the vGPU; where BAR0 has no address, the"
      + " driver cannot read it either.",
    says: .barNotMapped, do: "the line names the cause that was checked and the next step",
    unless: { $0.unreadableCause?.nextStep(withDriver: $0.capture.driver) }
  ) { diagnosis in
    diagnosis.unreadableCause.map { cause in
      "cannot read the PV info page: \(cause.reason);"
        + " \(cause.nextStep(withDriver: diagnosis.capture.driver))"
    }
  }
}
