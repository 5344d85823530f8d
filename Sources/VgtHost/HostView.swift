package import VgtCore

/// The host's view of the graphics address space, put together from what its
/// guests see.
///
/// Memory that the host uses itself is invisible from inside guests: it looks
/// like memory that is free. So a hole may be less free than it seems, and
/// every count of what still fits is "at most".
package struct HostView: Hashable, Sendable {
  /// `nil` when there is no guest.
  package let host: HostIdentity?
  /// The guests of that host, in the order of the inputs, each once.
  package let guests: [Guest]
  /// The distinct vGPUs found, those of other hosts included.
  package let vgpuCount: Int
  package let problems: [InputProblem]
  /// Mappable, then unmappable; empty without a host.
  package let spaces: [HostSpace]
  /// Smallest type first; empty without a host, and where the host has no
  /// types.
  package let fits: [TypeCapacity]
  /// `nil` without a host.
  package let allocation: HostAllocation?
  /// What the guests have more of than a mainline host can have given out;
  /// empty where the host has no types, and so is none.
  package let excesses: [HostAllocation.Excess]

  /// Vastly more than a host has: seven.
  package static let guestLimit = 64

  package init(_ inputs: HostInputs) {
    var problems = inputs.problems
    let distinct = Self.distinct(inputs.guests, &problems)
    vgpuCount = distinct.count

    let vote = HostVote(distinct.map(\.host))
    host = vote?.winner
    var guests: [Guest] = []
    var sourcesByID: [UInt32: String] = [:]
    for guest in distinct {
      guard let vote else {
        problems.append(InputProblem(guest.source, .sizesUnknown(guest.address)))
        continue
      }
      guard guest.host.agrees(with: HostClaim(vote.winner)) else {
        problems.append(
          InputProblem(
            guest.source, .otherHost(guest.host, host: vote.winner, isTie: vote.isTie)))
        continue
      }
      if let id = guest.id {
        if let first = sourcesByID[id] {
          problems.append(InputProblem(guest.source, .sameID(id, source: first)))
        } else {
          sourcesByID[id] = guest.source
        }
      }
      problems += guest.strayShares(in: vote.winner.ggtt).map {
        InputProblem(guest.source, .strayShare(id: guest.id, $0))
      }
      guests.append(guest)
    }
    self.guests = guests
    self.problems = problems

    guard let host else {
      (spaces, fits, allocation, excesses) = ([], [], nil, [])
      return
    }
    let spaces = GGTT.Part.allCases.map { kind in
      HostSpace(
        kind, range: host.ggtt.range(kind),
        shares: guests.map { $0.placedShare(kind, in: host.ggtt) })
    }
    let allocation = HostAllocation(host.ggtt, guests: guests)
    let hasTypes = host.platform?.typePrefix != nil
    self.spaces = spaces
    self.allocation = allocation
    excesses = hasTypes ? allocation.excesses(guestCount: guests.count) : []
    fits =
      hasTypes ? VgpuType.all.map { TypeCapacity($0, allocation: allocation, spaces: spaces) } : []
  }

  /// The guests, each once, in the order of the inputs. A log tells less than a
  /// report, so where both show the same vGPU the report is kept.
  private static func distinct(
    _ inputs: [Guest], _ problems: inout [InputProblem]
  ) -> [Guest] {
    let hasRealGuest = inputs.contains { !$0.isSample }
    var sources: [Guest.Identity: String] = [:]
    var known: [Guest.Shares: [Guest]] = [:]
    for guest in inputs where !guest.isFromLog && !(guest.isSample && hasRealGuest) {
      known.keep(guest)
    }
    var distinct: [Guest] = []
    for guest in inputs {
      if guest.isSample, hasRealGuest {
        problems.append(InputProblem(guest.source, .sample))
        continue
      }
      if let id = guest.id, let first = guest.identity.flatMap({ sources[$0] }) {
        problems.append(InputProblem(guest.source, .repeated(id: id, source: first)))
        continue
      }
      if guest.isFromLog {
        if let first = known[guest.shares]?.first(where: { $0.host.agrees(with: guest.host) }) {
          problems.append(InputProblem(guest.source, .sameShares(source: first.source)))
          continue
        }
        known.keep(guest)
      }
      guard distinct.count < guestLimit else {
        problems.append(InputProblem(guest.source, .tooManyGuests(limit: guestLimit)))
        break
      }
      if let identity = guest.identity { sources[identity] = guest.source }
      distinct.append(guest)
    }
    return distinct
  }

  /// The host's name for a guest's type; `nil` when it has none.
  package func typeName(of guest: Guest) -> String? {
    guard let platform = host?.platform else { return nil }
    return guest.type?.name(on: platform)
  }

  package var overlaps: [HostSpace.Overlap] { spaces.flatMap(\.overlaps) }

  package var verdict: Verdict {
    if guests.isEmpty, !problems.isEmpty, problems.allSatisfy(\.isNoInput) { return .noInput }
    if problems.contains(where: \.isUnusable) || !excesses.isEmpty { return .unusable }
    if !overlaps.isEmpty { return .failed }
    return guests.isEmpty ? .noVgpu : .ok
  }
}

extension [Guest.Shares: [Guest]] {
  fileprivate mutating func keep(_ guest: Guest) {
    // Reports of more hosts than are compared.
    guard self[guest.shares, default: []].count < HostView.guestLimit else { return }
    self[guest.shares, default: []].append(guest)
  }
}

/// Which host most vGPUs name; the first of those named equally often. What a
/// log leaves open agrees with every host.
private struct HostVote {
  let winner: HostIdentity
  let isTie: Bool

  init?(_ claims: [HostClaim]) {
    let candidates = Self.candidates(claims)
    let counts = candidates.map { candidate in
      claims.count { $0.agrees(with: HostClaim(candidate)) }
    }
    guard let most = counts.max(),
      let winner = zip(candidates, counts).first(where: { $0.1 == most })?.0
    else { return nil }
    self.winner = winner
    isTie = counts.count { $0 == most } > 1
  }

  /// The hosts that are named, in the order of the inputs.
  private static func candidates(_ claims: [HostClaim]) -> [HostIdentity] {
    var whole: [HostClaim] = []
    for claim in claims where claim.identity != nil && !whole.contains(claim) {
      whole.append(claim)
    }
    if whole.isEmpty {
      // One log may tell what another leaves open.
      let together = HostClaim(
        aperture: claims.lazy.compactMap(\.aperture).first,
        total: claims.lazy.compactMap(\.total).first)
      return together.identity.map { [$0] } ?? []
    }
    let named = whole.filter { $0.deviceID != nil }
    return
      whole
      .filter { claim in claim.deviceID != nil || !named.contains { $0.agrees(with: claim) } }
      .compactMap(\.identity)
  }
}
