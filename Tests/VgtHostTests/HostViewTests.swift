import CoreFixtures
import Testing
import VgtCore
import VgtHost

@Suite struct `The host's view` {
  @Test func `of two guests that keep apart is ok`() {
    let view = HostView(.healthy, .second)
    #expect(view.verdict == .ok)
    #expect(view.guests.map(\.id) == [1, 2])
    #expect(view.problems == [])
  }

  @Test func `shows one page that two guests have as an overlap`() {
    let view = HostView(.healthy, .second.mappable(at: 0x71C_6000))
    #expect(view.verdict == .failed)
    #expect(view.overlaps.map(\.kind) == [.mappable])
    #expect(view.overlaps.map(\.range) == [GraphicsRange(start: 0x71C_6000, end: 0x71C_7000)])
  }

  @Test func `names the earlier report first, wherever its share lies`() {
    let view = HostView(.second.mappable(at: 0x71C_6000), .healthy)
    #expect(view.overlaps.map(\.first) == [0])
    #expect(view.overlaps.map(\.second) == [1])
  }

  @Test func `has no overlap of shares that touch`() {
    #expect(HostView(.healthy, .second.mappable(at: 0x71C_7000)).overlaps == [])
  }

  @Test func `has no overlap with a share of no byte`() {
    #expect(HostView(.healthy, .second.mappable(at: 0x400_0000, size: 0)).overlaps == [])
  }

  @Test func `keeps the second report of a vGPU away`() {
    let view = HostView(.healthy, .healthy)
    #expect(view.guests.map(\.source) == ["1"])
    #expect(view.reasons == [.repeated(id: 1, source: "1")])
    #expect(view.verdict == .ok)
  }

  @Test func `names the first report of a vGPU in every repetition`() {
    let view = HostView(.healthy, .healthy, .healthy)
    #expect(
      view.problems == [
        InputProblem("2", .repeated(id: 1, source: "1")),
        InputProblem("3", .repeated(id: 1, source: "1")),
      ])
  }

  @Test func `shows both guests with one id and different shares, and is unusable`() {
    let view = HostView(.healthy, .second.id(1))
    #expect(view.guests.map(\.source) == ["1", "2"])
    #expect(view.reasons == [.sameID(1, source: "1")])
    #expect(view.verdict == .unusable)
  }

  @Test func `leaves out the guest that has another aperture`() {
    let view = HostView(.healthy, .second, .healthy.id(3).aperture(512 * mib))
    #expect(view.guests.map(\.source) == ["1", "2"])
    #expect(view.problems.map(\.source) == ["3"])
    #expect(view.verdict == .unusable)
    #expect(view.vgpuCount == 3)
  }

  @Test func `leaves out the guest that has another GGTT`() {
    let view = HostView(
      .healthy, .second,
      .healthy.id(3).changing(\.gmchControl, to: 0x80).unmappable(at: 0x1000_0000))
    #expect(view.problems.map(\.source) == ["3"])
    #expect(view.verdict == .unusable)
  }

  @Test func `leaves out the guest that has another GPU`() {
    let view = HostView(.healthy, .second, .healthy.id(3).changing(\.deviceID, to: 0x3E92))
    #expect(view.problems.map(\.source) == ["3"])
    #expect(view.verdict == .unusable)
  }

  @Test func `is of the host that most guests name, though another is named first`() {
    let view = HostView(.healthy.aperture(512 * mib), .healthy, .second)
    #expect(view.guests.map(\.source) == ["2", "3"])
    let (other, host) = (
      HostIdentity(ggtt: GGTT(total: 4 * gib, aperture: 512 * mib), deviceID: 0x5912),
      HostIdentity(ggtt: GGTT(total: 4 * gib, aperture: 256 * mib), deviceID: 0x5912)
    )
    #expect(view.reasons == [.otherHost(HostClaim(other), host: host, isTie: false)])
  }

  @Test func `is of the first host when as many guests name another, and says so`() {
    let view = HostView(.healthy.aperture(512 * mib).unmappable(at: 0x2000_0000), .healthy)
    #expect(view.guests.map(\.source) == ["1"])
    guard case .otherHost(_, _, let isTie) = view.reasons.first else {
      Issue.record("the second guest is not named")
      return
    }
    #expect(isTie)
  }

  @Test func `does not count a repeated report as a vote`() {
    let view = HostView(
      .healthy.aperture(512 * mib).unmappable(at: 0x2000_0000),
      .healthy.aperture(512 * mib).unmappable(at: 0x2000_0000), .healthy, .second)
    #expect(view.guests.map(\.source) == ["3", "4"])
  }

  @Test func `shows a share that leaves its space as far as it is inside`() {
    let view = HostView(.healthy.mappable(at: 0xF00_0000))
    #expect(view.reasons == [.strayShare(id: 1, .mappable)])
    #expect(view.verdict == .unusable)
    #expect(view.spaces.first?.holes == [GraphicsRange(start: 0, end: 0xF00_0000)])
  }

  @Test func `of nothing but machines without a vGPU is that there is none`() {
    let view = HostView(.healthy.answering(0, at: .magic))
    #expect(view.verdict == .noVgpu)
    #expect(view.reasons == [.noVgpu])
    #expect(view.spaces == [])
  }

  @Test func `ignores a machine without a vGPU beside a guest, and says so`() {
    let view = HostView(.healthy, .healthy.answering(0, at: .magic))
    #expect(view.verdict == .ok)
    #expect(view.problems == [InputProblem("2", .noVgpu)])
  }

  @Test func `names a device that could not be read`() {
    let view = HostView(.healthy, .second.changing(\.unreadable, to: .permission))
    #expect(view.verdict == .ok)
    #expect(view.reasons == [.unreadableDevice(Capture.second.address, .permission)])
  }

  @Test func `has no place for a vGPU without BAR2`() {
    let view = HostView(.healthy.changing(\.bar2, to: nil), .second)
    #expect(view.reasons == [.sizesUnknown(Capture.healthy.address)])
    #expect(view.verdict == .unusable)
    #expect(view.guests.map(\.source) == ["2"])
  }

  @Test func `says nothing of another display beside the vGPU of one report`() {
    var evidence = HostInputs()
    evidence.add(captures: [.healthy, .healthy.answering(0, at: .magic)], from: "guest")
    #expect(evidence.problems == [])
    #expect(evidence.guests.count == 1)
  }
}

