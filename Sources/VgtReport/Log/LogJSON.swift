internal import VgtCore
internal import VgtLog

/// A log report as JSON, schema version 1.
package struct LogJSON: Sendable {
  private let report: LogReport

  package init(_ report: LogReport) {
    self.report = report
  }

  package var text: String { value.text }

  package var value: JSON {
    .object([
      "schema_version": .integer(JSONReport.schemaVersion),
      "boots": .array(report.boots.map(boot)),
    ])
  }

  private func boot(_ entry: LogReport.Entry) -> JSON {
    let boot = entry.boot
    return .object([
      "source": .string(entry.source),
      "line": .integer(boot.line),
      "device": .optional(boot.device) { .string("\($0)") },
      "dialect": .string(boot.dialect.rawValue),
      "rule": .optional(boot.rule) { .string($0.word) },
      "aperture": .optional(boot.aperture, JSON.integer),
      "total": .optional(boot.total, JSON.integer),
      "mappable": .optional(boot.mappable, share),
      "unmappable": .optional(boot.unmappable, share),
      "printed": .array(
        boot.printed.map { range in
          .object([
            "start": .optional(range.start, JSON.integer),
            "end": .optional(range.end, JSON.integer),
            "kib": .optional(range.kib, JSON.integer),
          ])
        }),
      "computed": .array(
        boot.computed.map { reservation in
          .object([
            "start": .integer(reservation.range.start), "end": .integer(reservation.range.end),
          ])
        }),
      "outcome": .string(boot.outcome.rawValue),
      "agreement": .string(boot.agreement.rawValue),
    ])
  }

  private func share(_ share: LogShare) -> JSON {
    .object([
      "base": .optional(share.base, JSON.integer), "size": .optional(share.size, JSON.integer),
    ])
  }
}
