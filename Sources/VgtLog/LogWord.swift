/// Words of the driver as `PlainText` has them: lower case, without spaces.
struct LogWord: Sendable, ExpressibleByStringLiteral {
  let characters: [UInt8]

  init(stringLiteral text: StaticString) {
    characters = Array("\(text)".utf8)
  }

  static let base: LogWord = "base"
  static let size: LogWord = "size"
  static let dash: LogWord = "-"
  static let bracket: LogWord = "]"
  static let hexPrefix: LogWord = "0x"
  static let kib: LogWord = "kib"
  static let kb: LogWord = "kb"
}
