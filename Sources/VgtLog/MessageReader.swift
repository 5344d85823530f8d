internal import VgtCore

/// Reads what follows the words of a message, and makes an event of it.
struct MessageReader {
  let pattern: MessagePattern
  let prefix: RecordPrefix
  /// Where the message begins.
  let start: Int
  let line: Int

  func event(_ text: Span<UInt8>, _ cursor: TextCursor) -> LogEvent? {
    var cursor = cursor
    let dialect = pattern.dialect
    let kind: LogEvent.Kind?
    switch pattern.meaning {
    case .driver(let message): kind = self.kind(of: message, text, &cursor)
    case .host(let host): kind = self.kind(of: host, text, &cursor)
    case .kernel(let words): kind = self.kind(of: words, text, &cursor)
    }
    return kind.map {
      LogEvent(
        kind: $0, line: line, device: dialect == .xengt ? nil : prefix.device, dialect: dialect,
        stamp: prefix.stamp)
    }
  }

  private func kind(
    of message: DriverMessage, _ text: Span<UInt8>, _ cursor: inout TextCursor
  ) -> LogEvent.Kind? {
    switch message {
    case .detected, .detectedWithPV: .detected
    case .stolenDisabled, .gvtDisabledInGuest: .evidence
    case .versionMismatch: .ended(.versionMismatch)
    case .barNotMapped: .ended(.barNotMapped)
    case .refusedPPGTT: .ended(.refusedPPGTT)
    case .refusedHWSP: .ended(.refusedHWSP)
    case .configuration, .xenStart, .xenConfiguration: .heading
    case .mappable: .mappable(cursor.share(text, unit: .kib))
    case .unmappable: .unmappable(cursor.share(text, unit: .kib))
    case .xenLow: .mappable(cursor.share(text, unit: .kb))
    case .xenHigh: .unmappable(cursor.share(text, unit: .kb))
    case .range: .range(cursor.range(text, unit: .kib))
    case .xenRange: .range(cursor.range(text, unit: .kb))
    case .ballooned, .xenBallooned: .ended(.ballooned)
    case .balloonFailed, .xenBalloonFailed: .ended(.failed)
    case .invalid: .ended(.invalid)
    case .apertureOutOfRange: .failure(.gmadrSize, errno: nil)
    case .pageTableNotMapped, .pageTableNotMappedBefore49: .failure(.pageTable, errno: nil)
    case .initializationFailed, .probeFailed: .failure(.deviceInit, errno: cursor.errno(text))
    case .probeFailedBefore611:
      // The function's address stands between the words.
      .failure(.deviceInit, errno: cursor.skip(to: .error, text) ? cursor.errno(text) : nil)
    case .deballoonOops, .deballoonSpaceOops: .stoppedInDriver
    case .gvtUnsupported: .host(.unsupportedDevice, vgpu: nil, figures: [])
    case .xenWrongMagic: .host(.noPage, vgpu: nil, figures: [])
    default: nil
    }
  }

  private func kind(
    of host: HostMessage.Kind, _ text: Span<UInt8>, _ cursor: inout TextCursor
  ) -> LogEvent.Kind? {
    switch host {
    case .other:
      let vgpu = cursor.vgpu(text)
      if cursor.accept(.colon, text) {
        for (words, kind) in HostMessage.Kind.ofVgpu where cursor.accept(words, text) {
          return .host(kind, vgpu: vgpu, figures: figures(of: kind, text, &cursor))
        }
      }
      return .host(.other, vgpu: vgpu, figures: [])
    case .failsafe where pattern.stem.hasPrefix("Now"):
      return .host(.failsafe, vgpu: cursor.vgpu(text), figures: [])
    case .goldenState:
      // vid_0x8086_did_0x1916_rid_0x0007.golden_hw_state
      let device = cursor.skip(to: "did", text) ? cursor.address(text) : nil
      return .host(.goldenState, vgpu: nil, figures: device.map { [$0] } ?? [])
    default: return .host(host, vgpu: nil, figures: figures(of: host, text, &cursor))
    }
  }

  /// `request 64MB avail 0MB max 384MB taken 384MB`
  private func figures(
    of kind: HostMessage.Kind, _ text: Span<UInt8>, _ cursor: inout TextCursor
  ) -> [UInt64] {
    guard kind == .resourceRequest else { return [] }
    var figures: [UInt64] = []
    for word: Token in ["mb avail", "mb max", "mb taken", "mb"] {
      guard let figure = cursor.decimal(text), cursor.accept(word, text) else { return [] }
      figures.append(figure)
    }
    return figures
  }

  private func kind(
    of words: KernelWords, _ text: Span<UInt8>, _ cursor: inout TextCursor
  ) -> LogEvent.Kind? {
    switch words {
    case .start: .kernelStart
    case .oops: .oops
    case .warning:
      cursor.skip(to: "at drivers/gpu/drm/i915/gvt/", text, within: 96)
        ? .host(.warning, vgpu: nil, figures: []) : .warning
    case .instructionPointer:
      cursor.accept("vgt", text) || cursor.skip(to: "[i915]", text, within: 96)
        ? .stoppedInDriver : nil
    case .displayFunction: displayFunction(text)
    case .lost, .fragment: .fragment
    case .storedPart: cursor.decimal(text).map { .storedPart($0) }
    case .report: report(text, &cursor)
    case .reportEnd: .reportEnd
    }
  }

  /// `vgt-balloon 0.1.0: what`, `vgt-balloon capture: 2`, or JSON's
  /// `"name": "vgt-balloon", "version": "0.1.0"`, which ends in no line of its own.
  private func report(_ text: Span<UInt8>, _ cursor: inout TextCursor) -> LogEvent.Kind? {
    if cursor.accept("capture:", text) { return .report(hasEnd: true) }
    if cursor.accept("\",", text) {
      return cursor.accept("\"version", text) ? .report(hasEnd: false) : nil
    }
    guard cursor.decimal(text) != nil, cursor.accept(".", text),
      cursor.skip(to: ":", text, within: 16), !cursor.isNext("end of report", text)
    else { return nil }
    return .report(hasEnd: true)
  }

  /// The id of `pci 0000:00:02.0: [8086:1916] type 00 class 0x030000`.
  private func displayFunction(_ text: Span<UInt8>) -> LogEvent.Kind? {
    var index = start
    while index > 0, start - index < 48, !NormalizedText.Mark.isLineEnd(text[index - 1]) {
      index -= 1
      var cursor = TextCursor(at: index)
      guard cursor.accept("[8086:", text) else { continue }
      return cursor.number(text, radix: 16).map { .displayFunction(UInt16(truncatingIfNeeded: $0)) }
    }
    return nil
  }
}

extension TextCursor {
  fileprivate mutating func vgpu(_ text: Span<UInt8>) -> UInt32? {
    decimal(text).flatMap { UInt32(exactly: $0) }
  }
}
