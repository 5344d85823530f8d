import CoreFixtures
import Testing
import VgtCore
import VgtHost

/// How many vGPUs of each type a host without one can create, as worked out by
/// hand from the constants of Linux 6.1 `gvt/gvt.h` and `gvt/vgpu.c`.
private let table: [(aperture: UInt64, total: UInt64, offers: [Int: UInt64]?)] = [
  (128, 2048, [:]),
  (128, 4096, [:]),
  (256, 2048, [8: 2, 4: 1]),
  (256, 4096, [8: 2, 4: 1]),
  (512, 2048, [8: 3, 4: 2, 2: 1]),
  (512, 4096, [8: 6, 4: 3, 2: 1]),
  (1024, 2048, [8: 1, 4: 1, 2: 0, 1: 0]),
  (1024, 4096, [8: 7, 4: 5, 2: 2, 1: 1]),
  // Nothing lies above the aperture: the host's subtraction wraps.
  (2048, 2048, nil),
  (2048, 4096, [8: 4, 4: 3, 2: 1, 1: 0]),
]

@Suite struct `A host without a vGPU` {
  @Test(arguments: table)
  func `offers what the table says`(
    aperture: UInt64, total: UInt64, offers: [Int: UInt64]?
  ) {
    let fresh = EmptyHost(GGTT(total: total * mib, aperture: aperture * mib))
    let found = fresh.map { fresh in
      Dictionary(uniqueKeysWithValues: fresh.instances.map { ($0.type.suffix, $0.count) })
    }
    #expect(found == offers)
  }

  @Test func `lists its types from the smallest on`() {
    let fresh = EmptyHost(GGTT(total: 4 * gib, aperture: gib))
    #expect(fresh?.instances.map(\.type.suffix) == [8, 4, 2, 1])
  }

  @Test func `lists a type of which none fits above the aperture`() {
    let fresh = EmptyHost(GGTT(total: 4 * gib, aperture: 2 * gib))
    #expect(fresh?.instances.last?.count == 0)
  }
}

@Suite struct `What still fits beside a guest` {
  @Test func `is counted by holes and by the host's books`() {
    // Mappable holes of 49.8 and 142.2 MiB; 256 - 128 - 64 = 64 MiB by the books.
    let view = HostView(.healthy)
    #expect(view.fits.map(\.contiguous) == [2, 1, 0, 0])
    #expect(view.fits.map(\.accounting) == [1, 0, 0, 0])
  }

  @Test func `begins at a page border`() {
    let bordering = HostView(.healthy.mappable(at: 0, size: 128 * mib))
    let askew = HostView(.healthy.mappable(at: 0, size: 128 * mib + 1))
    #expect(bordering.fits.first?.mappableHoles == 2)
    #expect(askew.fits.first?.mappableHoles == 1)
  }

  @Test func `ends with the fences`() {
    let view = HostView(.healthy.fences(25))
    #expect(view.fits.map(\.contiguous) == [0, 0, 0, 0])
    #expect(view.fits.map(\.accounting) == [0, 0, 0, 0])
  }

  @Test func `survives a fence count that no host gives`() {
    #expect(HostView(.healthy.fences(0xFFFF_FFFF)).allocation?.fencesLeft == 0)
  }

  @Test func `ends with the seventh id`() {
    let tiny = (1...7).map { id in
      Capture.healthy.id(id).mappable(at: UInt64(id) << 12, size: 4096)
        .unmappable(at: 0x1000_0000 + UInt64(id) << 12, size: 4096).fences(0)
    }
    var evidence = HostInputs()
    for capture in tiny.dropLast() {
      evidence.add(captures: [capture], from: "\(capture.checksum)")
    }
    #expect(HostView(evidence).fits.first?.ids == 1)
    evidence.add(captures: [tiny[6]], from: "last")
    #expect(HostView(evidence).fits.map(\.contiguous) == [0, 0, 0, 0])
    #expect(HostView(evidence).fits.map(\.accounting) == [0, 0, 0, 0])
  }

  @Test func `takes no id for one that no mainline host gives`() {
    #expect(HostView(.healthy.id(9)).allocation?.idsLeft == 7)
  }

  @Test func `has the names of the host's generation`() {
    let broadwell = HostView(.healthy.changing(\.deviceID, to: 0x1616))
    #expect(broadwell.guests.map { broadwell.typeName(of: $0) } == ["GVTg_V4_8"])
  }

  @Test func `is unknown where the mainline host has no types`() {
    let haswell = Capture.healthy.changing(\.deviceID, to: 0x0412).changing(
      \.gmchControl, to: 0x0200)
    #expect(HostView(haswell).fits == [])
  }
}
