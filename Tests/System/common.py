"""What the parts share: functions that stand in for this machine's."""

import os
import subprocess

# A folder of functions in the place of this machine's, for a command.
WITH_FUNCTIONS = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-ec",
                  'mount --bind "$1" /sys/bus/pci/devices; shift; exec "$@"', "sh"]


def make_functions(folder, **properties):
    """Writes PCI functions as sysfs shows them; Tests/Bed says which properties
    there are. VGT_BED is set by scripts/test."""
    words = [f"{name}={value}" for name, value in properties.items()]
    subprocess.run([os.environ["VGT_BED"], folder, *words], check=True)
