package import VgtCore
package import VgtLog

/// One vGPU, as a report or a kernel log from inside its guest shows it.
package struct Guest: Hashable, Sendable {
  /// Where it is told: a path, or `-`; with the line of its boot (`path:12`) in a
  /// kernel log, which may tell of several.
  package let source: String
  /// Its function's address inside the guest; the host has another.
  package let address: PCIAddress?
  package let host: HostClaim
  /// The host's number of it; `nil` in a kernel log.
  package let id: UInt32?
  package let mappable: Share
  package let unmappable: Share
  /// `nil` in a kernel log.
  package let fences: UInt32?
  /// The type whose shares have these sizes.
  package let type: VgpuType?
  /// What its own report, or log, says of it.
  package let verdict: Verdict
  /// Whether it is the embedded sample and no machine's.
  package let isSample: Bool
  /// Whether all that is known of it is what its driver printed.
  package let isFromLog: Bool

  package init(
    source: String, address: PCIAddress, host: HostIdentity, pvInfo: VgtIf, verdict: Verdict,
    isSample: Bool = false
  ) {
    self.source = source
    self.address = address
    self.host = HostClaim(host)
    id = pvInfo.id
    mappable = pvInfo.mappable
    unmappable = pvInfo.unmappable
    fences = pvInfo.fenceCount
    type = VgpuType(of: pvInfo)
    self.verdict = verdict
    self.isSample = isSample
    isFromLog = false
  }

  /// The guest of a boot; `nil` where its log does not tell the shares, or
  /// contradicts itself.
  package init?(_ probe: LogProbe, source: String) {
    guard probe.agreement != .disagrees, let mappable = probe.mappable.flatMap(Share.init),
      let unmappable = probe.unmappable.flatMap(Share.init)
    else { return nil }
    self.source = source
    address = probe.device
    let (aperture, total) = probe.sizes
    host = HostClaim(aperture: aperture, total: total)
    id = nil
    self.mappable = mappable
    self.unmappable = unmappable
    fences = nil
    type = probe.vgpuType
    verdict = probe.isFailure ? .failed : probe.isOpen ? .unreadable : .ok
    isSample = false
    isFromLog = true
  }

  package var shares: Shares { Shares(mappable: mappable, unmappable: unmappable) }

  /// Its share as it was given.
  package func share(_ kind: GGTT.Part) -> GraphicsRange {
    switch kind {
    case .mappable: mappable.range
    case .unmappable: unmappable.range
    }
  }

  /// The part of its share that lies where it should; `nil` when none does.
  package func placedShare(_ kind: GGTT.Part, in ggtt: GGTT) -> GraphicsRange? {
    share(kind).intersection(ggtt.range(kind))
  }

  /// The kinds of its shares that leave their space. No host gives such shares,
  /// and no driver accepts them.
  package func strayShares(in ggtt: GGTT) -> [GGTT.Part] {
    GGTT.Part.allCases.filter { !share($0).isEmpty && placedShare($0, in: ggtt) != share($0) }
  }

  package struct Shares: Hashable, Sendable {
    package let mappable: Share
    package let unmappable: Share
  }

  /// What two reports of the same vGPU have in common.
  package struct Identity: Hashable, Sendable {
    package let host: HostClaim
    package let id: UInt32
    package let shares: Shares
  }

  /// `nil` in a kernel log.
  package var identity: Identity? {
    id.map { Identity(host: host, id: $0, shares: shares) }
  }
}

extension Share {
  /// `nil` where a figure is cut or damaged, or is none that the page can hold.
  fileprivate init?(_ share: LogShare) {
    guard let base = share.base.flatMap({ UInt32(exactly: $0) }),
      let size = share.size.flatMap({ UInt32(exactly: $0) })
    else { return nil }
    self.init(base: base, size: size)
  }
}
