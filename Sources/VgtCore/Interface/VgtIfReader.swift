/// What the page says about this function.
package enum PageAnswer: Hashable, Sendable {
  /// The first eight bytes are not the magic: bare metal, a passed-through GPU
  /// or an SR-IOV function. Nothing more was read.
  case absent(magic: UInt64)
  /// A host whose interface is older than 1.0. Source: Linux 6.1
  /// `i915_vgpu.c`, `intel_vgpu_detect`.
  case unsupported(VgtIf)
  case present(VgtIf)
  /// The loads answered all ones: nothing answers at this address now.
  case allOnes
}

/// Reads the PV info page: the magic first, and nothing after a wrong one.
package struct VgtIfReader: Sendable {
  /// The loads made so far, in order.
  package private(set) var accesses: [Access] = []

  package init() {}

  /// Makes the six loads of `Register.all` and decodes them.
  ///
  /// - Throws: `WindowError` when a load gave no value; `accesses` then holds
  ///   the loads before it.
  package mutating func read(
    _ window: borrowing some MMIOWindow & ~Copyable
  ) throws(WindowError) -> PageAnswer {
    let magic = try load(.magic, from: window)
    if magic == AccessWidth.bits64.allOnes { return .allOnes }
    guard magic == VgtIf.magic else { return .absent(magic: magic) }

    let versionAndID = try load(.versionAndID, from: window)
    let caps = try load(.caps, from: window)
    let mappable = try load(.mappable, from: window)
    let unmappable = try load(.unmappable, from: window)
    let fenceCount = try load(.fenceCount, from: window)
    // A device that falls asleep or goes away after the first load answers
    // ones from then on; no host writes version 65535.65535.
    if versionAndID == AccessWidth.bits64.allOnes { return .allOnes }

    let pvInfo = VgtIf(
      versionMajor: UInt16(truncatingIfNeeded: versionAndID),
      versionMinor: UInt16(truncatingIfNeeded: versionAndID >> 16),
      id: UInt32(truncatingIfNeeded: versionAndID >> 32),
      caps: Capabilities(rawValue: UInt32(truncatingIfNeeded: caps)),
      mappable: Share(pair: mappable),
      unmappable: Share(pair: unmappable),
      fenceCount: UInt32(truncatingIfNeeded: fenceCount))
    return pvInfo.versionMajor >= 1 ? .present(pvInfo) : .unsupported(pvInfo)
  }

  private mutating func load(
    _ register: Register, from window: borrowing some MMIOWindow & ~Copyable
  ) throws(WindowError) -> UInt64 {
    let value = try window.load(at: register.offset, width: register.width)
    accesses.append(Access(offset: register.offset, width: register.width, value: value))
    return value
  }
}

extension Share {
  /// Splits a base/size pair as one 64-bit little-endian load gives it.
  fileprivate init(pair: UInt64) {
    self.init(
      base: UInt32(truncatingIfNeeded: pair), size: UInt32(truncatingIfNeeded: pair >> 32))
  }
}
