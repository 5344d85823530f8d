internal import VgtCore
package import VgtHost

extension HostView {
  package func write(to json: inout JSONWriter) {
    json.member("aperture", host?.ggtt.aperture)
    json.member("total", host?.ggtt.total)
    json.objects("guests", guests) { json, guest in
      json.member("source", guest.source)
      json.member("address", guest.address.map { "\($0)" })
      json.member("vgt_id", guest.id.map { UInt64($0) })
      json.share("mappable", guest.mappable)
      json.share("unmappable", guest.unmappable)
      json.member("fences", guest.fences.map { UInt64($0) })
      json.member("vgpu_type", typeName(of: guest))
      json.member("verdict", guest.verdict.rawValue)
      json.member("aperture", guest.host.aperture)
      json.member("total", guest.host.total)
      json.member("generation", (guest.host.platform?.generation).map { UInt64($0) })
    }
    json.objects("overlaps", overlaps) { json, overlap in
      json.member("kind", overlap.kind.rawValue)
      json.member("a", guests[overlap.first].source)
      json.member("b", guests[overlap.second].source)
      json.member("start", overlap.range.start)
      json.member("end", overlap.range.end)
    }
    json.objects("holes", spaces.flatMap { space in space.holes.map { (space.kind, $0) } }) {
      json, hole in
      json.member("kind", hole.0.rawValue)
      json.member("start", hole.1.start)
      json.member("end", hole.1.end)
    }
    json.objects("fits", fits) { json, fit in
      json.member("type", host.flatMap { $0.platform.flatMap(fit.type.name) })
      json.member("contiguous", fit.contiguous)
      json.member("accounting", fit.accounting)
    }
    let problems =
      problems.map { ($0.source as String?, $0.reason.sentence) }
      + excesses.map { (nil, $0.sentence) }
    json.objects("problems", problems) { json, problem in
      json.member("source", problem.0)
      json.member("reason", problem.1)
    }
  }
}
