"""Makes a folder that stands in for /sys/bus/pci/devices.

    make_bed.py FOLDER [FUNCTIONS]

One Skylake vGPU at 0000:00:02.0 with a sparse BAR0 of 16 MiB, and network
functions around it, FUNCTIONS in all (1 unless told). Its GGTT is as i915
leaves it: the shares are filled with one scratch page, with objects between.
"""

import os
import struct
import sys

MAPPABLE, UNMAPPABLE = (0x31C7000, 64 << 20), (0xE7EF8000, 384 << 20)
SCRATCH = 0x13370001


def config(vendor, device, klass, bars):
    """256 bytes of config space. PCI Local Bus Specification 3.0, section 6.1."""
    space = bytearray(256)
    struct.pack_into("<HHH", space, 0, vendor, device, 0x0407)
    struct.pack_into("<I", space, 8, klass << 8 | 0x06)
    for offset, value in bars.items():
        struct.pack_into("<I", space, offset, value)
    struct.pack_into("<H", space, 0x50, 0x00C0)
    return bytes(space)


def function(folder, address, vendor, device, klass, regions):
    path = os.path.join(folder, address)
    os.makedirs(path)
    bars = {0x10 + 4 * index: start | (0x4 if index == 0 else 0xC)
            for index, (start, _, _) in regions.items()}
    with open(os.path.join(path, "config"), "wb") as file:
        file.write(config(vendor, device, klass, bars))
    lines = []
    for index in range(13):
        start, size, flags = regions.get(index, (0, 0, 0))
        lines.append("0x%016x 0x%016x 0x%016x\n" % (start, start + size - 1 if size else 0, flags))
    small = {
        "vendor": "0x%04x" % vendor, "device": "0x%04x" % device, "class": "0x%06x" % klass,
        "revision": "0x06", "subsystem_vendor": "0x8086", "subsystem_device": "0x2212", "irq": "11",
        "power_state": "D0",
    }
    for name, text in small.items():
        with open(os.path.join(path, name), "w") as file:
            file.write(text + "\n")
    with open(os.path.join(path, "resource"), "w") as file:
        file.writelines(lines)
    return path


def bar0(path):
    with open(path, "wb") as file:
        file.truncate(16 << 20)
        file.seek(0x78000)
        file.write(struct.pack("<QIII", 0x4776544776544776, 1, 1, 0x1C))
        file.seek(0x78040)
        file.write(struct.pack("<5I", *MAPPABLE, *UNMAPPABLE, 4))
        for base, size in (MAPPABLE, UNMAPPABLE):
            entries = [SCRATCH] * (size >> 12)
            for first in range(0, len(entries), 4096):
                for index in range(first, min(first + 1500, len(entries))):
                    entries[index] = 0x200000001 + base + (index << 12)
            file.seek((8 << 20) + base // 4096 * 8)
            file.write(struct.pack("<%dQ" % len(entries), *entries))


def main():
    folder = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    vgpu = function(folder, "0000:00:02.0", 0x8086, 0x1912, 0x030000, {
        0: (0xFD000000, 16 << 20, 0x140204), 2: (0xC0000000, 256 << 20, 0x14220C)})
    bar0(os.path.join(vgpu, "resource0"))
    for index in range(count - 1):
        address = "0000:%02x:%02x.0" % (1 + index // 32, index % 32)
        function(folder, address, 0x1AF4, 0x1000, 0x020000, {0: (0xE0000000 + (index << 12), 4096, 0x40200)})


if __name__ == "__main__":
    main()
