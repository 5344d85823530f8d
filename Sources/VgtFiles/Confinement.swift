internal import CVgtProcess
package import SystemPackage

/// What the process gives up, for good, as soon as it has what it needs.
///
/// Reports are pasted by strangers and pages are written by hosts; the code
/// that works on them needs neither root's rights nor further files. Where the
/// kernel has no Landlock, the capabilities still go.
package enum Confinement {
  /// Whether the kernel can confine this process at all.
  package static var hasLandlock: Bool { vgt_landlock_version() > 0 }

  /// From here on nothing is opened for writing, made or removed.
  ///
  /// - Parameter output: A file whose removal stays allowed: a result that
  ///   could not be written whole must not stay.
  package static func giveUpWriting(exceptRemoving output: FilePath? = nil) {
    guard let output else { return SystemCalls.giveUpWriting(exceptRemovingIn: nil) }
    let folder = output.removingLastComponent()
    SystemCalls.giveUpWriting(exceptRemovingIn: folder.isEmpty ? "." : folder)
  }

  /// From here on nothing more is opened and no capability is left. Mappings
  /// and open files stay usable.
  package static func giveUpReaching() {
    vgt_give_up_reaching()
  }
}

/// Ctrl-C as a question that a long loop asks.
package enum Interruption {
  /// From here on the first SIGINT or SIGTERM only makes `isNoted` true.
  package static func note() {
    vgt_interrupt_note()
  }

  package static var isNoted: Bool { vgt_interrupt_noted() }
}
