package import VgtHost
internal import VgtCore

extension InputProblem {
  /// The input's name, as messages call it.
  package var title: String { source == "-" ? "standard input" : source.printable }

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
    case .noCapture: "holds no capture; paste the report whole, with its CAPTURE part"
    case .damaged(let damage): "line \(damage.line): \(damage.sentence)"
    case .otherSchema(let version):
      "has schema version \(version), this tool reads version \(ReportSchema.version);"
        + " use the vgt-balloon that made it"
    case .noVgpu: "comes from a machine without a GVT-g vGPU"
    case .unreadableDevice(let address, let cause):
      "could not read \(address): \(cause?.reason ?? "every read returned all ones");"
        + " it may be another vGPU, not counted here"
    case .sizesUnknown(let address):
      "does not tell the sizes of the aperture and the GGTT of \(address); run vgt-balloon there as root"
    case .otherHost(let other, let host, let isTie):
      "comes from a different host (\(other.words)) than \(isTie ? "the first input" : "most inputs")"
        + " (\(host.words))"
        + (isTie ? "; the inputs are split evenly, so the first one was taken" : "")
    case .repeated(let id, let source):
      "repeats vGPU \(id) from \(source.printable.shortened) with the same shares; counted once"
    case .sameID(let id, let source):
      "disagrees with \(source.printable.shortened) about the shares of vGPU \(id): one of the two is"
        + " stale or from another host"
    case .strayShare(let id, let kind):
      "gives vGPU \(id) a share that is not inside the \(kind.rawValue) space"
    case .sample: "is the embedded sample guest, which does not count beside real guests"
    case .tooManyGuests(let limit):
      "holds vGPU number \(limit + 1); at most \(limit) are compared at once"
    }
  }
}

extension HostIdentity {
  /// What tells one host from another.
  package var words: String {
    "aperture \(bytesText(ggtt.aperture)), GGTT \(bytesText(ggtt.total)),"
      + " GPU 8086:\(deviceID.hex(digits: 4).dropFirst(2))"
  }
}

extension HostAllocation.Excess {
  /// One sentence.
  package var sentence: String {
    switch resource {
    case .space(let kind):
      "the vGPUs have \(bytesText(given)) of \(kind.rawValue) space, but this host can give out"
        + " \(bytesText(limit)); not all of them can be on it"
    case .fences:
      "the vGPUs have \(given) fences, but a host can give out \(limit); not all of them can be on"
        + " one host"
    case .ids:
      "there are \(given) vGPUs, but a host has at most \(limit); not all of them can be on one host"
    }
  }
}
