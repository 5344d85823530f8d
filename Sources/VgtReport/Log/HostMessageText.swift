internal import VgtCore
internal import VgtLog

/// The part of a log's text that is about the host's messages: each kind once,
/// since a host repeats itself.
struct HostMessageText {
  private let report: LogReport

  init(_ report: LogReport) {
    self.report = report
  }

  func write(to page: inout TextPage) {
    let messages = report.hostMessages
    guard !messages.isEmpty else { return writePlatforms(to: &page) }
    page.heading("HOST MESSAGES (they say nothing of a guest's balloon)")
    for kind in HostMessage.Kind.allCases {
      let ofKind = messages.filter { $0.message.kind == kind }
      guard let first = ofKind.first else { continue }
      let place = "\(first.source.printable), line \(first.message.line)"
      let count = ofKind.count == 1 ? place : "\(ofKind.count) messages, the first in \(place)"
      page.entry(kind.rawValue, count, column: 21, colour: kind.isHarmless ? nil : .yellow)
      page.entry("", "\(kind.isHarmless ? "harmless: " : "")\(kind.meaning)", column: 4)
      let ids = Set(ofKind.compactMap(\.message.vgpu)).sorted()
      if !ids.isEmpty {
        let names = ids.map { "\($0)" }.joined(separator: ", ")
        page.entry("", "vGPU \(names): the guest whose report has this id", column: 4)
      }
      if let request = ofKind.map(\.message).last(where: { $0.figures.count == 4 }) {
        let figures = request.figures
        page.entry(
          "",
          "asked for \(figures[0]) MiB; left \(figures[1]) of \(figures[2]) MiB, \(figures[3]) MiB"
            + " taken", column: 4)
      }
      if let remedy = kind.remedy { page.entry("", "what to do: \(remedy)", column: 4) }
    }
    writePlatforms(to: &page)
  }

  /// Whether the GPUs that the log names can host GVT-g.
  private func writePlatforms(to page: inout TextPage) {
    let devices = report.inputs.flatMap(\.contents.displayFunctions).firstOccurrences
    let isAsked = report.inputs.contains { input in
      input.contents.hostMessages.contains { $0.kind.isAboutPlatform }
    }
    let hasBoots = report.inputs.contains { !$0.contents.probes.isEmpty }
    guard isAsked || !hasBoots, isAsked || !devices.isEmpty else { return }
    page.heading("PLATFORM")
    for device in devices {
      let platform = Platform(deviceID: device)
      let name = Platform.pciID(device)
      let answer =
        switch platform {
        case let platform? where platform.typePrefix != nil:
          "Intel \(platform.name), can host GVT-g (\(platform.typePrefix ?? "") types)"
        case let platform?:
          "Intel \(platform.name), hosts only before the mainline kernel had GVT-g"
        case nil: "not a platform that can host GVT-g"
        }
      page.entry(name, answer)
    }
    page.entry(
      "supported",
      "\(Platform.hosts.joined(separator: ", ")); not Gemini Lake, Ice Lake or anything later")
  }
}

extension Platform {
  /// Those on which the mainline kernel can host GVT-g. Source: Linux 6.1
  /// `intel_gvt.c`, `is_supported_device`.
  fileprivate static var hosts: [String] {
    all.filter { $0.typePrefix != nil }.map(\.name)
  }
}

extension [UInt16] {
  fileprivate var firstOccurrences: [UInt16] {
    reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

extension HostMessage.Kind {
  /// Whether nothing needs to be done.
  var isHarmless: Bool {
    switch self {
    case .goldenState, .untrackedAccess, .pvInfoAccess: true
    default: false
    }
  }

  /// Whether it depends on which GPU it is.
  fileprivate var isAboutPlatform: Bool {
    self == .unsupportedDevice || self == .xengtHost || self == .noPage
  }

  /// One phrase.
  var meaning: String {
    switch self {
    case .resourceExhausted:
      "by the host's accounting, too little graphics address space or too few fences are left for"
        + " this vGPU"
    case .resourceRequest: "what was asked for and what is left, of the resource named before it"
    case .noContiguousSpace:
      "enough space is left in all, but not in one piece: the host's desktop or other vGPUs lie"
        + " between"
    case .createFailed:
      "a vGPU was not created; without another line, all 7 ids are in use"
    case .failsafe:
      "the vGPU is in failsafe mode: its guest's accesses go to plain memory until it is reset"
    case .pvInfoAccess:
      "the guest accessed a part of the PV info page that holds nothing"
    case .fenceAccess: "the guest used a fence register that it was not given"
    case .addressInvalid: "the guest used a graphics address outside its shares"
    case .accessFailed: "the host refused an access of the guest, which read all ones"
    case .untrackedAccess: "the guest accessed a register that the host does not emulate"
    case .gucSubmission: "GVT-g does not start while i915 submits through the GuC"
    case .unsupportedDevice:
      "i915 was asked for GVT-g (enable_gvt=1) on a GPU that cannot host it: a host's or bare"
        + " metal's line, not a guest's"
    case .goldenState:
      "the file is only for debugging; the host takes a snapshot of the GPU instead"
    case .warning: "a warning of the host's GVT-g code"
    case .xengtHost: "the host side of XenGT or KVMGT, before the mainline kernel had GVT-g"
    case .noPage: "XenGT's driver found no PV info page: there is no vGPU here"
    case .other: "another message of GVT-g's host side about this vGPU"
    }
  }

  /// What the host's administrator can do; `nil` when nothing needs to be done.
  var remedy: String? {
    switch self {
    case .resourceExhausted, .resourceRequest:
      "remove a vGPU, choose a smaller type, or raise the aperture size in the firmware setup"
    case .noContiguousSpace:
      "create vGPUs before the host's desktop starts; vgt-balloon host REPORT... shows the holes"
    case .createFailed: "see the lines before it; at most 7 vGPUs can exist"
    case .failsafe: "reset the virtual machine; use a guest driver that knows GVT-g"
    case .fenceAccess, .addressInvalid, .accessFailed:
      "run vgt-balloon report in that guest and attach it to the bug report"
    case .gucSubmission: "load the host's i915 with enable_guc=0"
    case .unsupportedDevice: "use a supported platform, or leave enable_gvt out"
    case .warning: "attach the whole warning to the bug report"
    case .noPage: "check that the virtual machine was given a vGPU"
    case .pvInfoAccess, .untrackedAccess, .goldenState, .xengtHost, .other: nil
    }
  }
}
