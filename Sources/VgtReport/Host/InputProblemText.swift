package import VgtHost
internal import VgtCore

extension InputProblem {
  /// The input's name, as messages call it.
  package var title: String { Self.title(of: source) }

  static func title(of source: String) -> String {
    if source == "-" { return "standard input" }
    if source.hasPrefix("-:") { return "standard input, line \(source.dropFirst(2))" }
    return source.printable
  }

  /// One line: the input, what is wrong with it, and what to do about it.
  package var line: String { "\(title): \(reason.sentence)" }
}

extension InputProblem.Reason {
  /// One sentence without its subject, the input.
  package var sentence: String {
    switch self {
    case .notReadable(let cause): "cannot be read: \(cause)"
    case .tooLarge(let limit): "is larger than \(limit >> 20) MiB; cut the report out of it"
    case .directoryWithoutFile: "is a directory without a regular file"
    case .empty: "the file is empty"
    case .binary: "is binary and holds no capture"
    case .noCapture:
      "holds no capture and no kernel log of a GVT-g guest; paste the report whole, with its CAPTURE"
        + " part"
    case .compressed(let compression): compression.advice(file: "FILE", command: "host -")
    case .tooManyCaptures(let limit): "holds more than \(limit) captures; split it"
    case .hostLog:
      "is a kernel log of the host, which does not tell the guests' shares; give the guests' logs"
        + " or reports"
    case .sharesNotInLog:
      "the log has a vGPU here, but not its shares; give the whole log of that boot, or a report"
    case .sharesCut:
      "a figure of the vGPU's shares is cut or damaged; give the log as dmesg prints it, or a report"
    case .contradictoryLog:
      "the shares and the ranges that were reserved contradict each other; see: vgt-balloon log"
    case .damaged(let damage): "line \(damage.line): \(damage.sentence)"
    case .otherSchema(let version):
      "has schema version \(version), this tool reads version \(ReportSchema.version);"
        + " use the vgt-balloon that made it"
    case .noVgpu: "comes from a machine without a GVT-g vGPU"
    case .busUnreadable:
      "could not list the PCI functions; it may be another vGPU, not counted here"
    case .unreadableDevice(let address, let cause):
      "could not read \(address): \(cause.reason);"
        + " it may be another vGPU, not counted here"
    case .sizesUnknown(let address):
      "does not tell the sizes of the aperture and the GGTT"
        + "\(address.map { " of \($0)" } ?? ""); give a report that root made while BAR2 had an address"
    case .otherHost(let other, let host, let isTie):
      "comes from a different host (\(other.words)) than \(isTie ? "the first input" : "most inputs")"
        + " (\(host.words))"
        + (isTie ? "; the inputs are split evenly, so the first one was taken" : "")
    case .repeated(let id, let source):
      "repeats vGPU \(id) from \(InputProblem.title(of: source).shortened) with the same shares; counted once"
    case .sameShares(let source):
      "shows the shares of \(InputProblem.title(of: source).shortened); counted once"
    case .otherShares(let source):
      "shows other shares than \(InputProblem.title(of: source).shortened): counted as another vGPU;"
        + " if both are boots of one machine, give only the last"
    case .sameID(let id, let source):
      "disagrees with \(InputProblem.title(of: source).shortened) about the shares of vGPU \(id): one of the two is"
        + " stale or from another host"
    case .strayShare(let id, let kind):
      "gives \(id.map { "vGPU \($0)" } ?? "its vGPU") a share that is not inside the \(kind.rawValue) space"
    case .sample: "is the embedded sample guest, which does not count beside real guests"
    case .tooManyGuests(let limit):
      "holds vGPU number \(limit + 1); at most \(limit) are compared at once"
    }
  }
}

extension HostIdentity {
  /// What tells one host from another.
  package var words: String { HostClaim(self).words }
}

extension HostClaim {
  /// What is told of what tells one host from another.
  package var words: String {
    "aperture \(aperture.map(bytesText) ?? "unknown"), GGTT \(total.map(bytesText) ?? "unknown"), GPU"
      + " \(deviceID.map(Platform.pciID) ?? "unknown")"
  }
}

extension HostAllocation.Excess {
  /// One sentence.
  package var sentence: String {
    switch resource {
    case .space(let kind):
      "\(bytesText(given)) of \(kind.rawValue) space were given out, but this host can give"
        + " \(bytesText(limit))"
    case .fences:
      "\(given) fences were given out, but a host can give \(limit)"
    case .ids:
      "there are \(given) vGPUs, but a host has at most \(limit)"
    }
  }
}
