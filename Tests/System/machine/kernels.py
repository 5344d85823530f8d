"""The kernels that the tests run on: Debian's own, unmodified.

An image is downloaded by apt with a state of its own and unpacked into the
cache. It is never installed: a kernel that is installed becomes what the
machine boots next.
"""

import lzma
import os
import re
import shutil
import subprocess
import zlib
from dataclasses import dataclass
from pathlib import Path

from . import CACHE, Unavailable, building, run


@dataclass(frozen=True)
class Source:
    """Where Debian serves a kernel: an archive, a suite in it, and the package that names the
    newest image."""
    archive: str
    suite: str
    package: str = "linux-image-amd64"


SECURITY = "http://deb.debian.org/debian-security"
DEBIAN = "http://deb.debian.org/debian"

# All kernels of the tests, oldest first; the first word of each is its name in them.
KERNELS = {
    "5.10": Source(SECURITY, "bullseye-security"),
    "6.1": Source(SECURITY, "bookworm-security"),
    "6.12": Source(SECURITY, "bookworm-security", "linux-image-6.12-amd64"),
    "6.12-trixie": Source(SECURITY, "trixie-security"),
    "7": Source(DEBIAN, "trixie-backports"),
}
DEFAULT = "6.1"


@dataclass(frozen=True)
class Kernel:
    """An unpacked kernel."""
    name: str
    release: str  # as uname -r says it
    root: Path  # the folder with its lib/modules
    image: Path  # the ELF image inside of the bzImage, which QEMU boots without unpacking it

    def modules(self, names):
        """The files of modules and of those that they depend on, in the order of loading."""
        listed = run("modprobe", "-d", self.root, "-S", self.release, "--show-depends", "-a",
                     *names)
        return list(dict.fromkeys(Path(line.split()[1]) for line in listed.splitlines()
                                  if line.startswith("insmod ")))


def get(name):
    """A kernel of the list, fetched when it is not in the cache yet."""
    if name not in KERNELS:
        raise Unavailable(f"no kernel {name!r}; there are {', '.join(KERNELS)}")
    folder = CACHE / "kernels" / name
    with building():
        if not (folder / "release").exists():
            fetch(name, folder)
    return Kernel(name, (folder / "release").read_text(), folder / "root", folder / "vmlinux")


def fetch(name, folder):
    """Downloads and unpacks a kernel; the file `release` says that all of it is there."""
    source = KERNELS[name]
    shutil.rmtree(folder, ignore_errors=True)
    debs, root = folder / "debs", folder / "root"
    debs.mkdir(parents=True)
    options = apt_state(source, folder / "apt")
    try:
        said = run("apt-get", *options, "update")
        if re.search("^(?:E|W): ", said, re.MULTILINE):
            raise Unavailable(said.strip())
        image, packages = packages_of(source.package, options)
        run("apt-get", *options, "download", *packages, cwd=debs)
    except Unavailable as error:
        why = " ".join(str(error).split())[-300:]
        raise Unavailable(f"Debian's suite {source.suite} cannot be reached: {why}") from None
    for package in debs.glob("*.deb"):
        run("dpkg-deb", "-x", package, root)
    shutil.rmtree(debs)
    shutil.rmtree(folder / "apt")
    release = image.removeprefix("linux-image-")
    modules = root / "lib/modules" / release
    if not modules.exists():  # the images of Linux 7 are for a merged /usr
        shutil.move(root / "usr/lib", root / "lib")
    (folder / "vmlinux").write_bytes(elf_image(find_image(root, release).read_bytes()))
    run("depmod", "-b", root, release)
    (folder / "release").write_text(release)


def apt_state(source, folder):
    """The options that give apt a state of its own, with one source."""
    (folder / "lists/partial").mkdir(parents=True)
    (folder / "cache/archives/partial").mkdir(parents=True)
    (folder / "status").touch()
    (folder / "sources.list").write_text(
        "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
        f" {source.archive} {source.suite} main\n")
    options = {
        "Dir::State::Lists": folder / "lists", "Dir::Cache": folder / "cache",
        "Dir::State::status": folder / "status", "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::SourceList": folder / "sources.list", "Acquire::Languages": "none",
        # apt would become its own user, who cannot write here.
        "APT::Sandbox::User": "root" if os.geteuid() == 0 else "",
    }
    return [word for name, value in options.items() for word in ("-o", f"{name}={value}")]


def packages_of(package, options):
    """The image that a package stands for, and all packages that it is made of."""
    depends = run("apt-cache", *options, "depends", package)
    image = re.search(r"Depends: (linux-image-\d\S*)", depends)
    if not image:
        raise Unavailable(f"{package} depends on no image: {depends}")
    packages = [image[1]]
    for name in packages:  # grows: an image of Linux 7 is of several packages
        depends = run("apt-cache", *options, "depends", name)
        for part in re.findall(r"Depends: (linux-(?:base|binary|modules)-\d\S*)", depends):
            if part not in packages:
                packages.append(part)
    return image[1], packages


def find_image(root, release):
    """The bzImage of an unpacked package."""
    for place in (root / "boot" / f"vmlinuz-{release}", root / "lib/modules" / release / "vmlinuz"):
        if place.exists():
            return place
    raise Unavailable(f"no vmlinuz of {release} in {root}")


def elf_image(image):
    """The ELF image in a bzImage (Documentation/arch/x86/boot.rst: payload_offset and
    payload_length at 0x248, relative to the protected-mode code)."""
    start = (image[0x1F1] or 4) * 512 + 512 + int.from_bytes(image[0x248:0x24C], "little")
    payload = image[start:start + int.from_bytes(image[0x24C:0x250], "little")]
    if payload.startswith(b"\xfd7zXZ\0"):
        return lzma.LZMADecompressor().decompress(payload)
    if payload.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(31).decompress(payload)
    if payload.startswith(b"\x28\xb5\x2f\xfd"):
        # The size of the image follows its end, so zstd complains after it.
        return subprocess.run(["zstd", "-dcq"], input=payload, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, check=False).stdout
    raise Unavailable(f"a kernel is compressed as {payload[:6].hex()}, which is not known here")
