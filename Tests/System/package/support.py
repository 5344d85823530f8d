"""What the tests of the package share: the files under test, and Debian roots
in which changes are thrown away."""

import os
import pathlib
import shlex
import subprocess
import sys
import unittest

from debian import ALONE, SOURCE, debian_root

# Set by scripts/test.
BINARY = pathlib.Path(os.environ["VGT_BALLOON"])


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


def packed(*options):
    """What scripts/package makes of the binary."""
    return SOURCE / run("scripts/package", "--binary", BINARY, *options, cwd=SOURCE).strip()


PACKAGE = packed()


class Result(unittest.TextTestResult):
    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def main(suite):
    """Runs tests; the last line says what came of them, as scripts/test reads it."""
    result = unittest.TextTestRunner(sys.stdout, verbosity=2, resultclass=Result).run(suite)
    failed = len(result.failures) + len(result.errors)
    print(f"{result.passed} passed, {failed} failed, {len(result.skipped)} skipped")
    return 1 if failed else 0


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
