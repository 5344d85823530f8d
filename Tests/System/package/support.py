"""What the tests of the package share: the files under test, and Debian roots
that hold them."""

import os
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from debian import SOURCE, WORKPLACE, Debian, run  # noqa: E402

# Set by scripts/test.
BINARY = pathlib.Path(os.environ["VGT_BALLOON"])


def packed(*options):
    """What scripts/package makes of the binary."""
    return SOURCE / run("scripts/package", "--binary", BINARY, *options, cwd=SOURCE).strip()


PACKAGE = packed()


def debian_guest(release):
    """A Debian root with our files in /mnt; Debian 12 is one to work in."""
    return Debian(release, WORKPLACE if release == "bookworm" else (),
                  {"/mnt/package.deb": PACKAGE, "/mnt/vgt-balloon": BINARY})
