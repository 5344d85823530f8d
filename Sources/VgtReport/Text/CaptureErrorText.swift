package import VgtCore

extension CaptureInputError {
  /// What to say of a file, without its name: a clause that follows it.
  ///
  /// - Parameters:
  ///   - file: The file's name, printable.
  ///   - command: The command that reads it, with `-` for the file.
  package func clause(file: String, command: String) -> String {
    switch self {
    case .empty: ": the file is empty"
    case .compressed(let compression): ": \(compression.advice(file: file, command: command))"
    case .binary: ": the file is binary and holds no capture"
    case .noCapture: " holds no capture; paste the report whole, with its CAPTURE part"
    case .emptyReport(let report): ": \(report.sentence)"
    case .otherSchema(let version):
      " has schema version \(version), this tool reads \(ReportSchema.version);"
        + " use the vgt-balloon that made it"
    case .damaged(let damage): ", line \(damage.line): \(damage.sentence)"
    case .tooMany(let limit): " holds more than \(limit) captures; split it"
    }
  }
}

extension EmptyReport {
  /// What it is, as a sentence without its subject, the file.
  package var sentence: String {
    switch self {
    case .noDisplayFunction:
      "the report of a machine without an Intel display function, and so without a capture"
    case .busUnreadable:
      "the report of a machine whose PCI functions could not be listed, and so without a capture;"
        + " the cause was on its standard error"
    }
  }
}

extension CaptureError {
  /// One sentence, without the line.
  package var sentence: String { reason.sentence(line: line) }
}

extension CaptureError.Reason {
  fileprivate func sentence(line: Int) -> String {
    switch self {
    case .missing(let key): "the capture is cut or damaged: '\(key)' is missing"
    case .unreadableValue(let key): "the capture is damaged: '\(key)' cannot be read"
    case .otherAccesses: "the capture is damaged: its accesses are not those of the page"
    case .beginningMissing: "the capture is cut: its beginning is missing"
    case .unknownVersion(let version):
      "the capture has version '\(version)', this tool reads"
        + " \(Capture.versions.lowerBound) to \(Capture.versions.upperBound)"
    case .checksum(let recorded, let computed, let start):
      "the capture is damaged: crc32 is \(recorded.hex(digits: 8)), but lines \(start) to"
        + " \(line) give \(computed.hex(digits: 8))"
    case .prefixed(let prefix, let reason):
      "\(reason.sentence(line: line)); it begins after '\(prefix.ascii)': if each line has such a"
        + " prefix, remove it"
    case .tooMany: "the file holds more captures than this tool reads"
    }
  }
}