@Suite struct `The sample among the inputs` {
  private let sample = Capture.sample

  @Test func `never counts beside a guest of a machine`() {
    let view = HostView(sample, .second)
    #expect(view.guests.map(\.source) == ["2"])
    #expect(view.problems == [InputProblem("1", .sample)])
    #expect(view.verdict == .ok)
  }

  @Test func `is shown where it is alone`() {
    #expect(HostView(sample).guests.map(\.isSample) == [true])
  }
}

@Suite struct `A set of vGPUs` {
  /// Guests with ids from 1 on, each with 64 MiB of aperture, that keep apart.
  private func view(_ count: UInt32) -> HostView {
    var inputs = HostInputs()
    for id in 1...count {
      let capture = Capture.healthy.id(id).mappable(at: UInt64(id - 1) * 64 * mib, size: 64 * mib)
        .unmappable(at: 256 * mib + UInt64(id - 1) * 384 * mib)
      inputs.add(captures: [capture], from: "\(id)")
    }
    return HostView(inputs)
  }

  @Test func `of two fits the 128 MiB that a host gives of an aperture of 256 MiB`() {
    #expect(view(2).excesses == [])
    #expect(view(2).verdict == .ok)
  }

  @Test func `of three cannot be on one host`() {
    let view = view(3)
    #expect(
      view.excesses.map { [$0.given, $0.limit] } == [[192 * mib, 128 * mib]])
    #expect(view.verdict == .unusable)
  }

  @Test func `with more fences than a host gives cannot be on one host`() {
    // 32 fences, of which the host keeps 4.
    #expect(HostView(.healthy.fences(28)).verdict == .ok)
    #expect(HostView(.healthy.fences(29)).excesses.map(\.resource) == [.fences])
  }

  @Test func `of eight has more ids than a host`() {
    var inputs = HostInputs()
    for id in 1...8 as ClosedRange<UInt32> {
      let capture = Capture.healthy.id(id).mappable(at: UInt64(id) * mib, size: mib)
        .unmappable(at: 0x1000_0000 + UInt64(id) * mib, size: mib).fences(1)
      inputs.add(captures: [capture], from: "\(id)")
    }
    #expect(HostView(inputs).excesses.map(\.resource) == [.ids])
  }

  @Test func `ends with the 64th`() {
    var inputs = HostInputs()
    for id in 1...65 as ClosedRange<UInt32> {
      inputs.add(
        captures: [
          .healthy.id(id).mappable(at: UInt64(id) * mib, size: mib)
            .unmappable(at: 0x1000_0000 + UInt64(id) * mib, size: mib)
        ], from: "\(id)")
    }
    let view = HostView(inputs)
    #expect(view.guests.count == 64)
    #expect(view.reasons == [.tooManyGuests(limit: 64)])
    #expect(view.problems.map(\.source) == ["65"])
    #expect(view.verdict == .unusable)
  }

  @Test func `has the verdict of each guest's own report`() {
    let refused = Capture.second.mappable(at: 0xF00_0000)
    #expect(HostView(.healthy, refused).guests.map(\.verdict) == [.ok, .failed])
  }
}
