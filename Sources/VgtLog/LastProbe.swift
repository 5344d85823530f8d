package import VgtCore

/// What the running kernel's log tells of the last probe of a device, to be set
/// against its page.
extension Sequence<LogProbe> {
  /// The last probe of the function at `address`; where the kernel's messages
  /// carry no address (before Linux 5.7), the last probe of any.
  ///
  /// - Parameter isOnly: Whether no other function can have such messages; else
  ///   those without an address tell nothing.
  package func lastProbe(of address: PCIAddress, isOnly: Bool = true) -> LogProbe? {
    var last: LogProbe?
    for probe in self {
      let isUnnamed = isOnly && probe.device == nil && last?.device == nil
      if probe.device == address || isUnnamed { last = probe }
    }
    return last
  }
}

extension LogProbe {
  /// The printed ranges, in order; `nil` when some of them, or the messages in
  /// front of them, are no longer in the log.
  package var ranges: [GraphicsRange]? {
    guard mappable?.isWhole == true, unmappable?.isWhole == true else { return nil }
    let ranges = printed.compactMap(\.range)
    return ranges.count == printed.count ? ranges : nil
  }
}
