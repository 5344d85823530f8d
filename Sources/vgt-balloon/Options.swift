import ArgumentParser
import VgtCore
import VgtHardware

/// The options that make a `DeviceChoice`.
struct DeviceOptions: ParsableArguments {
  @Option(
    name: [.customShort("s"), .long],
    help: ArgumentHelp(
      "Only this function, as [DDDD:]BB:DD.F; repeatable.", valueName: "address"),
    completion: .pciAddress,
    transform: { text in
      guard let address = PCIAddress(text) else {
        throw ValidationError("'\(text)' is no PCI address; write [DDDD:]BB:DD.F, all hex")
      }
      return address
    })
  var device: [PCIAddress] = []

  @Option(
    help: ArgumentHelp(
      "How to reach BAR0; auto: sysfs, and /dev/mem only without a resource0.",
      valueName: "way"))
  var backend: PVInfoCapturer.BackendChoice = .auto

  var choice: DeviceChoice { DeviceChoice(addresses: device, backend: backend) }
}

/// The options that make an `OutputChoice`.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write to a new file instead of standard output; never overwrites.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Colour the text; auto: on a terminal, unless NO_COLOR is set.", valueName: "when"))
  var color: ColourChoice = .auto

  var choice: OutputChoice { OutputChoice(file: output, colour: color) }
}

extension PVInfoCapturer.BackendChoice: ExpressibleByArgument {}

extension CompletionKind {
  /// The functions of this machine.
  static var pciAddress: CompletionKind { .shellCommand("ls /sys/bus/pci/devices") }
}

extension ColourChoice: ExpressibleByArgument {}
