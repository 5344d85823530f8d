package import VgtCore

/// Why an input is not, or not simply, one of the host's guests.
package struct InputProblem: Hashable, Sendable {
  /// A path, or `-`.
  package let source: String
  package let reason: Reason
  /// Whether nobody named the input: it was met in a folder.
  package let isStray: Bool

  package init(_ source: String, _ reason: Reason, isStray: Bool = false) {
    self.source = source
    self.reason = reason
    self.isStray = isStray
  }

  package enum Reason: Hashable, Sendable {
    /// It cannot be opened or read: the errno text.
    case notReadable(String)
    /// It has more bytes than a report may have.
    case tooLarge(limit: Int)
    /// A directory without a regular file.
    case directoryWithoutFile
    case empty
    /// No capture, but bytes that no text holds.
    case binary
    case noCapture
    case damaged(CaptureError)
    /// JSON of a schema that this tool does not read.
    case otherSchema(String)
    /// Captures, none of them of a vGPU.
    case noVgpu
    /// The report could not read the page of this function.
    case unreadableDevice(PCIAddress, UnreadableCause?)
    /// A vGPU whose report does not tell the sizes of the aperture and the GGTT.
    case sizesUnknown(PCIAddress)
    /// A vGPU of `other`, not of `host`, which more reports name, or, when as
    /// many do (`isTie`), the first.
    case otherHost(HostIdentity, host: HostIdentity, isTie: Bool)
    /// The report of a vGPU that the report `source` was of.
    case repeated(id: UInt32, source: String)
    /// The id that the vGPU of the report `source` has, and other shares.
    case sameID(UInt32, source: String)
    /// A vGPU whose share is not inside the space of its kind.
    case strayShare(id: UInt32, GGTT.Part)
    /// The embedded sample, beside guests of real machines.
    case sample
    /// The first vGPU of more than can be compared.
    case tooManyGuests(limit: Int)
  }

  /// Whether the input could not be opened at all.
  package var isNoInput: Bool {
    if case .notReadable = reason { true } else { false }
  }

  /// Whether the input says nothing, or something that cannot be true of this
  /// host, as opposed to something that needs no place on its map.
  package var isUnusable: Bool {
    switch reason {
    case .noVgpu, .unreadableDevice, .repeated, .sample: false
    case .empty, .binary, .noCapture: !isStray
    case .notReadable, .tooLarge, .directoryWithoutFile, .damaged, .otherSchema, .sizesUnknown,
      .otherHost, .sameID, .strayShare, .tooManyGuests:
      true
    }
  }
}
