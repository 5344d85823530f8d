"""Virtual machines whose GPU is the program in Tests/System/device.

Everything that is fetched or built lies in a cache folder of the checkout;
nothing is installed and no file of the machine is changed.
"""

import fcntl
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
SYSTEM = REPOSITORY / "Tests" / "System"
CACHE = Path(os.environ.get("VGT_GUEST_CACHE") or REPOSITORY / ".build-guest")

STATUS_SKIPPED = 77  # something outside of the project is missing, as automake's tests say it

# modprobe and depmod are in folders that a user's PATH does not have.
os.environ["PATH"] = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"

# What the machines need of Debian: a file, and the package it comes in.
REQUIREMENTS = {
    "qemu-system-x86_64": "qemu-system-x86",
    "busybox": "busybox-static",
    "modprobe": "kmod",
    "cpio": "cpio",
    "gcc": "gcc",
    "apt-get": "apt",
    "xz": "xz-utils",
    "zstd": "zstd",
    "/usr/share/keyrings/debian-archive-keyring.gpg": "debian-archive-keyring",
    "/usr/include/libdrm/i915_drm.h": "libdrm-dev",
}


class Unavailable(Exception):
    """Something outside of this project is missing; the message says what to do."""


def check_requirements():
    """Names everything that is missing at once, with the line that brings it."""
    missing = [
        package for name, package in REQUIREMENTS.items()
        if not (Path(name).exists() if name.startswith("/") else shutil.which(name))
    ]
    busybox = shutil.which("busybox")
    if busybox and not is_static(busybox):
        missing.append("busybox-static")
    if missing:
        raise Unavailable("packages are missing; try: apt-get install " + " ".join(missing))


def is_static(program):
    """Whether a program needs no loader, which a guest does not have."""
    return b"/ld-linux" not in Path(program).read_bytes()


def run(*command, **options):
    """The output of a program; a failure ends this script with what it said."""
    done = subprocess.run(
        [str(word) for word in command], text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode:
        raise Unavailable(f"{shlex.join(map(str, command))} failed: {done.stdout.strip()}")
    return done.stdout


@contextmanager
def building():
    """Only one process at a time builds in the cache; the machines run side by side."""
    try:
        CACHE.mkdir(parents=True, exist_ok=True)
        lock = open(CACHE / "lock", "w", encoding="ascii")
    except OSError as error:
        raise Unavailable(f"cannot write to {CACHE} ({error.strerror});"
                          " VGT_GUEST_CACHE names another folder") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def scratch_folder():
    """A folder for the length of the block. A process of its own removes it as soon as the pipe to
    it closes, so it goes even when this process is killed."""
    folder = tempfile.mkdtemp(prefix="vgt-machine.")
    remover = subprocess.Popen(["sh", "-c", 'read -r _; rm -rf -- "$1"', "sh", folder],
                               stdin=subprocess.PIPE, start_new_session=True)
    try:
        yield Path(folder)
    finally:
        remover.stdin.close()
        remover.wait()


def end_in_order():
    """Makes a signal that ends this process do so by way of its clean-up, and only once."""
    def end(number, _):
        for ignored in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(ignored, signal.SIG_IGN)
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, end)


def find_binary(named=None):
    """The static vgt-balloon: as named, or VGT_BALLOON, or what scripts/build-release builds."""
    path = named or os.environ.get("VGT_BALLOON")
    if not path:
        built = subprocess.run([REPOSITORY / "scripts/build-release"], stdout=subprocess.PIPE,
                               text=True, check=False)
        if built.returncode:
            raise Unavailable("scripts/build-release failed")
        path = built.stdout.splitlines()[-1]
    path = Path(path).resolve()
    if not path.exists() or not is_static(path):
        raise Unavailable(f"{path} is not a static vgt-balloon;"
                          " VGT_BALLOON names one, and scripts/build-release builds one")
    return path
