internal import VgtCore
package import VgtHost

/// The host's view as JSON, schema version 1.
package struct HostJSON: Sendable {
  package static let schemaVersion = 1

  private let view: HostView

  package init(_ view: HostView) {
    self.view = view
  }

  package var text: String { value.text }

  package var value: JSON {
    .object([
      "schema_version": .integer(Self.schemaVersion),
      "aperture": .optional(view.host?.ggtt.aperture, JSON.integer),
      "total": .optional(view.host?.ggtt.total, JSON.integer),
      "guests": .array(view.guests.map(guest)),
      "overlaps": .array(view.overlaps.map(overlap)),
      "holes": .array(view.spaces.flatMap(holes)),
      "fits": .array(view.fits.map(fit)),
      "problems": .array(
        view.problems.map {
          .object([
            "source": .string($0.source), "reason": .string($0.reason.sentence),
          ])
        }),
    ])
  }

  private func guest(_ guest: Guest) -> JSON {
    let (aperture, total) = (guest.host.ggtt.aperture, guest.host.ggtt.total)
    return .object([
      "source": .string(guest.source),
      "address": .string("\(guest.address)"),
      "vgt_id": .integer(guest.page.id),
      "mappable": share(guest.page.mappable),
      "unmappable": share(guest.page.unmappable),
      "fences": .integer(guest.page.fenceCount),
      "vgpu_type": .optional(guest.typeName, JSON.string),
      "aperture": .integer(aperture),
      "total": .integer(total),
      "generation": .optional(guest.host.platform?.generation, JSON.integer),
    ])
  }

  private func share(_ share: Share) -> JSON {
    .object(["base": .integer(share.base), "size": .integer(share.size)])
  }

  private func overlap(_ overlap: HostSpace.Overlap) -> JSON {
    .object([
      "kind": .string(overlap.kind.rawValue),
      "a": .string(view.guests[overlap.first].source),
      "b": .string(view.guests[overlap.second].source),
      "start": .integer(overlap.range.start),
      "end": .integer(overlap.range.end),
    ])
  }

  private func holes(_ space: HostSpace) -> [JSON] {
    space.holes.map {
      .object([
        "kind": .string(space.kind.rawValue), "start": .integer($0.start), "end": .integer($0.end),
      ])
    }
  }

  private func fit(_ fit: Fit) -> JSON {
    .object([
      "type": .optional(view.host.flatMap { $0.platform.flatMap(fit.type.name) }, JSON.string),
      "contiguous": .integer(fit.contiguous),
      "accounting": .integer(fit.accounting),
    ])
  }
}
