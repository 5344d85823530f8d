package import VgtCore

/// Why an input is not, or not simply, one of the host's guests.
package struct InputProblem: Hashable, Sendable {
  /// A path, or `-`; with the line where it is about one boot in a kernel log.
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
    /// No capture, and no boot of a GVT-g guest in a kernel log.
    case noCapture
    case compressed(Compression)
    case tooManyCaptures(limit: Int)
    /// A kernel log with messages of the host's half of GVT-g alone.
    case hostLog
    /// A boot whose log has no figure of the shares.
    case sharesNotInLog
    /// A boot whose log lacks a figure of the shares, or has one that no share
    /// can have.
    case sharesCut
    /// A boot whose shares and reserved ranges do not fit together.
    case contradictoryLog
    case damaged(CaptureError)
    /// JSON of a schema that this tool does not read.
    case otherSchema(String)
    /// Captures, none of them of a vGPU.
    case noVgpu
    /// A report that could not even list the PCI functions.
    case busUnreadable
    /// The report could not read the page of this function.
    case unreadableDevice(PCIAddress, UnreadableCause)
    /// A vGPU whose report or log does not tell the sizes of the aperture and the GGTT.
    case sizesUnknown(PCIAddress?)
    /// A vGPU of `other`, not of `host`, which more reports name, or, when as
    /// many do (`isTie`), the first.
    case otherHost(HostClaim, host: HostIdentity, isTie: Bool)
    /// The report of a vGPU that the report `source` was of.
    case repeated(id: UInt32, source: String)
    /// The boot of a vGPU that `source` shows too.
    case sameShares(source: String)
    /// A boot with other shares than the boot `source` of the same log.
    case otherShares(source: String)
    /// The id that the vGPU of the report `source` has, and other shares.
    case sameID(UInt32, source: String)
    /// A vGPU whose share is not inside the space of its kind.
    case strayShare(id: UInt32?, GGTT.Part)
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
    case .noVgpu, .busUnreadable, .unreadableDevice, .repeated, .sameShares, .otherShares, .sample:
      false
    case .empty, .binary, .noCapture, .compressed, .hostLog: !isStray
    case .notReadable, .tooLarge, .directoryWithoutFile, .damaged, .otherSchema, .sizesUnknown,
      .otherHost, .sameID, .strayShare, .tooManyGuests, .tooManyCaptures, .sharesNotInLog,
      .sharesCut, .contradictoryLog:
      true
    }
  }
}
