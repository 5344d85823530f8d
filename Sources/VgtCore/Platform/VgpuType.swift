/// The vGPU types of the mainline host.
///
/// Source: Linux 6.1 `gvt/vgpu.c`, `vgpu_types`; the same from 4.11 on.
package struct VgpuType: Hashable, Sendable {
  /// 1, 2, 4 or 8: the end of the name. Not a count of instances.
  package let suffix: Int
  /// The mappable share, in bytes.
  package let lowSize: UInt64
  /// The unmappable share, in bytes.
  package let highSize: UInt64
  package let fences: UInt64

  /// Smallest share first, as capacity tables list them.
  package static let all: [VgpuType] = [
    VgpuType(suffix: 8, lowSize: 64 << 20, highSize: 384 << 20, fences: 4),
    VgpuType(suffix: 4, lowSize: 128 << 20, highSize: 512 << 20, fences: 4),
    VgpuType(suffix: 2, lowSize: 256 << 20, highSize: 1024 << 20, fences: 4),
    VgpuType(suffix: 1, lowSize: 512 << 20, highSize: 2048 << 20, fences: 4),
  ]

  /// The type whose shares have these sizes, whatever the fence count.
  package init?(of page: VgtIf) {
    guard
      let type = Self.all.first(where: {
        $0.lowSize == page.mappable.size && $0.highSize == page.unmappable.size
      })
    else { return nil }
    self = type
  }

  package init(suffix: Int, lowSize: UInt64, highSize: UInt64, fences: UInt64) {
    self.suffix = suffix
    self.lowSize = lowSize
    self.highSize = highSize
    self.fences = fences
  }

  /// The host's name for it on a platform; `nil` where the host has none.
  package func name(on platform: Platform) -> String? {
    platform.typePrefix.map { "\($0)_\(suffix)" }
  }
}
