package import VgtCore

/// The two parts of the graphics address space; a vGPU has one share in each.
package enum SpaceKind: String, Hashable, Sendable, CaseIterable {
  /// The aperture.
  case mappable
  /// What lies above it.
  case unmappable
}

extension GGTT {
  package func range(_ kind: SpaceKind) -> GraphicsRange {
    switch kind {
    case .mappable: GraphicsRange(start: 0, end: aperture)
    case .unmappable: GraphicsRange(start: aperture, end: total)
    }
  }
}

extension GraphicsRange {
  /// The bytes in both; `nil` when there are none.
  package func intersection(_ other: GraphicsRange) -> GraphicsRange? {
    let (start, end) = (max(start, other.start), min(end, other.end))
    return start < end ? GraphicsRange(start: start, end: end) : nil
  }
}
