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
    var distinct: [Guest] = []
    var sources: [Guest.Identity: String] = [:]
    let hasRealGuest = inputs.guests.contains { !$0.isSample }
    for guest in inputs.guests {
      if guest.isSample, hasRealGuest {
        problems.append(InputProblem(guest.source, .sample))
      } else if let first = sources[guest.identity] {
        problems.append(InputProblem(guest.source, .repeated(id: guest.page.id, source: first)))
      } else if distinct.count == Self.guestLimit {
        problems.append(InputProblem(guest.source, .tooManyGuests(limit: Self.guestLimit)))
        break
      } else {
        sources[guest.identity] = guest.source
        distinct.append(guest)
      }
    }
    vgpuCount = distinct.count

    let vote = HostVote(distinct.map(\.host))
    host = vote?.winner
    var guests: [Guest] = []
    var sourcesByID: [UInt32: String] = [:]
    for guest in distinct {
      if let vote, guest.host != vote.winner {
        problems.append(
          InputProblem(
            guest.source, .otherHost(guest.host, host: vote.winner, isTie: vote.isTie)))
        continue
      }
      if let first = sourcesByID[guest.page.id] {
        problems.append(InputProblem(guest.source, .sameID(guest.page.id, source: first)))
      } else {
        sourcesByID[guest.page.id] = guest.source
      }
      problems += guest.strayShares.map {
        InputProblem(guest.source, .strayShare(id: guest.page.id, $0))
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
      HostSpace(kind, range: host.ggtt.range(kind), shares: guests.map { $0.placedShare(kind) })
    }
    let allocation = HostAllocation(host.ggtt, pages: guests.map(\.page))
    let hasTypes = host.platform?.typePrefix != nil
    self.spaces = spaces
    self.allocation = allocation
    excesses = hasTypes ? allocation.excesses(guestCount: guests.count) : []
    fits =
      hasTypes ? VgpuType.all.map { TypeCapacity($0, allocation: allocation, spaces: spaces) } : []
  }

  package var overlaps: [HostSpace.Overlap] { spaces.flatMap(\.overlaps) }

  package var verdict: Verdict {
    if guests.isEmpty, !problems.isEmpty, problems.allSatisfy(\.isNoInput) { return .noInput }
    if problems.contains(where: \.isUnusable) || !excesses.isEmpty { return .unusable }
    if !overlaps.isEmpty { return .failed }
    return guests.isEmpty ? .noVgpu : .ok
  }
}

/// Which host most vGPUs name; the first of those named equally often.
private struct HostVote {
  let winner: HostIdentity
  let isTie: Bool

  init?(_ hosts: [HostIdentity]) {
    var counts: [HostIdentity: Int] = [:]
    for host in hosts { counts[host, default: 0] += 1 }
    guard let most = counts.values.max(), let winner = hosts.first(where: { counts[$0] == most })
    else { return nil }
    self.winner = winner
    isTie = counts.values.count { $0 == most } > 1
  }
}
