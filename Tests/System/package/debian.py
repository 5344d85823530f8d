"""Minimal Debian roots, made by debootstrap once and kept."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[3]
ROOTS = pathlib.Path(os.environ.get("VGT_ROOTS", SOURCE / ".build-roots"))
# Releases that are no longer mirrored are in the archive.
MIRRORS = os.environ.get(
    "VGT_DEBIAN_MIRROR", "http://deb.debian.org/debian http://archive.debian.org/debian"
).split()
RELEASES = {"bullseye": 11, "bookworm": 12, "trixie": 13}
# A guest in which somebody works: with manual pages, completion and a udevd.
EXTRA_PACKAGES = {"bookworm": "man-db,bash-completion,udev,kmod"}
# A command that ends with the tests, even where those are killed, and takes its
# processes and mounts along.
ALONE = ["setpriv", "--pdeathsig", "KILL",
         "unshare", "--mount-proc", "--pid", "--fork", "--kill-child"]


def debian_root(release):
    """The folder of a minimal Debian, made once and kept; skips the test where
    it cannot be made."""
    root = ROOTS / release
    if root.exists():
        return root
    if os.geteuid() != 0:
        raise unittest.SkipTest(f"making a Debian {RELEASES[release]} root needs root")
    ROOTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOTS, prefix=f"{release}.") as work:
        for number, mirror in enumerate(MIRRORS):
            attempt = pathlib.Path(work) / str(number)
            command = [*ALONE, "debootstrap", "--variant=minbase"]
            if release in EXTRA_PACKAGES:
                command.append(f"--include={EXTRA_PACKAGES[release]}")
            done = subprocess.run(
                [*command, release, attempt, mirror],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            if done.returncode == 0:
                # The packages have done their work.
                shutil.rmtree(attempt / "var/cache/apt/archives")
                attempt.rename(root)
                return root
    raise unittest.SkipTest(
        f"Debian {RELEASES[release]} cannot be fetched: {done.stdout.strip().splitlines()[-1]}")

