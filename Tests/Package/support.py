"""What the tests of the package share: the files under test, and Debian roots
in which changes are thrown away."""

import os
import pathlib
import shlex
import subprocess
import unittest

from debian import ALONE, debian_root

# Set by scripts/test-package.
BINARY = pathlib.Path(os.environ["VGT_BALLOON"])
PACKAGE = pathlib.Path(os.environ["VGT_PACKAGE"])
TARBALL = pathlib.Path(os.environ.get("VGT_TARBALL", ""))


def run(*command, status=0, **options):
    """Runs a command and gives its standard output; fails on another status."""
    done = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=600, **options)
    if done.returncode != status:
        raise AssertionError(
            f"{shlex.join(done.args)}: status {done.returncode}, not {status}\n"
            f"{done.stdout}{done.stderr}")
    return done.stdout


class DebianGuest:
    """A Debian root with our package files in /mnt; what is done in it is gone
    afterwards."""

    def __init__(self, release):
        self.root = debian_root(release)

    def run(self, script):
        """Runs a shell script as root in it and gives its standard output."""
        return run(*self.command(script))

    def command(self, script):
        """The command that runs a shell script as root in it."""
        if os.geteuid() != 0:
            raise unittest.SkipTest("a Debian root needs root")
        # The upper layer is a tmpfs of the namespace, so it goes with it.
        setup = f"""
            set -e
            mount -t tmpfs none /media
            mkdir /media/upper /media/work /media/guest
            mount -t overlay none -o lowerdir={shlex.quote(str(self.root))} \\
                -o upperdir=/media/upper -o workdir=/media/work /media/guest
            cp {shlex.quote(str(PACKAGE))} /media/guest/mnt/package.deb
            cp {shlex.quote(str(BINARY))} /media/guest/mnt/vgt-balloon
            mount -t proc none /media/guest/proc
            exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TERM=dumb \\
                DEBIAN_FRONTEND=noninteractive chroot /media/guest sh -c "$0"
            """
        return [*ALONE, "sh", "-c", setup, script]
