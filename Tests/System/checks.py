"""What the parts share: how a check is told, and the machine they stand on."""

import os
import subprocess
import sys

# A folder of functions in the place of this machine's, for a command.
WITH_FUNCTIONS = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-ec",
                  'mount --bind "$1" /sys/bus/pci/devices; shift; exec "$@"', "sh"]


def make_functions(folder, **properties):
    """Writes PCI functions as sysfs shows them; Tests/Bed says which properties
    there are. VGT_BED is set by scripts/test."""
    words = [f"{name}={value}" for name, value in properties.items()]
    subprocess.run([os.environ["VGT_BED"], folder, *words], check=True)


class Checks:
    """Prints a line a check; the last line is as scripts/test reads it."""

    def __init__(self):
        self.passed = self.failed = 0

    def add(self, name, *problems):
        """A check: passed where there is no problem."""
        self.passed += not problems
        self.failed += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {self.passed + self.failed} - {name}")
        for problem in problems:
            print("\n".join(f"# {line}" for line in problem.splitlines()))

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed, 0 skipped")
        sys.exit(1 if self.failed else 0)
