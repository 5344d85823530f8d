import Foundation
import SystemPackage
import Testing
import VgtFiles

@Suite struct `A new file` {
  private let path = FilePath(NSTemporaryDirectory() + "vgt-new-file-\(UUID().uuidString)")

  private func content() -> String? {
    try? String(contentsOfFile: path.string, encoding: .utf8)
  }

  @Test func `holds what was written`() throws {
    defer { try? FileManager.default.removeItem(atPath: path.string) }
    do {
      var file = try NewFile(path)
      try file.write("whole")
    }
    #expect(content() == "whole")
  }

  @Test func `has no name before it is whole, and none beside it`() throws {
    let folder = path.removingLastComponent().string
    let name = try #require(path.lastComponent?.string)
    do {
      _ = try NewFile(path)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.filter { $0.contains(name) } == [])
    }
    #expect(content() == nil)
  }

  @Test func `gives way to one that came meanwhile`() throws {
    defer { try? FileManager.default.removeItem(atPath: path.string) }
    var file = try NewFile(path)
    try Data("theirs".utf8).write(to: URL(filePath: path.string))
    #expect(throws: Errno.fileExists) {
      try file.write("mine")
    }
    #expect(content() == "theirs")
  }

  @Test func `is never one that was there`() throws {
    defer { try? FileManager.default.removeItem(atPath: path.string) }
    try Data("old".utf8).write(to: URL(filePath: path.string))
    #expect(throws: Errno.fileExists) {
      _ = try NewFile(path)
    }
    #expect(content() == "old")
  }

  @Test func `is never behind a symbolic link`() throws {
    defer { try? FileManager.default.removeItem(atPath: path.string) }
    try FileManager.default.createSymbolicLink(
      atPath: path.string, withDestinationPath: "/nowhere/at-all")
    #expect(throws: Errno.fileExists) {
      _ = try NewFile(path)
    }
  }
}
