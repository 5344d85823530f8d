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
    var rest = Substring(release).utf8
    let dot = UInt8(ascii: ".")
    guard let major = Self.number(in: &rest), rest.popFirst() == dot,
      let minor = Self.number(in: &rest)
    else { return nil }
    self.init(
      major, minor, rest.firstIndex(of: dot).map { Self.sublevel(of: rest[$0...].dropFirst()) } ?? 0
    )
  }

  private static func sublevel(of text: Substring.UTF8View) -> Int {
    guard text.first.map(isDigit) == true else { return 0 }
    var rest = text
    let sublevel = number(in: &rest) ?? unknownSublevel
    let isBuild = rest.popFirst() == UInt8(ascii: "-") && rest.first.map(isDigit) == true
    return sublevel == 0 && isBuild ? unknownSublevel : sublevel
  }

  /// Takes the digits at the beginning; `nil` when there are none, or too many.
  private static func number(in text: inout Substring.UTF8View) -> Int? {
    let digits = text.prefix(while: isDigit)
    text = text[digits.endIndex...]
    return Int(Substring(digits))
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
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
