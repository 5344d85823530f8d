package import VgtCore

/// One vGPU, as a report from inside its guest shows it.
package struct Guest: Hashable, Sendable {
  /// Where its report came from: a path, or `-`.
  package let source: String
  /// Its function's address inside the guest; the host has another.
  package let address: PCIAddress
  package let host: HostIdentity
  package let page: VgtIf
  /// What its own report says of it.
  package let verdict: Verdict
  /// Whether it is the embedded sample and no machine's.
  package let isSample: Bool

  package init(
    source: String, address: PCIAddress, host: HostIdentity, page: VgtIf, verdict: Verdict,
    isSample: Bool = false
  ) {
    self.source = source
    self.verdict = verdict
    self.address = address
    self.host = host
    self.page = page
    self.isSample = isSample
  }

  /// Its share as the page has it.
  package func share(_ kind: GGTT.Part) -> GraphicsRange {
    switch kind {
    case .mappable: page.mappable.range
    case .unmappable: page.unmappable.range
    }
  }

  /// The part of its share that lies where it should; `nil` when none does.
  package func placedShare(_ kind: GGTT.Part) -> GraphicsRange? {
    share(kind).intersection(host.ggtt.range(kind))
  }

  /// The kinds of its shares that leave their space. No host gives such shares,
  /// and no driver accepts them.
  package var strayShares: [GGTT.Part] {
    GGTT.Part.allCases.filter { !share($0).isEmpty && placedShare($0) != share($0) }
  }

  /// The host's name for its type; `nil` when it has none.
  package var typeName: String? {
    guard let platform = host.platform else { return nil }
    return VgpuType(of: page)?.name(on: platform)
  }

  /// What two reports of the same vGPU have in common.
  package struct Identity: Hashable, Sendable {
    package let host: HostIdentity
    package let id: UInt32
    package let mappable: Share
    package let unmappable: Share
  }

  package var identity: Identity {
    Identity(host: host, id: page.id, mappable: page.mappable, unmappable: page.unmappable)
  }
}
