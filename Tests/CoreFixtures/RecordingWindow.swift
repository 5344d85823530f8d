package import VgtCore

/// Answers loads from a script and records them.
///
/// A load that the script does not hold answers zero, so that a test sees it in
/// the trace and not as an error.
package final class RecordingWindow: MMIOWindow {
  private let answers: [Access]
  private let failing: (offset: UInt32, error: WindowError)?
  /// The loads made, in order, as the lines that captures have.
  package private(set) var trace: [String] = []

  /// - Parameter failing: The load that gives no value.
  package init(
    _ answers: [Access], failing: (offset: UInt32, error: WindowError)? = nil
  ) {
    self.answers = answers
    self.failing = failing
  }

  package func load(at offset: UInt32, width: AccessWidth) throws(WindowError) -> UInt64 {
    let answer = answers.first { $0.offset == offset && $0.width == width }?.value ?? 0
    trace.append("\(Access(offset: offset, width: width, value: answer))")
    if let failing, failing.offset == offset { throw failing.error }
    return answer
  }
}
