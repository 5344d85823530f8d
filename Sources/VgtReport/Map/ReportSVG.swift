internal import VgtCore

extension Report {
  /// The map of each vGPU as a picture, with its numbers; the capture is inside,
  /// unseen, so that `--from` reads the picture as well.
  package var svg: String {
    var page = SVGPage(self)
    if isSample { page.words("Sample: the embedded guest, not this machine.") }
    for device in devices { device.draw(on: &page, isAlone: devices.count == 1) }
    return page.document(
      metadata: devices.map { "\n" + $0.capture.lines.joined(separator: "\n") + "\n" }
        .joined(separator: ""))
  }
}

extension Diagnosis {
  fileprivate func draw(on page: inout SVGPage, isAlone: Bool) {
    page.skip(12)
    page.words("\(capture.address)\(isAlone ? "" : ": \(verdict.rawValue)")", style: "title")
    if !isAlone { page.words(headline) }
    for attribute in attributes where ["GPU", "GGTT", "vGPU"].contains(attribute.label) {
      page.words(attribute.text, style: "small")
    }
    for finding in findings where finding.severity == .failure {
      page.words("\(finding.check.code): \(finding.text)", style: "small")
    }
    if let map = AddressMap(self) {
      SVGMap(map).draw(on: &page)
    } else if verdict != .noVgpu {
      page.words("no map: \(mapObstacle)", style: "small")
    }
  }

  /// Why there is no map.
  private var mapObstacle: String {
    if let cause = unreadableCause {
      return "\(cause.reason); \(cause.nextStep(withDriver: capture.driver))"
    }
    return ggtt == nil
      ? "the sizes of the GGTT and of its aperture are not known" : "the page cannot be read"
  }
}
