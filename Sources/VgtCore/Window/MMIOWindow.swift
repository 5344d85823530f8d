/// What the reader needs of a mapped BAR: one aligned load at a time.
///
/// There is no bulk access on purpose. The host serves only some offsets and
/// some widths (GVT `pvinfo_mmio_read`), and a copy has no access width.
package protocol MMIOWindow: ~Copyable {
  /// Loads once, at `offset` bytes from the start of BAR0.
  ///
  /// - Throws: `WindowError` when the load gave no value.
  func load(at offset: UInt32, width: AccessWidth) throws(WindowError) -> UInt64
}

/// Why a load gave no value.
package enum WindowError: Error, Hashable, Sendable {
  /// The mapping no longer has memory behind it (SIGBUS): the device went away.
  case busError
  /// A capture does not hold this load.
  case notCaptured(offset: UInt32, width: AccessWidth)
}

/// Answers exactly the loads that were recorded.
package struct CaptureWindow: MMIOWindow, Sendable {
  private let accesses: [Access]

  package init(_ accesses: [Access]) {
    self.accesses = accesses
  }

  package func load(at offset: UInt32, width: AccessWidth) throws(WindowError) -> UInt64 {
    guard let access = accesses.first(where: { $0.offset == offset && $0.width == width }) else {
      throw .notCaptured(offset: offset, width: width)
    }
    return access.value
  }
}
