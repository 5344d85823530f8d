import Foundation

/// Whether the tests that generate their cases should make do with few: set by
/// VGT_QUICK, in the inner loop and where instrumented code is slow.
package let isQuick = ProcessInfo.processInfo.environment["VGT_QUICK"] != nil

/// How many cases to generate: all, or a twentieth where the time is short.
package func cases(_ count: Int) -> Int { isQuick ? max(1, count / 20) : count }

/// The seeds of so many generated cases.
package func seeds(_ count: Int) -> ClosedRange<UInt64> { 1...UInt64(cases(count)) }
