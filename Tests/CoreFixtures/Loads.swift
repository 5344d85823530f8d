package import VgtCore

extension GGTTAudit {
  /// Takes loads one by one.
  package mutating func add(_ loads: [UInt64]) {
    for load in loads { add(load) }
  }
}
