internal import VgtCore

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
  package let problems: [HostProblem]
  /// Mappable, then unmappable; empty without a host.
  package let spaces: [HostSpace]
  /// Smallest type first; empty without a host, and where the host has no
  /// types.
  package let fits: [Fit]
  /// `nil` without a host.
  package let account: HostAccount?

  package init(_ evidence: HostEvidence) {
    var problems = evidence.problems
    var distinct: [Guest] = []
    var sources: [Guest.Identity: String] = [:]
    for guest in evidence.guests {
      if let first = sources[guest.identity] {
        problems.append(HostProblem(guest.source, .repeated(id: guest.page.id, source: first)))
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
          HostProblem(
            guest.source, .otherHost(guest.host, host: vote.winner, isTie: vote.isTie)))
        continue
      }
      if let first = sourcesByID[guest.page.id] {
        problems.append(HostProblem(guest.source, .sameID(guest.page.id, source: first)))
      } else {
        sourcesByID[guest.page.id] = guest.source
      }
      problems += guest.strayShares.map {
        HostProblem(guest.source, .strayShare(id: guest.page.id, $0))
      }
      guests.append(guest)
    }
    self.guests = guests
    self.problems = problems

    guard let host else {
      (spaces, fits, account) = ([], [], nil)
      return
    }
    let spaces = SpaceKind.allCases.map { kind in
      HostSpace(kind, range: host.ggtt.range(kind), shares: guests.map { $0.placedShare(kind) })
    }
    let account = HostAccount(host.ggtt, pages: guests.map(\.page))
    self.spaces = spaces
    self.account = account
    fits =
      host.platform?.typePrefix == nil
      ? []
      : VgpuType.all.map { Fit($0, account: account, spaces: spaces) }
  }

  package var overlaps: [HostSpace.Overlap] { spaces.flatMap(\.overlaps) }

  /// What the reports come to; 64 and above in `sysexits.h` for the first two.
  package enum Verdict: String, Hashable, Sendable {
    /// Not one input could be opened.
    case noInput = "no-input"
    /// An input is unusable, or from another host.
    case unusable
    case overlap
    case noVgpu = "no-vgpu"
    case ok
  }

  package var verdict: Verdict {
    if guests.isEmpty, !problems.isEmpty, problems.allSatisfy(\.isNoInput) { return .noInput }
    if problems.contains(where: \.isUnusable) { return .unusable }
    if !overlaps.isEmpty { return .overlap }
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
