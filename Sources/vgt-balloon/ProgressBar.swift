import SystemPackage
import VgtFiles

/// How far long work is, on a terminal: one line of standard error, shown only
/// when the work takes longer than a second, and wiped when it ends.
struct ProgressBar {
  private let total: UInt64
  private let isShown: Bool
  private let start: UInt64
  private var nextUpdate: UInt64
  private var isOnScreen = false
  private static let second: UInt64 = 1_000_000_000

  /// - Parameter total: How many entries there are.
  init(total: UInt64) {
    self.total = total
    isShown = SystemCalls.isTerminal(.standardError)
    start = SystemCalls.monotonicNanoseconds
    nextUpdate = start + Self.second
  }

  /// Shows how far the work is, at most ten times a second.
  mutating func update(done: UInt64) {
    guard isShown else { return }
    let now = SystemCalls.monotonicNanoseconds
    guard now >= nextUpdate else { return }
    nextUpdate = now + Self.second / 10
    isOnScreen = true
    show(Self.line(done: done, total: total, nanoseconds: now - start))
  }

  /// Wipes the line.
  mutating func end() {
    guard isOnScreen else { return }
    isOnScreen = false
    show("")
  }

  private func show(_ line: String) {
    // A line that a terminal wraps is not wiped by the next.
    let columns = SystemCalls.columns(of: .standardError) ?? 80
    // Carriage return, the line, then erase to its end.
    try? WholeFile.write("\r\(line.prefix(columns - 1))\u{1B}[K", to: .standardError)
  }

  /// `[#####.....] 50 % 524288 of 1048576 entries, 52428/s, 10 s left`
  private static func line(done: UInt64, total: UInt64, nanoseconds: UInt64) -> String {
    let rate = Double(done) / (Double(max(1, nanoseconds)) / Double(second))
    let share = Double(done) / Double(total)
    let width = 20
    let filled = Int(share * Double(width))
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    let left =
      rate > 0 ? "\(Int((Double(total - done) / rate).rounded(.up))) s left" : "no rate yet"
    return "[\(bar)] \(Int(share * 100)) % \(done) of \(total) entries, \(Int(rate))/s, \(left)"
  }
}
