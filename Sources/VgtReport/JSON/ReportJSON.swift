internal import VgtCore

extension Report {
  package func write(to json: inout JSONWriter) {
    json.object("tool") {
      $0.member("name", Tool.name)
      $0.member("version", Tool.version)
    }
    json.object("kernel") { $0.member("release", kernelRelease) }
    json.member("sample", isSample)
    json.member("verdict", verdict.rawValue)
    json.objects("devices", devices) { $1.write(to: &$0, isFromCapture: isFromCapture) }
  }
}

extension Diagnosis {
  fileprivate func write(to json: inout JSONWriter, isFromCapture: Bool) {
    json.member("address", "\(capture.address)")
    json.member("vendor_id", 0x8086)
    json.member("device_id", capture.deviceID)
    json.member("revision", capture.revision)
    json.member("platform", platform?.name)
    json.member("generation", (platform?.generation).map { UInt64($0) })
    json.member("driver", capture.driver)
    json.member("backend", isFromCapture ? "capture" : capture.backend.rawValue)
    writeBARs(to: &json)
    json.object("ggtt", of: ggttTotal) { json, total in
      json.member("total", total)
      json.member("aperture", ggtt?.aperture)
      json.member("gmch_control", capture.gmchControl.map { UInt64($0) })
    }
    json.member("presence", presence.rawValue)
    // Of an absent page only the magic is known.
    json.object("vgt_if", of: presence == .unreadable ? nil : magic) { json, magic in
      json.member("magic", magic.hex(digits: 16))
      writePage(to: &json)
    }
    json.member("vgpu_type", vgpuType)
    let type = vgpuType == nil ? nil : pvInfo.flatMap { VgpuType(of: $0) }
    json.member("vgpu_resolution", type?.resolution)
    json.member("vgpu_weight", (type?.weight).map { UInt64($0) })
    json.member("host_kernels", hostKernels)
    json.member("works_with", workingKernels)
    json.member("enable_guc", signed: capture.enableGuC.map { Int64($0) })
    json.object("balloon", of: balloon) { json, outcome in
      outcome.write(ownedBytes: ownedBytes ?? 0, to: &json)
    }
    json.object("driver_check") {
      $0.member("log", capture.driverAnswers.log.outcome)
      $0.member("aperture", capture.driverAnswers.aperture.outcome)
      $0.member("fences", capture.driverAnswers.fences.outcome)
    }
    let probe = expectedProbe
    json.objects("findings", findings) { json, finding in
      json.member("code", finding.check.code)
      json.member("severity", finding.severity.rawValue)
      json.member("text", finding.text)
      json.member("meaning", finding.check.meaning)
      json.member("kernel_message", kernelMessage(of: finding, in: probe))
      json.member("remedy", remedy(of: finding))
    }
    json.object("capture") { json in
      json.member("version", capture.version)
      json.member("unreadable", unreadableCause?.name)
      json.objects("accesses", capture.accesses) { json, access in
        json.member("offset", access.offset)
        json.member("width", access.width.rawValue)
        json.member("value", access.valueText)
      }
      let (lines, checksum) = capture.linesAndChecksum
      json.strings("lines", lines)
      json.member("crc32", checksum.hex(digits: 8))
    }
  }

  private func writeBARs(to json: inout JSONWriter) {
    let bars = [(index: 0, bar: capture.bar0), (index: 2, bar: capture.bar2)]
    json.objects("bars", bars.filter { $0.bar != nil }) { json, entry in
      json.member("index", entry.index)
      json.member("address", entry.bar?.address)
      json.member("size", entry.bar?.size)
    }
  }
}

extension Diagnosis {
  private func writePage(to json: inout JSONWriter) {
    json.member("version_major", (pvInfo?.versionMajor).map { UInt64($0) })
    json.member("version_minor", (pvInfo?.versionMinor).map { UInt64($0) })
    json.member("vgt_id", (pvInfo?.id).map { UInt64($0) })
    json.object("caps", of: pvInfo?.caps) { json, caps in
      json.member("raw", caps.rawValue)
      json.strings("names", caps.names)
      json.member("unknown", caps.unknown)
    }
    json.share("mappable", pvInfo?.mappable)
    json.share("unmappable", pvInfo?.unmappable)
    json.member("fence_count", (pvInfo?.fenceCount).map { UInt64($0) })
  }
}

extension Diagnosis.BalloonOutcome {
  fileprivate func write(ownedBytes: UInt64, to json: inout JSONWriter) {
    json.member("rule", rule.rawValue)
    json.member("valid", balloon != nil)
    json.member("error", error?.rawValue)
    json.objects("reserved", balloon?.reservations ?? []) { json, reservation in
      json.member("slot", reservation.slot.rawValue)
      json.member("start", reservation.range.start)
      json.member("end", reservation.range.end)
      json.member("size", reservation.range.size)
    }
    json.member("reserved_bytes", balloon?.reservedBytes ?? 0)
    json.member("owned_bytes", ownedBytes)
  }
}

extension JSONWriter {
  mutating func share(_ key: String, _ share: Share?) {
    object(key, of: share) { json, share in
      json.member("base", share.base)
      json.member("size", share.size)
    }
  }
}
