// All that the parser knows: the commands, their options, and what their help
// says. Each gives a `Command`, which does the work.

import ArgumentParser
import VgtCore
import VgtFiles
import VgtHardware
import VgtReport

/// A command line of one command.
protocol CommandArguments: ParsableCommand {
  var command: any Command { get throws }
}

struct RootArguments: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Tool.name,
    abstract: "Report what a GVT-g host gave this guest, and what its i915 driver makes of it.",
    usage: "\(Tool.name) [<command>] [<options>]",
    discussion: """
      Reads six words of one page of BAR0 and never writes to the device. The
      host learns from the read that the guest is GVT-aware.

      EXAMPLES:
        # \(Tool.name)                      report on this guest
        # \(Tool.name) -o report.txt        the same, in a file for a bug report
        $ \(Tool.name) --from report.txt    decode a report that someone pasted
        # \(Tool.name) detect -q            only the exit status, for scripts

      EXIT STATUS:
      \(ExitStatus.table)
      """,
    version: Tool.title,
    subcommands: [
      ReportArguments.self,
      DetectArguments.self,
      LogArguments.self,
      HostArguments.self,
      GGTTArguments.self,
      UdevArguments.self,
    ],
    defaultSubcommand: ReportArguments.self)
}

struct ReportArguments: CommandArguments {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Read the PV info page, recompute the balloon, ask the driver, and report.",
    usage: "\(Tool.name) [report] [<options>]")

  @OptionGroup var devices: DeviceOptions

  @Option(
    help: ArgumentHelp(
      "Decode the captures inside a pasted report ('-': standard input); no device, no root; repeatable.",
      valueName: "file"),
    completion: .file())
  var from: [FileName] = []

  @Flag(help: "Show the embedded sample guest, marked as such.")
  var sample = false

  @Option(
    help: ArgumentHelp("Apply the rules of this kernel's driver.", valueName: "release"),
    transform: { text in
      let release = KernelRelease(text)
      guard release.version != nil else {
        throw ValidationError(
          "'\(text)' is not a kernel release; write it as uname -r does: 6.1.0")
      }
      return release
    })
  var kernel: KernelRelease?

  @OptionGroup var format: FormatOptions<ReportCommand.Format>
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if !from.isEmpty, sample { throw ValidationError("--from and --sample exclude each other") }
    if !from.isEmpty || sample, !devices.device.isEmpty || devices.backend != .auto {
      throw ValidationError("--device and --backend need a live machine, not --from or --sample")
    }
    try from.checkStandardInput("--from -")
  }

  var command: any Command {
    get throws {
      ReportCommand(
        source: sample ? .sample : from.isEmpty ? .devices(devices.choice) : .files(from),
        kernel: kernel, format: try format.choice, output: output.choice)
    }
  }
}

struct DetectArguments: CommandArguments {
  static let configuration = CommandConfiguration(
    commandName: "detect",
    abstract: "Print 'gvt-g' or 'none'.",
    usage: "\(Tool.name) detect [<options>]",
    discussion: "Exit status: 0 gvt-g, 1 none, 3 cannot tell.")

  @OptionGroup var devices: DeviceOptions

  @Flag(name: .shortAndLong, help: "Print nothing; the exit status is the answer.")
  var quiet = false

  var command: any Command { DetectCommand(devices: devices.choice, isQuiet: quiet) }
}

struct LogArguments: CommandArguments {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Read kernel logs and recompute what they claim.",
    usage: "\(Tool.name) log [<file> ...] [<options>]",
    discussion: """
      Takes dmesg, journal and syslog text and mails or issues around it, also
      quoted, wrapped or cut. Without FILE: this machine's kernel log.

      EXIT STATUS:
        0   every boot ballooned; where the log can be read, it agrees
        1   no GVT-g guest messages found
        2   a boot was refused, failed, or contradicts its own shares
        3   a boot has no outcome, or a log cannot be read
        64  wrong usage   65  compressed or binary   66  no such input
        74  output failed
      """)

  @Argument(
    help: ArgumentHelp("Logs to read; '-': standard input.", valueName: "file"),
    completion: .file())
  var files: [FileName] = []

  @OptionGroup var format: FormatOptions<LogCommand.Format>
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try files.checkStandardInput("-")
  }

  var command: any Command {
    get throws { LogCommand(files: files, format: try format.choice, output: output.choice) }
  }
}

struct HostArguments: CommandArguments {
  static let configuration = CommandConfiguration(
    commandName: "host",
    abstract: "Put several guests together: the host's view, and what still fits.",
    usage: "\(Tool.name) host <report-or-log> ... [<options>]",
    discussion: """
      Shows each vGPU's part of the graphics address space, overlaps, holes, and
      why the host says "No space left on device". The host's own memory cannot
      be told from free memory from inside guests.

      A kernel log tells the shares, and of several boots in it each with other
      shares is a guest; of one machine's log give only the last boot.

      EXIT STATUS:
        0   the guests are of one host, and no share overlaps another
        1   no input holds a GVT-g vGPU
        2   some addresses were given to two vGPUs
        64  wrong usage
        65  an input is unusable, or from another host; the others are shown
        66  no input could be opened
        74  output failed
      """)

  @Argument(
    help: ArgumentHelp(
      "Reports of vgt-balloon as text, Markdown or JSON; kernel logs; a directory of them; '-': standard input.",
      valueName: "report-or-log"),
    completion: .file())
  var reports: [FileName]

