/// A kernel release as `uname -r` gives it.
///
/// The release is not the driver's version: distributions carry newer i915
/// code under old numbers. It is used where nothing better is known.
package struct KernelRelease: Hashable, Sendable {
  package let text: String
  /// `nil` when the text does not start with two numbers.
  package let version: KernelVersion?

  package init(_ text: String) {
    self.text = text
    version = KernelVersion(release: text)
  }
}

/// A version of the mainline or a stable kernel.
package struct KernelVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let major: Int
  package let minor: Int
  /// The third number. Distributions leave it at 0 and count their own builds
  /// after a dash (`5.10.0-33-amd64`); they follow the stable series, so theirs
  /// counts as the last of it.
  package let sublevel: Int

  package static let unknownSublevel = Int.max

  package init(_ major: Int, _ minor: Int, _ sublevel: Int = 0) {
    self.major = major
    self.minor = minor
    self.sublevel = sublevel
  }

  /// Later than every version there is.
  package static let newest = KernelVersion(Int.max, 0)

  fileprivate init?(release: String) {
    let fields = release.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count >= 2, Self.digits(of: fields[0]) == fields[0], let major = Int(fields[0]),
      let minor = Int(Self.digits(of: fields[1]))
    else { return nil }
    self.init(major, minor, fields.count == 3 ? Self.sublevel(of: fields[2]) : 0)
  }

  private static func sublevel(of text: Substring) -> Int {
    let digits = Self.digits(of: text)
    guard !digits.isEmpty else { return 0 }
    let build = text.dropFirst(digits.count)
    if build.first == "-", !Self.digits(of: build.dropFirst()).isEmpty, Int(digits) == 0 {
      return unknownSublevel
    }
    return Int(digits) ?? unknownSublevel
  }

  private static func digits(of text: Substring) -> Substring {
    text.prefix { $0.isASCII && $0.isNumber }
  }

  package static func < (left: KernelVersion, right: KernelVersion) -> Bool {
    (left.major, left.minor, left.sublevel) < (right.major, right.minor, right.sublevel)
  }

  package var description: String {
    sublevel == 0 || sublevel == Self.unknownSublevel
      ? "\(major).\(minor)" : "\(major).\(minor).\(sublevel)"
  }
}

/// Kernels from one version to before another.
package struct KernelRange: Hashable, Sendable {
  package let lowerBound: KernelVersion
  /// Exclusive; `nil` where there is no end.
  package let upperBound: KernelVersion?

  package init(from lowerBound: KernelVersion, before upperBound: KernelVersion? = nil) {
    self.lowerBound = lowerBound
    self.upperBound = upperBound
  }

  package func contains(_ version: KernelVersion) -> Bool {
    version >= lowerBound && upperBound.map { version < $0 } ?? true
  }
}
