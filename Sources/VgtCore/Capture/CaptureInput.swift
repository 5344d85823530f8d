/// Why a file that a user names gives no captures.
package enum CaptureInputError: Error, Hashable, Sendable {
  case empty
  case compressed(Compression)
  /// Bytes that no text holds, and no capture.
  case binary
  case noCapture
  /// A report that never had one.
  case emptyReport(EmptyReport)
  /// JSON of a schema that this tool does not read.
  case otherSchema(String)
  case damaged(CaptureError)
  /// More captures than a file may hold.
  case tooMany(limit: Int)
}

/// The one way from a file's bytes to the captures in it.
package enum CaptureInput {
  /// More than the reports of one host's guests have.
  package static let limit = 64

  /// The captures of one or several reports: text, Markdown or JSON, pasted or
  /// not.
  ///
  /// - Returns: At least one.
  package static func captures(in bytes: [UInt8]) throws(CaptureInputError) -> [Capture] {
    if bytes.isEmpty { throw .empty }
    if let compression = Compression(bytes.prefix(8)) { throw .compressed(compression) }
    if let version = ReportSchema.otherVersion(in: bytes) { throw .otherSchema(version) }
    let captures: [Capture]
    do {
      captures = try CaptureParser.captures(in: bytes, limit: limit)
    } catch {
      throw error.reason == .tooMany ? .tooMany(limit: limit) : .damaged(error)
    }
    guard !captures.isEmpty else {
      if let report = EmptyReport(in: bytes) { throw .emptyReport(report) }
      throw bytes.contains(0) ? .binary : .noCapture
    }
    return captures
  }
}
