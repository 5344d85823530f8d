internal import VgtCore

/// A report as JSON, schema version 1.
package struct JSONReport: Sendable {
  package static let schemaVersion = 1

  private let report: Report

  package init(_ report: Report) {
    self.report = report
  }

  package var text: String { value.text }

  package var value: JSON {
    .object([
      "schema_version": .integer(Self.schemaVersion),
      "tool": .object(["name": .string(Tool.name), "version": .string(Tool.version)]),
      "kernel": .object(["release": .optional(report.kernelRelease, JSON.string)]),
      "sample": .bool(report.isSample),
      "verdict": .string(report.verdict.rawValue),
      "devices": .array(report.devices.map(device)),
    ])
  }

  private func device(_ diagnosis: Diagnosis) -> JSON {
    let capture = diagnosis.capture
    return .object([
      "address": .string("\(capture.address)"),
      "vendor_id": .integer(0x8086),
      "device_id": .integer(capture.deviceID),
      "revision": .integer(capture.revision),
      "platform": .optional(diagnosis.platform?.name, JSON.string),
      "generation": .optional(diagnosis.platform?.generation, JSON.integer),
      "driver": .optional(capture.driver, JSON.string),
      "backend": .string(report.isFromCapture ? "capture" : capture.backend.rawValue),
      "bars": bars(capture),
      "ggtt": ggtt(diagnosis),
      "presence": .string(diagnosis.presence.rawValue),
      "vgt_if": vgtIf(diagnosis),
      "vgpu_type": .optional(diagnosis.vgpuType, JSON.string),
      "enable_guc": .optional(capture.enableGuC, JSON.integer),
      "balloon": .optional(diagnosis.balloon) { balloon($0, of: diagnosis) },
      "driver_check": .object([
        "log": .string(capture.driverAnswers.log.outcome),
        "aperture": .string(capture.driverAnswers.aperture.outcome),
        "fences": .string(capture.driverAnswers.fences.outcome),
      ]),
      "findings": .array(diagnosis.findings.map(finding)),
      "capture": captureValue(capture),
    ])
  }

  private func bars(_ capture: Capture) -> JSON {
    let bars = [(0, capture.bar0), (2, capture.bar2)]
    return .array(
      bars.compactMap { index, bar in
        bar.map {
          .object([
            "index": .integer(index), "address": .integer($0.address), "size": .integer($0.size),
          ])
        }
      })
  }

  private func ggtt(_ diagnosis: Diagnosis) -> JSON {
    .optional(diagnosis.ggttTotal) { total in
      .object([
        "total": .integer(total),
        "aperture": .optional(diagnosis.ggtt?.aperture, JSON.integer),
        "gmch_control": .optional(diagnosis.capture.gmchControl, JSON.integer),
      ])
    }
  }

  /// Of an absent page only the magic is known.
  private func vgtIf(_ diagnosis: Diagnosis) -> JSON {
    guard diagnosis.presence != .unreadable, let magic = diagnosis.magic else { return .null }
    let page = diagnosis.page
    return .object([
      "magic": .string(magic.hex(digits: 16)),
      "version_major": .optional(page?.versionMajor, JSON.integer),
      "version_minor": .optional(page?.versionMinor, JSON.integer),
      "vgt_id": .optional(page?.id, JSON.integer),
      "caps": .optional(page?.caps) { caps in
        .object([
          "raw": .integer(caps.rawValue), "names": .array(caps.names.map(JSON.string)),
          "unknown": .integer(caps.unknown),
        ])
      },
      "mappable": .optional(page?.mappable, share),
      "unmappable": .optional(page?.unmappable, share),
      "fence_count": .optional(page?.fenceCount, JSON.integer),
    ])
  }

  private func share(_ share: Share) -> JSON {
    .object(["base": .integer(share.base), "size": .integer(share.size)])
  }

  private func balloon(_ outcome: Diagnosis.BalloonOutcome, of diagnosis: Diagnosis) -> JSON {
    .object([
      "rule": .string(outcome.rule.rawValue),
      "valid": .bool(outcome.balloon != nil),
      "error": .optional(outcome.error?.rawValue, JSON.string),
      "reserved": .array(
        (outcome.balloon?.reservations ?? []).map {
          .object([
            "slot": .string($0.slot.rawValue), "start": .integer($0.range.start),
            "end": .integer($0.range.end), "size": .integer($0.range.size),
          ])
        }),
      "reserved_bytes": .integer(outcome.balloon?.reservedBytes ?? 0),
      "owned_bytes": .integer(diagnosis.ownedBytes ?? 0),
    ])
  }

  private func finding(_ finding: Finding) -> JSON {
    .object([
      "code": .string(finding.code.rawValue), "severity": .string(finding.severity.rawValue),
      "text": .string(finding.text),
    ])
  }

  private func captureValue(_ capture: Capture) -> JSON {
    .object([
      "version": .integer(capture.version),
      "unreadable": .optional(capture.unreadable?.name, JSON.string),
      "accesses": .array(
        capture.accesses.map {
          .object([
            "offset": .integer($0.offset), "width": .integer($0.width.rawValue),
            "value": .string($0.valueText),
          ])
        }),
      "lines": .array(capture.lines.map(JSON.string)),
      "crc32": .string(capture.checksum.hex(digits: 8)),
    ])
  }
}
