import CoreFixtures
import VgtCore
import VgtHost

let kib: UInt64 = 1 << 10
let mib: UInt64 = 1 << 20
let gib: UInt64 = 1 << 30

extension Capture {
  /// A guest of type GVTg_V5_8 on a Kaby Lake host with an aperture of 256 MiB
  /// and a GGTT of 4 GiB: the sample's shares, as a machine's own report.
  static var healthy: Capture {
    var capture = sample
    capture.isSample = false
    return capture
  }

  /// The same load with another answer.
  func answering(_ value: UInt64, at register: Register) -> Capture {
    changing(
      \.accesses,
      to: accesses.map { access in
        access.offset == register.offset
          ? Access(offset: access.offset, width: access.width, value: value) : access
      })
  }

  func id(_ id: UInt32) -> Capture { answering(UInt64(id) << 32 | 1, at: .versionAndID) }

  func mappable(at base: UInt64, size: UInt64 = 64 * mib) -> Capture {
    answering(size << 32 | base, at: .mappable)
  }

  func unmappable(at base: UInt64, size: UInt64 = 384 * mib) -> Capture {
    answering(size << 32 | base, at: .unmappable)
  }

  func fences(_ count: UInt64) -> Capture { answering(count, at: .fenceCount) }

  func aperture(_ size: UInt64) -> Capture {
    changing(\.bar2, to: BAR(address: 0xC000_0000, size: size))
  }

  /// A second guest beside `healthy`, which it does not touch.
  static var second: Capture { healthy.id(2).mappable(at: 0x71C_7000).unmappable(at: 0x1000_0000) }

  /// As the report's text form holds it.
  var bytes: [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }
}

extension HostView {
  /// The view of reports that hold these captures: "1", "2" and so on.
  init(_ captures: Capture...) {
    var evidence = HostInputs()
    for (index, capture) in captures.enumerated() {
      evidence.add(captures: [capture], from: "\(index + 1)")
    }
    self.init(evidence)
  }

  var reasons: [InputProblem.Reason] { problems.map(\.reason) }
}
