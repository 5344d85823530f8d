internal import VgtCore

/// The map of each vGPU as a picture, with its numbers; the capture is inside,
/// unseen, so that `--from` reads the picture as well.
package struct SVGReport: Sendable {
  private let report: Report

  package init(_ report: Report) {
    self.report = report
  }

  package var text: String {
    var page = SVGPage()
    page.skip(12)
    page.words("\(Tool.title): \(report.verdict.rawValue)", style: "title")
    page.words(report.sentence)
    if report.isSample { page.words("Sample: the embedded guest, not this machine.") }
    for device in report.devices {
      draw(device, on: &page)
    }
    return page.document(
      title: "\(Tool.title): \(report.sentence)",
      metadata: report.devices.map { "\n" + $0.capture.lines.joined(separator: "\n") + "\n" }
        .joined())
  }

  private func draw(_ device: Diagnosis, on page: inout SVGPage) {
    page.skip(12)
    page.words("\(device.capture.address): \(device.verdict.sentence)", style: "title")
    for essential in device.essentials where ["GPU", "GGTT", "vGPU"].contains(essential.label) {
      page.words(essential.text, style: "small")
    }
    for finding in device.findings where finding.severity == .failure {
      page.words("\(finding.code.rawValue)", style: "small")
    }
    if let map = device.map { SVGMap(map).draw(on: &page) }
  }
}

/// The guest's view of the graphics address space, not to scale: each region is
/// high enough for its words.
private struct SVGMap {
  private let map: GraphicsMap
  private static let left = 200
  private static let width = 240
  private static let leastHeight = 28
  /// Shared out over the regions by size, on top of the least height.
  private static let spareHeight = 220

  init(_ map: GraphicsMap) {
    self.map = map
  }

  func draw(on page: inout SVGPage) {
    page.skip(20)
    page.words("guest's view; addresses in bytes, ends exclusive", x: Self.left, style: "small")
    page.skip(6)
    // The borders lie over the regions, so they come last.
    var borders: [(address: UInt64, y: Int)] = []
    for region in map.regions {
      borders.append((region.range.start, page.y))
      draw(region, on: &page)
    }
    borders.append((map.ggtt.total, page.y))
    for border in borders {
      draw(borderAt: border.address, y: border.y, on: &page)
    }
    page.skip(10)
  }

  private func draw(_ region: GraphicsMap.Region, on page: inout SVGPage) {
    let share = Double(region.range.size) / Double(max(1, map.ggtt.total))
    let height = Self.leastHeight + Int(share * Double(Self.spareHeight))
    let style =
      switch region.use {
      case .own: "own"
      case .reserved: "reserved"
      case .guardPage: "guard"
      }
    let words = "\(region.use.rawValue) \(bytesText(region.range.size))"
    let middle = page.y + height / 2
    page.add(
      SVGPage.box(x: Self.left, y: page.y, width: Self.width, height: height, style: style))
    if region.use == .reserved {
      // The words stand on the ground's colour, since hatching hides them.
      let wordsWidth = words.count * 8 + 8
      page.add(
        SVGPage.box(
          x: Self.left + (Self.width - wordsWidth) / 2, y: middle - 9, width: wordsWidth,
          height: 18, style: "label"))
    }
    page.add(
      SVGPage.words(
        words, x: Self.left + Self.width / 2, y: middle + 4, anchor: "middle"))
    page.add(
      SVGPage.words(
        region.isMappable ? "mappable" : "unmappable", x: Self.left + Self.width + 12,
        y: middle + 4, style: "small"))
    page.skip(height)
  }

  private func draw(borderAt address: UInt64, y: Int, on page: inout SVGPage) {
    page.add(
      SVGPage.words(
        address.hex(), x: Self.left - 12, y: y + 4, style: "small", anchor: "end"))
    guard address == map.ggtt.aperture else { return }
    // The double line between the aperture and the rest.
    for offset in [-3, 0] {
      page.add(
        SVGPage.line(y: y + offset, from: Self.left - 8, to: Self.left + Self.width + 8))
    }
    page.add(
      SVGPage.words(
        "end of aperture", x: Self.left + Self.width + 12, y: y + 4, style: "small"))
  }
}
