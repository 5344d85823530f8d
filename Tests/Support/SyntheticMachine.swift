/// What a machine shows of itself under /sys, /dev and /proc.
package struct SyntheticMachine: Hashable, Sendable {
  package var functions: [SyntheticFunction]
  /// Whether sysfs has a PCI tree.
  package var hasPCITree = true
  package var devMem: DevMem = .missing
  /// What `/sys/kernel/security/lockdown` says; no such file when `nil`.
  package var lockdown: String?
  /// As `uname -r` prints it.
  package var kernelRelease = "6.1.0-bed"
  /// What `journalctl` prints, on machines that have one; it fails when `nil`.
  package var journal: String?
  /// Further files, by absolute path below /sys or /dev.
  package var files: [String: String] = [:]
  /// Further symbolic links and what they hold, by absolute path below /sys or
  /// /dev.
  package var links: [String: String] = [:]

  /// The machine's own /dev/mem is never in the bed.
  package enum DevMem: Hashable, Sendable {
    case missing
    /// Opening it is refused with EACCES.
    case refused
    /// It holds the page of each function, at its BAR0.
    case memory
  }

  package init(_ functions: SyntheticFunction...) {
    self.functions = functions
  }

  package init(_ functions: [SyntheticFunction]) {
    self.functions = functions
  }

  /// The same, but for one thing.
  package func with<Value>(
    _ property: WritableKeyPath<Self, Value>, _ value: Value
  ) -> SyntheticMachine {
    var copy = self
    copy[keyPath: property] = value
    return copy
  }
}
