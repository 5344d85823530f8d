package import VgtCore
internal import VgtLog

/// What the inputs hold, one after the other: vGPUs and problems. Every input
/// is in one of the two.
package struct HostInputs: Hashable, Sendable {
  /// In the order of the inputs.
  package private(set) var guests: [Guest] = []
  package private(set) var problems: [InputProblem] = []

  package init() {}

  /// Takes in one report: text, Markdown or JSON, pasted or not; or a kernel log.
  ///
  /// - Parameter isStray: Whether nobody named it: it was met in a folder.
  package mutating func add(report: [UInt8], from source: String, isStray: Bool = false) {
    do {
      add(captures: try CaptureInput.captures(in: report), from: source)
    } catch .noCapture, .binary {
      add(log: report, from: source, isStray: isStray)
    } catch {
      add(InputProblem(source, InputProblem.Reason(error), isStray: isStray))
    }
  }

  /// Takes in one kernel log, or what turns out to be none.
  private mutating func add(log: [UInt8], from source: String, isStray: Bool) {
    var contents = LogContents()
    if !LogReader.isBinary(log) {
      var reader = LogReader()
      reader.read(log)
      contents = reader.finish()
    }
    guard contents.probes.isEmpty else { return add(contents.probes, from: source) }
    let reason: InputProblem.Reason =
      !contents.hostMessages.isEmpty ? .hostLog : log.contains(0) ? .binary : .noCapture
    add(InputProblem(source, reason, isStray: isStray))
  }

  /// Takes in the boots of one log. Those with the same shares are one guest, as
  /// the last of them shows it; those with different shares are several, since a
  /// paste may hold the logs of several machines.
  private mutating func add(_ probes: [LogProbe], from source: String) {
    var found: [Guest] = []
    var places: [Guest.Shares: Int] = [:]
    var others: [LogProbe] = []
    for probe in probes {
      guard let guest = Guest(probe, source: "\(source):\(probe.line)") else {
        others.append(probe)
        continue
      }
      if let place = places[guest.shares] {
        found[place] = guest
      } else if found.count <= HostView.guestLimit {
        places[guest.shares] = found.count
        found.append(guest)
      }
    }
    if let first = found.first {
      problems += found.dropFirst().map {
        InputProblem($0.source, .otherShares(source: first.source))
      }
    }
    // One is enough to say what is missing.
    if let other = others.first(where: { probe in !found.contains { $0.covers(probe) } }) {
      add(InputProblem("\(source):\(other.line)", InputProblem.Reason(other)))
    }
    guests += found
  }

  /// Takes in the captures of one report.
  package mutating func add(captures: [Capture], from source: String) {
    let diagnoses = captures.map { Diagnosis($0) }
    for diagnosis in diagnoses {
      let address = diagnosis.capture.address
      switch diagnosis.presence {
      case .absent, .unsupported: break
      case .unreadable:
        add(InputProblem(source, .unreadableDevice(address, diagnosis.unreadableCause ?? .allOnes)))
      case .present:
        guard let pvInfo = diagnosis.pvInfo, let ggtt = diagnosis.ggtt else {
          add(InputProblem(source, .sizesUnknown(address)))
          continue
        }
        let host = HostIdentity(ggtt: ggtt, deviceID: diagnosis.capture.deviceID)
        add(
          Guest(
            source: source, address: address, host: host, pvInfo: pvInfo,
            verdict: diagnosis.verdict, isSample: diagnosis.capture.isSample))
      }
    }
    if diagnoses.allSatisfy({ $0.presence == .absent || $0.presence == .unsupported }) {
      add(InputProblem(source, .noVgpu))
    }
  }

  package mutating func add(_ guest: Guest) {
    guests.append(guest)
  }

  package mutating func add(_ problem: InputProblem) {
    problems.append(problem)
  }
}

extension Guest {
  /// Whether a boot that does not tell its shares whole may be this guest's.
  fileprivate func covers(_ probe: LogProbe) -> Bool {
    guard probe.agreement != .disagrees else { return false }
    if let device = probe.device, let address, device != address { return false }
    return Self.covers(probe.mappable, mappable) && Self.covers(probe.unmappable, unmappable)
  }

  private static func covers(_ printed: LogShare?, _ share: Share) -> Bool {
    (printed?.base ?? UInt64(share.base)) == UInt64(share.base)
      && (printed?.size ?? UInt64(share.size)) == UInt64(share.size)
  }
}

extension InputProblem.Reason {
  fileprivate init(_ error: CaptureInputError) {
    self =
      switch error {
      case .empty: .empty
      case .compressed(let compression): .compressed(compression)
      case .binary: .binary
      case .noCapture: .noCapture
      case .emptyReport(.noDisplayFunction): .noVgpu
      case .emptyReport(.busUnreadable): .busUnreadable
      case .otherSchema(let version): .otherSchema(version)
      case .damaged(let damage): .damaged(damage)
      case .tooMany(let limit): .tooManyCaptures(limit: limit)
      }
  }

  /// Why a boot in a log tells no guest.
  fileprivate init(_ probe: LogProbe) {
    self =
      if probe.agreement == .disagrees {
        .contradictoryLog
      } else if probe.mappable == nil, probe.unmappable == nil {
        .sharesNotInLog
      } else {
        .sharesCut
      }
  }
}
