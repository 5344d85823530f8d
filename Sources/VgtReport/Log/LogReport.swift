package import VgtCore
package import VgtLog

/// What kernel logs say of GVT-g.
package struct LogReport: Hashable, Sendable {
  /// A file's name as the user gave it, `-` for standard input, and what it
  /// holds.
  package let inputs: [Input]
  /// How many were given besides that could not be read.
  package let unreadInputs: Int

  package struct Input: Hashable, Sendable {
    package let source: String
    package let contents: LogContents

    package init(source: String, contents: LogContents = LogContents()) {
      self.source = source
      self.contents = contents
    }
  }

  /// One probe and where it was read.
  package struct Entry: Hashable, Sendable {
    package let source: String
    package let boot: LogProbe
  }

  package init(_ inputs: [Input], unreadInputs: Int = 0) {
    self.inputs = inputs
    self.unreadInputs = unreadInputs
  }

  package var boots: [Entry] {
    inputs.flatMap { input in
      input.contents.probes.map { Entry(source: input.source, boot: $0) }
    }
  }

  /// What a reader should know of the inputs, one line each.
  package var notes: [String] {
    inputs.flatMap { input in
      let name = input.source == "-" ? "standard input" : input.source
      return input.contents.reports.map { line in
        "\(name), line \(line): skipped a report of vgt-balloon; to read one with a capture:"
          + " vgt-balloon --from FILE"
      }
    }
  }

  /// The host's messages and where each was read.
  package var hostMessages: [(source: String, message: HostMessage)] {
    inputs.flatMap { input in
      input.contents.hostMessages.map { (source: input.source, message: $0) }
    }
  }

  /// No outcome of a boot, where none failed, is `unreadable`.
  package var verdict: Verdict {
    let probes = inputs.lazy.flatMap(\.contents.probes)
    if probes.isEmpty { return .noVgpu }
    if probes.contains(where: \.isFailure) { return .failed }
    return probes.contains(where: \.isOpen) ? .unreadable : .ok
  }
}
