/// A packed file, known by its first bytes, and the program that unpacks it.
package enum Compression: String, Hashable, Sendable, CaseIterable {
  case gzip, xz, zstd, bzip2, lz4, zip
  /// A binary file of systemd's journal.
  case journal

  package init?(_ bytes: some Collection<UInt8>) {
    guard let kind = Self.allCases.first(where: { bytes.starts(with: $0.magic) }) else {
      return nil
    }
    self = kind
  }

  /// RFC 1952, 2.3.1; xz 1.2.1, 2.1.1.1; RFC 8878, 3.1.1; bzip2 1.0.8; LZ4
  /// frame 1.6.4; APPNOTE 4.3.7; systemd `journal-def.h`.
  private var magic: [UInt8] {
    switch self {
    case .gzip: [0x1F, 0x8B]
    case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
    case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
    case .bzip2: [0x42, 0x5A, 0x68]
    case .lz4: [0x04, 0x22, 0x4D, 0x18]
    case .zip: [0x50, 0x4B, 0x03, 0x04]
    case .journal: Array("LPKSHHRH".utf8)
    }
  }

  /// What prints the file's content.
  package var program: String {
    switch self {
    case .gzip: "zcat"
    case .xz: "xzcat"
    case .zstd: "zstdcat"
    case .bzip2: "bzcat"
    case .lz4: "lz4cat"
    case .zip: "unzip -p"
    case .journal: "journalctl --dmesg --file"
    }
  }

  /// A clause about a file, and the command that reads it.
  ///
  /// - Parameters:
  ///   - file: The file's name, printable.
  ///   - command: vgt-balloon's, with `-` for the file.
  package func advice(file: String, command: String) -> String {
    let what = self == .journal ? "a binary journal" : "compressed with \(rawValue)"
    return "\(what); run \(program) \(file) | vgt-balloon \(command)"
  }
}
