"""Pages that a real host wrote, laid before the tool on this machine.

A folder stands in for /sys/bus/pci/devices, in a mount namespace of its own.
"""

import json
import os
import struct
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

MAGIC = 0x4776544776544776
ADDRESS = "0000:00:05.0"


@dataclass(frozen=True)
class Vgpu:
    """A vGPU as the host tells of it, and its page as read through VFIO."""
    number: int
    type: str
    words: tuple  # magic; version and id; caps; the shares, base and size each; fences; GMCH

    @classmethod
    def parse(cls, line):
        number, kind, *words = line.split()
        return cls(int(number), kind, tuple(int(word, 16) for word in words))

    @property
    def id(self):
        return self.words[1] >> 32

    @property
    def shares(self):
        """The mappable and the unmappable share, as (start, end)."""
        return [(word & 0xFFFFFFFF, (word & 0xFFFFFFFF) + (word >> 32)) for word in self.words[3:5]]


def function(folder, vgpu, aperture, device_id, revision):
    """The files that sysfs has of a function with a page."""
    magic, version, caps, mappable, unmappable, fences, gmch = vgpu.words
    path = folder / ADDRESS
    path.mkdir(parents=True)
    bar2 = 0x80000000 if aperture > 512 else 0xC0000000
    config = bytearray(256)
    struct.pack_into("<HHHH", config, 0, 0x8086, device_id, 7, 0x10)
    config[8], config[11] = revision, 3
    struct.pack_into("<II", config, 0x10, 0xFD000004, 0)
    struct.pack_into("<II", config, 0x18, bar2 | 0xC, 0)
    struct.pack_into("<H", config, 0x50, gmch)
    (path / "config").write_bytes(config)
    regions = {0: (0xFD000000, 16 << 20, 0x140204), 2: (bar2, aperture << 20, 0x14220C)}
    lines = []
    for index in range(13):
        start, size, flags = regions.get(index, (0, 0, 0))
        lines.append(f"{start:#018x} {start + size - 1 if size else 0:#018x} {flags:#018x}\n")
    (path / "resource").write_text("".join(lines))
    with open(path / "resource0", "wb") as bar0:
        bar0.truncate(16 << 20)
        bar0.seek(0x78000)
        bar0.write(struct.pack("<QQI", magic, version, caps))
        bar0.seek(0x78040)
        bar0.write(struct.pack("<QQI", mappable, unmappable, fences))
    for name, text in {"vendor": "0x8086", "device": f"{device_id:#06x}", "class": "0x030000",
                       "revision": f"{revision:#04x}", "subsystem_vendor": "0x1028",
                       "subsystem_device": "0x06b9", "irq": "10"}.items():
        (path / name).write_text(text + "\n")


def report(binary, vgpu, aperture, device_id, revision):
    """The (status, JSON text) of a report over a page."""
    with tempfile.TemporaryDirectory() as folder:
        function(Path(folder), vgpu, aperture, device_id, revision)
        options = [] if os.geteuid() == 0 else ["-r"]
        done = subprocess.run(
            ["unshare", *options, "-m", "sh", "-c",
             'mount --bind "$1" /sys/bus/pci/devices && shift && exec "$@"', "sh", folder,
             binary, "report", "--format", "json"],
            text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return done.returncode, done.stdout


def host_view(binary, reports):
    """The (status, JSON) of `vgt-balloon host` over reports."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, text in enumerate(reports):
            paths.append(Path(folder) / f"{number}.json")
            paths[-1].write_text(text)
        done = subprocess.run([binary, "host", "--format", "json", *paths], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return done.returncode, json.loads(done.stdout)


def log_view(binary, text):
    """The (status, JSON) of `vgt-balloon log` over a log."""
    done = subprocess.run([binary, "log", "--format", "json", "-"], input=text, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return done.returncode, json.loads(done.stdout)
