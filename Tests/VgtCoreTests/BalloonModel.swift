import VgtCore

/// Ballooning told again, page by page and from the facts alone, to hold the
/// real one against: who has each page is written into an array, and the
/// ranges are read off it.
///
/// All quantities are pages. Nothing here is shared with `Balloon`.
struct BalloonModel: CustomStringConvertible {
  var total: Int
  var aperture: Int
  var mappableBase: Int
  var mappableSize: Int
  var unmappableBase: Int
  var unmappableSize: Int
  var hasGuardPage: Bool

  enum Owner: UInt8 {
    case lowOthers, guest, highOthers, hiddenLowOthers, hiddenGuest, hiddenHighOthers, guardPage
  }

  enum Answer: Equatable {
    /// The name of what is wrong, as JSON has it.
    case refused(String)
    /// First and last page of each range, in the driver's order.
    case ranges([ClosedRange<Int>])
  }

  var description: String {
    "total \(total), aperture \(aperture), mappable \(mappableBase)+\(mappableSize), unmappable"
      + " \(unmappableBase)+\(unmappableSize) pages, guard page \(hasGuardPage)"
  }

  var answer: Answer {
    if let refusal { return .refused(refusal) }
    var owners = owners
    if hasGuardPage, let last = owners.last {
      switch last {
      case .guest, .hiddenGuest: break
      case .hiddenHighOthers: owners[total - 1] = .guardPage
      // The allocator ends before this page, so it cannot give it.
      default: return .refused("reservation-failed")
      }
    }
    let runs = Self.runs(of: owners)
    let order: [Owner] = [.hiddenLowOthers, .hiddenHighOthers, .lowOthers, .highOthers]
    return .ranges(order.compactMap { runs[$0] })
  }

  /// The first thing that is not as it should be: the page after the last of
  /// the mappable share is a page of the aperture or the first after it; the
  /// unmappable share begins among the pages that the CPU cannot reach, or
  /// right behind the table; and so does what follows it.
  private var refusal: String? {
    let behindMappable = mappableBase + mappableSize
    let behindUnmappable = unmappableBase + unmappableSize
    if !(0...aperture).contains(behindMappable) { return "mappable-ends-past-aperture" }
    if (0..<aperture).contains(unmappableBase) { return "unmappable-starts-inside-aperture" }
    if !(0...total).contains(behindUnmappable) { return "unmappable-ends-past-ggtt" }
    return nil
  }

  private var owners: [Owner] {
    var owners: [Owner] = []
    owners.reserveCapacity(total)
    for page in 0..<total {
      let isMappable = page < aperture
      let base = isMappable ? mappableBase : unmappableBase
      let size = isMappable ? mappableSize : unmappableSize
      let place = page - base
      if place < 0 {
        owners.append(isMappable ? .lowOthers : .hiddenLowOthers)
      } else if place < size {
        owners.append(isMappable ? .guest : .hiddenGuest)
      } else {
        owners.append(isMappable ? .highOthers : .hiddenHighOthers)
      }
    }
    return owners
  }

  private static func runs(of owners: [Owner]) -> [Owner: ClosedRange<Int>] {
    var runs: [Owner: ClosedRange<Int>] = [:]
    var first = 0
    for page in owners.indices where page + 1 == owners.count || owners[page + 1] != owners[page] {
      runs[owners[page]] = first...page
      first = page + 1
    }
    return runs
  }
}
