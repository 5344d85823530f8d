internal import CVgtProcess
package import SystemPackage

/// What the process gives up, for good, as soon as it has what it needs.
///
/// Reports are pasted by strangers and pages are written by hosts; the code
/// that works on them needs neither root's rights nor further files, nor more
/// than a handful of system calls. Where the kernel has no Landlock, the
/// capabilities and the calls still go.
package enum Confinement {
  /// Whether the kernel can confine this process at all.
  package static var hasLandlock: Bool { vgt_landlock_version() > 0 }

  /// From here on nothing is opened for writing, made or removed.
  ///
  /// - Parameter output: A file that may still get its name: the result, once
  ///   it is whole.
  /// - Throws: `Errno` of a Landlock that is there and refuses.
  package static func denyWrites(exceptNaming output: FilePath? = nil) throws(Errno) {
    try SystemCalls.denyWrites(exceptNamingIn: output?.folder)
  }

  /// What `denyAccess` leaves the right to end; one process, the last named.
  package static func keepRight(toEnd child: Int32) {
    vgt_filter_keep_child(child)
  }

  /// From here on nothing more is opened, no capability is left, and only the
  /// system calls of vgt_filter.c are answered. Mappings and open files stay
  /// usable.
  ///
  /// - Parameter output: As for `denyWrites`. In a folder of another user root
  ///   keeps the one capability that it takes.
  /// - Throws: `Errno` of a Landlock or a filter that is there and refuses.
  package static func denyAccess(exceptNaming output: FilePath? = nil) throws(Errno) {
    try SystemCalls.denyAccess(exceptNamingIn: output?.folder)
  }
}

extension FilePath {
  /// The folder that the file is in, as a path of its own.
  var folder: FilePath {
    let folder = removingLastComponent()
    return folder.isEmpty ? "." : folder
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
