extension Diagnosis {
  /// Everything found, in the order of the reference.
  var allFindings: [Finding] {
    switch presence {
    case .unreadable: [unreadableFinding]
    case .absent: [absentFinding]
    case .unsupported: [versionFinding].compactMap { $0 }
    case .present:
      page.map {
        [pageFinding($0)] + capabilityFindings($0) + spaceFindings + balloonFindings($0)
          + shareFindings($0) + fenceFindings($0) + hostFindings($0) + kernelFindings($0)
          + driverFindings
      } ?? []
    }
  }

  private var unreadableFinding: Finding {
    let cause = capture.unreadable ?? .allOnes
    return Finding(
      .pageUnreadable, .warning,
      "cannot read the PV info page: \(cause.reason); \(cause.nextStep)")
  }

  private var absentFinding: Finding {
    guard platform != nil else {
      return Finding(
        .platformUnlisted, .info, "no PV info page on this platform; nothing was read")
    }
    let magic = capture.accesses.first?.valueText ?? "nothing"
    return Finding(
      .noPage, .info,
      "0x78000 holds \(magic), not the magic: bare metal, a GPU passed through, or SR-IOV")
  }

  private var versionFinding: Finding? {
    page.map {
      Finding(
        .versionUnsupported, .info,
        "the host speaks version \($0.versionMajor).\($0.versionMinor); drivers want 1.0 or later")
    }
  }

  private func pageFinding(_ page: VgtIf) -> Finding {
    Finding(
      .pageValid, .ok,
      "magic and version \(page.versionMajor).\(page.versionMinor) are right; this is vGPU \(page.id)"
    )
  }

  private func shareFindings(_ page: VgtIf) -> [Finding] {
    var findings: [Finding] = []
    let shares = [("mappable", page.mappable), ("unmappable", page.unmappable)]
    for (name, share) in shares where share.size == 0 {
      findings.append(Finding(.shareEmpty, .warning, "the \(name) share holds no byte"))
    }
    for (name, share) in shares {
      let borders = [share.range.start, share.range.end]
      guard let border = borders.first(where: { $0 % GGTT.pageSize != 0 }) else { continue }
      findings.append(
        Finding(
          .shareUnaligned, .warning,
          "the \(name) share has a border at \(border.hex()), inside a page"))
    }
    if let balloon = balloon?.balloon, balloon.reservations.isEmpty {
      findings.append(
        Finding(.shareCoversAll, .info, "the shares are the whole GGTT; nothing is reserved"))
    }
    return findings
  }

  /// Source of the limit: Linux 6.1 `gt/intel_ggtt_fencing.c`,
  /// `intel_ggtt_init_fences`.
  private func fenceFindings(_ page: VgtIf) -> [Finding] {
    switch page.fenceCount {
    case 0: [Finding(.fencesNone, .warning, "the host assigned no fence registers")]
    case 1...32:
      [Finding(.fencesValid, .ok, "the host assigned \(page.fenceCount) fence registers")]
    default:
      [
        Finding(
          .fencesTooMany, .warning,
          "the host assigned \(page.fenceCount) fence registers; a device has at most 32")
      ]
    }
  }

  /// What the page tells of the host. Ids: Linux 6.1 `gvt/vgpu.c`,
  /// `idr_alloc` from 1 to `GVT_MAX_VGPU`. ACRN's shares: acrn-kernel
  /// `gvt/vgpu.c`.
  private func hostFindings(_ page: VgtIf) -> [Finding] {
    var findings: [Finding] = []
    if !(1...7).contains(page.id) {
      findings.append(
        Finding(.idUnusual, .info, "the id is \(page.id); upstream hosts give 1 to 7"))
    }
    let sizes = "\(bytesText(page.mappable.range.size)) + \(bytesText(page.unmappable.range.size))"
    let isACRN =
      page.mappable.size == 64 << 20 && page.unmappable.size == 448 << 20
      && page.fenceCount == 8
    if let vgpuType {
      findings.append(
        Finding(.vgpuType, .ok, "shares of \(sizes) are those of type \(vgpuType)"))
    } else if isACRN {
      findings.append(
        Finding(.acrnShares, .info, "shares of \(sizes) and 8 fences are ACRN's default"))
    } else {
      findings.append(
        Finding(
          .vgpuTypeUnknown, .info, "shares of \(sizes) are those of no upstream vGPU type"))
    }
    return findings
  }
}
