internal import CVgtProcess

/// What the process sees to before it opens, reads or prints anything.
package enum ProcessStart {
  /// Lets writes fail that would end the process by a signal (SIGPIPE,
  /// SIGXFSZ).
  package static func prepare() {
    vgt_process_start()
  }

  /// Puts something that answers nothing where a standard stream is closed, so
  /// that no file that is opened takes its place.
  package static func takeStandardDescriptors() {
    vgt_take_standard_descriptors()
  }

  /// Lets this process open as many files as it may at all.
  package static func raiseDescriptorLimit() {
    vgt_raise_descriptor_limit()
  }
}
