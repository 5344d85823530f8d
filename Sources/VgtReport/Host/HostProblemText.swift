package import VgtHost
internal import VgtCore

extension HostProblem {
  /// The input's name, as messages call it.
  package var title: String { source == "-" ? "standard input" : source.printable }

  /// One line: the input, what is wrong with it, and what to do about it.
  package var line: String { "\(title): \(reason.sentence)" }
}

extension HostProblem.Reason {
  /// One sentence without its subject, the input.
  package var sentence: String {
    switch self {
    case .notReadable(let cause): "cannot be read: \(cause)"
    case .tooLarge(let limit): "has more than \(limit >> 20) MiB; cut the report out of it"
    case .directoryWithoutFile: "is a directory without a regular file"
    case .empty: "is empty"
    case .binary: "is binary, and holds no capture"
    case .noCapture: "holds no capture; paste the report whole, with its CAPTURE part"
    case .damaged(let damage): "line \(damage.line): \(damage.sentence)"
    case .otherSchema(let version):
      "is of schema version \(version), this tool reads \(JSONReport.schemaVersion);"
        + " use the vgt-balloon that made it"
    case .noVgpu: "is of a machine without a GVT-g vGPU"
    case .unreadableDevice(let address, let cause):
      "could not read \(address): \(cause?.reason ?? "every load answered all ones");"
        + " it may be one vGPU more"
    case .sizesUnknown(let address):
      "does not tell the aperture and the GGTT of \(address), so its shares have no place"
    case .otherHost(let other, let host, let isTie):
      "is from another host (\(other.words)): \(isTie ? "as many" : "most") vGPUs are of the one"
        + " with \(host.words)\(isTie ? ", which is named first" : "")"
    case .repeated(let id, let source):
      "shows vGPU \(id) with the shares it has in \(source.printable.shortened): kept once"
    case .sameID(let id, let source):
      "shows vGPU \(id) with other shares than \(source.printable.shortened): one of them is out of date,"
        + " or of another host"
    case .strayShare(let id, let kind):
      "gives vGPU \(id) a share that is not inside the \(kind.rawValue) space"
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