  @OptionGroup var format: FormatOptions<HostCommand.Format>
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try reports.checkStandardInput("-")
  }

  var command: any Command {
    get throws { HostCommand(inputs: reports, format: try format.choice, output: output.choice) }
  }
}

struct GGTTArguments: CommandArguments {
  static let configuration = CommandConfiguration(
    commandName: "ggtt",
    abstract: "Check the guest's GGTT entries against its share.",
    usage: "\(Tool.name) ggtt [<options>]",
    discussion: """
      Reads every entry of the GGTT: each load is a round trip to the host, so
      this may take minutes. Ctrl-C ends it with what was found so far.

      Exit status: 0 every entry looked at could be read, those outside the own
      share aside, 1 no GVT-g vGPU, 2 an entry of the own share reads as all
      ones, or the vGPU has a failure, 3 cannot tell, or not all was read.
      """)

  @OptionGroup var devices: DeviceOptions

  @Option(
    help: ArgumentHelp(
      "Only these graphics addresses, hex, whole pages: 0x31c7000-0x71c7000.",
      valueName: "start-end"),
    transform: { text in
      guard let range = GraphicsRange(text), !range.isEmpty else {
        throw ValidationError(
          "'\(text)' is not a range; use START-END in hexadecimal with 0x, START below END")
      }
      guard range.isWholePages else {
        throw ValidationError("'\(text)' is not whole pages: START and END end in 000")
      }
      return range
    })
  var range: GraphicsRange?

  @OptionGroup var format: FormatOptions<GGTTCommand.Format>
  @OptionGroup var output: OutputOptions

  var command: any Command {
    get throws {
      GGTTCommand(
        devices: devices.choice, range: range, format: try format.choice, output: output.choice)
    }
  }
}

struct UdevArguments: CommandArguments {
  static let configuration = CommandConfiguration(
    commandName: "udev",
    abstract: "Print the udev properties of one vGPU; a udev rule runs this.",
    usage: "\(Tool.name) udev [<address>]",
    discussion: """
      Exit status: 0 properties were printed, of a failing vGPU too; 1 no GVT-g
      vGPU, nothing printed; 3 cannot tell.
      """)

  @Argument(
    help: "A function, as [DDDD:]BB:DD.F; without it PCI_SLOT_NAME of the environment.",
    completion: .pciAddress)
  var address: String?

  var command: any Command { UdevCommand(address: address) }
}

/// The options that make a `DeviceChoice`.
struct DeviceOptions: ParsableArguments {
  @Option(
    name: [.customShort("s", allowingJoined: true), .long],
    help: ArgumentHelp(
      "Only these functions, as lspci -s takes them; repeatable.", valueName: "slot"),
    completion: .pciAddress,
    transform: { text in
      guard let slot = PCISlot(text) else {
        throw ValidationError(
          "'\(text)' is not a PCI slot; use [[[[DDDD]:]BB]:][DD][.[F]] in hexadecimal")
      }
      return slot
    })
  var device: [PCISlot] = []

  @Option(
    help: ArgumentHelp(
      "How to reach BAR0; auto: sysfs, and /dev/mem only without a resource0.",
      valueName: "way"))
  var backend: PVInfoCapturer.BackendChoice = .auto

  var choice: DeviceChoice { DeviceChoice(slots: device, backend: backend) }
}

/// The forms in which a command can print its result.
protocol OutputFormat: ExpressibleByArgument, Equatable {
  static var text: Self { get }
  static var json: Self { get }
}

extension ReportCommand.Format: OutputFormat {}
extension LogCommand.Format: OutputFormat {}
extension HostCommand.Format: OutputFormat {}
extension GGTTCommand.Format: OutputFormat {}

/// The options that choose an `OutputFormat`.
struct FormatOptions<Format: OutputFormat>: ParsableArguments {
  @Option(help: "How to print the result.")
  var format: Format = .text

  @Flag(help: "The same as --format json.")
  var json = false

  var choice: Format {
    get throws {
      guard json else { return format }
      guard format == .text || format == .json else {
        throw ValidationError("--json and --format \(format) exclude each other")
      }
      return .json
    }
  }
}

/// The options that make an `OutputChoice`.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp(
      "Write to a new file instead of standard output; never overwrites.", valueName: "file"),
    completion: .file(),
    transform: { text in
      guard !text.hasSuffix("/") else {
        throw ValidationError("'\(text)' is a folder's name; give a file's")
      }
      return FileName(argument: text)
    })
  var output: FileName?

  @Option(
    help: ArgumentHelp(
      "Colour the text; auto: on a terminal, unless NO_COLOR is set.", valueName: "when"))
  var color: ColourChoice = .auto

  var choice: OutputChoice {
    OutputChoice(file: output.flatMap { $0.isStandardStream ? nil : $0 }, colour: color)
  }
}

extension [FileName] {
  /// - Parameter words: How standard input is asked for.
  fileprivate func checkStandardInput(_ words: String) throws {
    guard count(where: \.isStandardStream) < 2 else {
      throw ValidationError("standard input can be read once: \(words) twice")
    }
  }
}

extension PVInfoCapturer.BackendChoice: ExpressibleByArgument {}
extension ColourChoice: ExpressibleByArgument {}

extension FileName: ExpressibleByArgument {
  init(argument: String) {
    self.init(SystemCalls.path(ArgumentWord.bytes(argument)))
  }
}

extension CompletionKind {
  /// The functions of this machine.
  static var pciAddress: CompletionKind { .shellCommand("ls /sys/bus/pci/devices") }
}
