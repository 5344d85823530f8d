internal import VgtCore
internal import VgtLog

extension LogReport {
  package func write(to json: inout JSONWriter) {
    json.objects("boots", boots) { json, entry in
      json.member("source", entry.source)
      entry.boot.write(to: &json)
    }
    json.objects("host_messages", hostMessages) { json, entry in
      json.member("source", entry.source)
      json.member("line", entry.message.line)
      json.member("kind", entry.message.kind.rawValue)
      json.member("vgpu", entry.message.vgpu.map(UInt64.init))
    }
  }
}

extension LogProbe {
  fileprivate func write(to json: inout JSONWriter) {
    json.member("line", line)
    json.member("device", device.map { "\($0)" })
    json.member("dialect", dialect.rawValue)
    json.member("rule", rule?.word)
    json.member("aperture", aperture)
    json.member("total", total)
    for (key, share) in [("mappable", mappable), ("unmappable", unmappable)] {
      json.object(key, of: share) { json, share in
        json.member("base", share.base)
        json.member("size", share.size)
      }
    }
    json.objects("printed", printed) { json, range in
      json.member("start", range.start)
      json.member("end", range.end)
      json.member("kib", range.kib)
    }
    json.objects("computed", computed) { json, reservation in
      json.member("start", reservation.range.start)
      json.member("end", reservation.range.end)
    }
    json.object("later_failure", of: laterFailure) { json, failure in
      json.member("line", failure.line)
      json.member("kind", failure.kind.rawValue)
      json.member("errno", failure.errno)
    }
    json.member("vgpu_type", vgpuType.map { "\($0.suffix)" })
    json.member("outcome", outcome.rawValue)
    json.member("agreement", agreement.rawValue)
  }
}
