/// How wide one load is.
package enum AccessWidth: Int, Hashable, Sendable {
  case bits32 = 32
  case bits64 = 64

  /// The value an access error leaves: every bit set.
  package var allOnes: UInt64 {
    switch self {
    case .bits32: UInt64(UInt32.max)
    case .bits64: .max
    }
  }
}

/// One load from BAR0 and what it answered.
///
/// Prints as one line, `0x78050 32 0x00000004`: the form of the trace, of the
/// capture and of a test's expectation.
package struct Access: Hashable, Sendable {
  /// Bytes from the start of BAR0.
  package let offset: UInt32
  package let width: AccessWidth
  package let value: UInt64

  package init(offset: UInt32, width: AccessWidth, value: UInt64) {
    self.offset = offset
    self.width = width
    self.value = value
  }

  /// The value in hex, zero-padded to its width.
  package var valueText: String { value.hex(digits: width.rawValue / 4) }
}

extension Access: CustomStringConvertible {
  package var description: String {
    "\(UInt64(offset).hex(digits: 5)) \(width.rawValue) \(valueText)"
  }
}

/// Loads on end that gave the same.
package struct LoadRun: Hashable, Sendable {
  package let load: UInt64
  /// One or more.
  package let times: Int

  @inlinable
  package init(load: UInt64, times: Int) {
    self.load = load
    self.times = times
  }
}
