/// The guest kernels whose driver takes a page, balloons and works, computed
/// from the table of eras.
package struct WorkingKernels: Hashable, Sendable {
  /// Nearest to the kernel that was asked about; `nil` when there is none.
  package let nearest: KernelRange?
  /// Those that work only on a newer host, which offers full PPGTT and HWSP
  /// emulation: Linux 4.16 or later.
  package let onNewerHost: KernelRange?

  init(_ input: ExpectedProbe.Input, near version: KernelVersion) {
    var input = input
    input.balloon = nil
    let here = Self.ranges(input)
    nearest = here.min { Self.distance($0, version) < Self.distance($1, version) }
    // Mainline's host never had Haswell.
    guard input.platform?.typePrefix != nil else {
      onNewerHost = nil
      return
    }
    input.pvInfo.caps.formUnion([.fullPPGTT, .hwspEmulation])
    onNewerHost = Self.ranges(input).last { range in
      !here.contains { $0.contains(range.lowerBound) && $0.upperBound == range.upperBound }
    }.map { range in
      let known = here.last { range.contains($0.lowerBound) }
      return KernelRange(from: known?.upperBound ?? range.lowerBound, before: range.upperBound)
    }
  }

  private static func ranges(_ input: ExpectedProbe.Input) -> [KernelRange] {
    var ranges: [KernelRange] = []
    for (index, start) in DriverEra.boundaries.enumerated() {
      guard ExpectedProbe(input, era: DriverEra(start)).ending == .balloons else { continue }
      let end = DriverEra.boundaries.dropFirst(index + 1).first
      if let last = ranges.last, last.upperBound == start {
        ranges[ranges.count - 1] = KernelRange(from: last.lowerBound, before: end)
      } else {
        ranges.append(KernelRange(from: start, before: end))
      }
    }
    return ranges
  }

  /// How many borders lie between; later kernels count as nearer.
  private static func distance(_ range: KernelRange, _ version: KernelVersion) -> Int {
    if range.contains(version) { return 0 }
    let isLater = range.lowerBound > version
    return DriverEra.boundaries.count { border in
      isLater
        ? border > version && border <= range.lowerBound
        : range.upperBound.map { border >= $0 && border <= version } ?? false
    }
  }

  /// Completes "works with "; `nil` when no kernel works.
  package var text: String? {
    let newer = onNewerHost.map { "\($0.text) on a host with Linux 4.16 or later" }
    return switch (nearest, newer) {
    case (let nearest?, let newer?): "Linux \(nearest.text), and \(newer)"
    case (let nearest?, nil): "Linux \(nearest.text)"
    case (nil, let newer?): "Linux \(newer)"
    case (nil, nil): nil
    }
  }
}

extension KernelRange {
  fileprivate var text: String {
    guard let upperBound else { return "\(lowerBound) and later" }
    let last = upperBound.predecessor
    return last == lowerBound ? "\(last)" : "\(lowerBound) to \(last)"
  }
}

extension KernelVersion {
  /// The last one before: 4.20 was followed by 5.0.
  fileprivate var predecessor: KernelVersion {
    if sublevel > 0 { return KernelVersion(major, minor, sublevel - 1) }
    return minor > 0 ? KernelVersion(major, minor - 1) : KernelVersion(4, 20)
  }
}

extension Diagnosis {
  /// Which guest kernel works with this page, where this one's does not.
  package var workingKernels: String? {
    guard let pvInfo, verdict == .failed, expectedProbe?.ending != .balloons else { return nil }
    return WorkingKernels(input(pvInfo), near: era.version).text
  }
}
