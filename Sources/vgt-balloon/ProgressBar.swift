import SystemPackage
import VgtFiles

/// A bar on standard error for work that takes longer than a second. Shown on a
/// terminal only, and gone when the work is done.
struct ProgressBar {
  private let title: String
  /// In the unit of `update`; `nil` when it is not known.
  private let total: Int?
  private let isShown: Bool
  private let start = ContinuousClock.now
  private var next: ContinuousClock.Instant
  private var isDrawn = false

  private static let width = 40

  init(_ title: String, total: Int?) {
    self.title = String(title.suffix(20))
    self.total = total
    isShown = SystemCalls.isTerminal(.standardError)
    next = start + .seconds(1)
  }

  mutating func update(_ done: Int) {
    guard isShown, ContinuousClock.now >= next else { return }
    next = .now + .milliseconds(100)
    isDrawn = true
    let share = total.map { $0 > 0 ? min(1, Double(done) / Double($0)) : 1 }
    let bar =
      share.map { share in
        let filled = Int(share * Double(Self.width))
        return "[" + String(repeating: "#", count: filled)
          + String(repeating: ".", count: Self.width - filled) + "] \(Int(share * 100)) %"
      } ?? "\(done >> 20) MiB"
    write("\r\(title) \(bar)")
  }

  /// Removes the bar.
  mutating func finish() {
    if isDrawn { write("\r\u{1B}[K") }
    isDrawn = false
  }

  private func write(_ text: String) {
    try? WholeFile.write(text.utf8, to: .standardError)
  }
}
