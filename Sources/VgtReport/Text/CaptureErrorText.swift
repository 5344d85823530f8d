package import VgtCore

extension CaptureError {
  /// One sentence, without the line.
  package var sentence: String {
    switch reason {
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
    }
  }
}
