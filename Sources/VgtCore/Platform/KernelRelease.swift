/// A kernel release as `uname -r` gives it.
///
/// The release is not the driver's version: distributions carry newer i915
/// code under old numbers. It is used where nothing better is known.
package struct KernelRelease: Hashable, Sendable {
  package let text: String
  /// Major and minor; `nil` when the text does not start with two numbers.
  package let version: Version?

  package struct Version: Hashable, Sendable, Comparable {
    package let major: Int
    package let minor: Int

    package init(_ major: Int, _ minor: Int) {
      self.major = major
      self.minor = minor
    }

    package static func < (left: Version, right: Version) -> Bool {
      (left.major, left.minor) < (right.major, right.minor)
    }
  }

  package init(_ text: String) {
    self.text = text
    let fields = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count >= 2, Self.digits(of: fields[0]) == fields[0], let major = Int(fields[0]),
      let minor = Int(Self.digits(of: fields[1]))
    else {
      version = nil
      return
    }
    version = Version(major, minor)
  }

  private static func digits(of text: Substring) -> Substring {
    text.prefix { $0.isASCII && $0.isNumber }
  }

  /// The rule that mainline's driver of this version follows. Before 4.1 it
  /// does not balloon: a driver that does, under such a release, was carried
  /// over from a newer kernel. Source: Linux 4.1, 4.7, 4.11 and 4.12
  /// `i915_vgpu.c`, `intel_vgt_balloon`.
  package var balloonRule: BalloonRule {
    isIn(Version(4, 1)..<Version(4, 12)) ? .guardPage : .exact
  }

  /// Whether the driver of this version demands capability bits 2 and 3. A
  /// release that cannot be read counts as recent. Source: Linux 5.0
  /// `i915_drv.c`, `i915_driver_load`.
  package var demandsCapabilities: Bool { isIn(Version(5, 0)...) }

  /// Whether the version lies in the range; a text without one counts as the
  /// newest kernel.
  package func isIn(_ versions: some RangeExpression<Version>) -> Bool {
    versions.contains(version ?? Version(Int.max, 0))
  }
}
