// What the page says and no driver tests.

extension Check {
  static let page = [
    shareEmpty, shareUnaligned, shareCoversAll, fencesValid, fencesNone, fencesTooMany, idUnusual,
    vgpuType, vgpuTypeUnknown, acrnShares,
  ]

  package static let shareEmpty = Check(
    "share-empty", .warning, "One of the two shares is empty."
  ) { diagnosis in
    switch (diagnosis.pvInfo?.mappable.size, diagnosis.pvInfo?.unmappable.size) {
    case (0, 0): "both shares are empty"
    case (0, _): "the mappable share is empty"
    case (_, 0): "the unmappable share is empty"
    default: nil
    }
  }

  package static let shareUnaligned = Check(
    "share-unaligned", .warning,
    "A boundary of a share is not a multiple of 4096; upstream hosts align to pages.",
    do: "report this as a host bug"
  ) { diagnosis in
    guard let pvInfo = diagnosis.pvInfo else { return nil }
    let odd =
      unaligned(pvInfo.mappable, "mappable") + unaligned(pvInfo.unmappable, "unmappable")
    return odd.isEmpty ? nil : odd.joined(separator: "; ")
  }

  /// One sentence, or none.
  private static func unaligned(_ share: Share, _ name: String) -> [String] {
    let range = share.range
    if range.isWholePages { return [] }
    let boundary = range.start % GGTT.pageSize == 0 ? range.end : range.start
    return ["\(name) share: boundary \(boundary.hex()) is not page-aligned"]
  }

  package static let shareCoversAll = Check(
    "share-covers-all", .info, "The shares are the whole GGTT, so nothing needs to be reserved."
  ) { diagnosis in
    diagnosis.balloon?.balloon?.reservations.isEmpty == true
      ? "the shares are the whole GGTT; nothing is reserved" : nil
  }

  package static let fencesValid = Check(
    "fences-valid", .ok, "The fence count is between 1 and 32."
  ) { diagnosis in
    let count = diagnosis.fenceCount
    return (1...DriverEra.fenceLimit).contains(count)
      ? "the host assigned \(count) fence registers" : nil
  }

  package static let fencesNone = Check(
    "fences-none", .warning,
    "The host assigned no fence registers; tiled access through the aperture fails."
  ) { diagnosis in
    diagnosis.fenceCount == 0 ? "the host assigned no fence registers" : nil
  }

  /// Source of the limit: Linux 6.1 `gt/intel_ggtt_fencing.c`,
  /// `intel_ggtt_init_fences`.
  package static let fencesTooMany = Check(
    "fences-too-many", .warning,
    failsIf: { $0.isTakenForVgpu && $0.era.has(.hasFixedFenceArray) },
    "The fence count is above 32, the most that a device has; a driver before 5.8 writes past an"
      + " array of 32.",
    do: "report this as a host bug"
  ) { diagnosis in
    let count = diagnosis.fenceCount
    guard count > DriverEra.fenceLimit else { return nil }
    let consequence =
      diagnosis.era.has(.hasFixedFenceArray) && diagnosis.comesToBalloon
      ? "the driver of Linux \(diagnosis.kernel.text) overruns its array of 32"
      : "a device has at most 32"
    return "the host assigned \(count) fence registers; \(consequence)"
  }

  /// Source: Linux 6.1 `gvt/vgpu.c`, `idr_alloc` from 1 to `GVT_MAX_VGPU`.
  package static let idUnusual = Check(
    "id-unusual", .info, "The id is outside 1 to 7, the ids that upstream hosts give to guests."
  ) { diagnosis in
    guard let id = diagnosis.pvInfo?.id, !(1...7).contains(id) else { return nil }
    return "the id is \(id); upstream hosts give 1 to 7"
  }

  package static let vgpuType = Check(
    "vgpu-type", .ok, "The shares have the sizes of an upstream vGPU type."
  ) { diagnosis in
    guard let name = diagnosis.vgpuType, let type = diagnosis.pvInfo.flatMap(VgpuType.init(of:))
    else { return nil }
    return "shares of \(diagnosis.shareSizes) are those of type \(name)"
      + (type.isOfLinux410 ? " of a host with Linux 4.10" : "")
  }

  package static let vgpuTypeUnknown = Check(
    "vgpu-type-unknown", .info, "The shares have the sizes of no upstream vGPU type."
  ) { diagnosis in
    diagnosis.vgpuType != nil || diagnosis.isACRN
      ? nil : "shares of \(diagnosis.shareSizes) match no upstream vGPU type"
  }

  /// Source: acrn-kernel `gvt/vgpu.c`.
  package static let acrnShares = Check(
    "acrn-shares", .info,
    "The shares and fences are those that the ACRN hypervisor gives by default."
  ) { diagnosis in
    diagnosis.vgpuType == nil && diagnosis.isACRN
      ? "shares of \(diagnosis.shareSizes) and 8 fences are ACRN's default" : nil
  }
}

extension Diagnosis {
  fileprivate var fenceCount: UInt32 { pvInfo?.fenceCount ?? 0 }

  fileprivate var shareSizes: String {
    pvInfo.map { bytesText($0.mappable.range.size) + " + " + bytesText($0.unmappable.range.size) }
      ?? ""
  }

  fileprivate var isACRN: Bool {
    pvInfo.map {
      $0.mappable.size == 64 << 20 && $0.unmappable.size == 448 << 20 && $0.fenceCount == 8
    } ?? false
  }
}
