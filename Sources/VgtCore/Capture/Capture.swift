/// Everything one device's report is computed from.
///
/// A live run fills it from the hardware, `--from` from a pasted report, and
/// the sample from the binary itself; from here on all three are the same.
package struct Capture: Hashable, Sendable {
  /// The versions of the text form that can be read; the last one is written.
  /// From 2 on it has `enable_guc`.
  package static let versions = 1...2

  /// The version of the text form; that of the report that it was read from.
  package var version = Self.versions.upperBound
  /// Whether this is the embedded sample and no machine's.
  package var isSample = false
  /// As `uname -r` gives it.
  package var kernelRelease: String
  package var address: PCIAddress
  /// Of vendor 0x8086.
  package var deviceID: UInt16
  package var revision: UInt8
  /// Base class, subclass and interface, 24 bits: 0x030000 is VGA.
  package var classCode: UInt32
  /// 16 bits at 0x04 of config space; `nil` when it could not be read.
  package var command: UInt16?
  /// 16 bits at 0x50 of config space; `nil` when it could not be read.
  package var gmchControl: UInt16?
  package var bar0: BAR?
  package var bar2: BAR?
  /// The bound driver's name.
  package var driver: String?
  package var backend: Backend
  package var driverAnswers: DriverAnswers
  /// i915's module parameter; `nil` where it is not there or not readable. -1
  /// leaves the choice to the driver, and of the bits 0 submits work through
  /// the GuC (Linux 6.1 `i915_params.c`, `enable_guc`).
  package var enableGuC: Int32?
  /// Why the page could not be read; `nil` when it was, or when there was no
  /// need to.
  package var unreadable: UnreadableCause?
  /// The loads made, in order.
  package var accesses: [Access] = []

  /// Whether the driver that balloons is bound.
  package var isI915Bound: Bool { driver == "i915" }

  /// Whether all of the page was read: nothing is after a wrong magic.
  package var holdsPage: Bool { accesses.count == Register.all.count }

  package init(
    kernelRelease: String, address: PCIAddress, deviceID: UInt16, revision: UInt8,
    classCode: UInt32, backend: Backend
  ) {
    self.kernelRelease = kernelRelease
    self.address = address
    self.deviceID = deviceID
    self.revision = revision
    self.classCode = classCode
    self.backend = backend
    driverAnswers = .notAsked(.noDriver)
  }
}

/// A base address register that has an address.
package struct BAR: Hashable, Sendable {
  /// Physical address.
  package let address: UInt64
  /// Bytes; never 0.
  package let size: UInt64

  package init(address: UInt64, size: UInt64) {
    self.address = address
    self.size = size
  }
}

/// The way by which the page was reached.
package enum Backend: String, Hashable, Sendable, CaseIterable {
  case sysfs
  case devmem
  case udev
}
