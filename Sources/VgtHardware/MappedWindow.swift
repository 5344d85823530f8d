// One of the two files that may hold `unsafe`. Its rules:
//
// 1. The mapping is read-only, and nothing lends out its address: no pointer,
//    no span, no buffer. The only way to a device byte is one aligned load.
// 2. One owner unmaps, once.

internal import CVgtShim
package import SystemPackage
package import VgtCore

/// A read-only mapping of a part of BAR0. Unmapped when it goes out of scope.
///
/// Maps what it is told and no more: the PV info page is one page, and the
/// rest of the BAR holds registers whose reading has effects.
@safe
package struct MappedWindow: ~Copyable, MMIOWindow {
  private let window: OpaquePointer

  /// Where mapping stopped, and the errno it stopped with.
  package enum MapError: Error, Hashable, Sendable {
    /// Opening resource0 or /dev/mem.
    case open(Errno)
    /// resource0 ends before the window.
    case tooShort
    case map(Errno)
  }

  /// Maps `range` (bytes of BAR0, whole pages) of the display function at
  /// `index` of the open `PCIBus`, through libpciaccess and its resource0.
  init(sysfs index: Int, range: Range<UInt32>) throws(MapError) {
    // SAFETY: the mapping is handed to its one owner as soon as it is made.
    let mapping = unsafe vgt_window_map_sysfs(
      index, range.lowerBound, range.upperBound - range.lowerBound)
    unsafe try self.init(adopting: mapping)
  }

  /// Maps `range` (bytes of BAR0, whole pages) of a BAR0 at physical address
  /// `bar0`, through /dev/mem.
  init(devmem bar0: UInt64, range: Range<UInt32>) throws(MapError) {
    // SAFETY: the mapping is handed to its one owner as soon as it is made.
    let mapping = unsafe vgt_window_map_devmem(
      bar0, range.lowerBound, range.upperBound - range.lowerBound)
    unsafe try self.init(adopting: mapping)
  }

  private init(adopting mapping: vgt_mapping) throws(MapError) {
    // SAFETY: the shim gave this mapping away; nobody else has its pointer.
    guard let window = unsafe mapping.window else {
      let errno = unsafe Errno(rawValue: mapping.error)
      throw switch unsafe mapping.step {
      case VGT_STEP_OPEN: .open(errno)
      case VGT_STEP_SIZE: .tooShort
      default: .map(errno)
      }
    }
    unsafe self.window = window
  }

  deinit {
    // SAFETY: `window` is live: only this `deinit` unmaps it, and it runs once.
    unsafe vgt_window_unmap(window)
  }

  package func load(at offset: UInt32, width: AccessWidth) throws(WindowError) -> UInt64 {
    // SAFETY: `window` is live as long as `self`; the shim checks bounds and
    // alignment against the mapping it made.
    let loaded =
      switch width {
      case .bits32: unsafe vgt_window_load32(window, offset)
      case .bits64: unsafe vgt_window_load64(window, offset)
      }
    guard loaded.error == 0 else { throw .busError }
    return loaded.value
  }

  /// `count` 64-bit loads, one after the other, from `offset` on: the entries
  /// of the GGTT.
  ///
  /// - Parameter count: One or more.
  /// - Returns: What they gave, in order.
  package func loadRuns(at offset: UInt32, count: Int) throws(WindowError) -> [LoadRun] {
    var error: Int32 = 0
    // SAFETY: the shim writes at most `count` runs, which the buffer holds, and
    // checks the loads against the mapping.
    let runs = unsafe [vgt_load_run](unsafeUninitializedCapacity: count) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      let loaded = unsafe vgt_window_load64_runs(window, offset, UInt32(count), start)
      (initialized, error) = (Int(loaded.count), loaded.error)
    }
    guard error == 0 else { throw .busError }
    return runs.map { LoadRun(load: $0.value, times: Int($0.count)) }
  }
}
