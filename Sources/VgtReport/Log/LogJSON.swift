internal import VgtCore
internal import VgtLog

extension LogReport {
  package func write(to json: inout JSONWriter) {
    json.objects("boots", boots) { json, entry in
      json.member("source", entry.source)
      entry.boot.write(to: &json)
    }
  }
}

extension LogBoot {
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
    json.member("outcome", outcome.rawValue)
    json.member("agreement", agreement.rawValue)
  }
}
