package import VgtCore

/// A value of which a test can have a copy that differs in one thing.
package protocol Changing {}

extension Changing {
  /// The same, but for one property.
  package func changing<Value>(_ property: WritableKeyPath<Self, Value>, to value: Value) -> Self {
    var copy = self
    copy[keyPath: property] = value
    return copy
  }
}

extension VgtIf: Changing {}
extension Capture: Changing {}
