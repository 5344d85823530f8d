"""A report is confined before it works on what it was given: once its
capabilities are gone it opens nothing and runs nothing; and what the driver
answers, and the result, come only then."""

import re

# Calls on what is open, on memory, on a child that was started before, and the
# end.
ALLOWED = {"read", "ioctl", "write", "close", "fcntl", "lseek", "brk", "mmap", "munmap", "mremap",
           "madvise", "futex", "getrandom", "kill", "wait4", "exit_group"}
# The driver's answers and the result.
LATER = {"ioctl": r"ioctl\(\d+</dev/dri/", "write": r"write\(\d+<[^>]*/report\.json>"}


def check(bed, checks):
    """Checks the order of the system calls of one report."""
    calls = [(line.split("(")[0], line.rstrip()) for line in bed.report().lines]
    names = [name for name, _ in calls]
    given_up = {"capset", "landlock_restrict_self"}
    missing = given_up - set(names)
    checks.add("a report gives up capabilities and files", "\n".join(missing) or None)
    if missing:
        return
    border = len(names) - 1 - names[::-1].index("capset")
    wrong = [text for name, text in calls[border + 1:] if name not in ALLOWED]
    checks.add("without capabilities a report opens and runs nothing", "\n".join(wrong) or None)
    for name, pattern in LATER.items():
        problems = [text for _, text in calls[:border] if re.match(pattern, text)]
        if not any(re.match(pattern, text) for _, text in calls[border:]):
            problems.append(f"no {name} after the capabilities went")
        checks.add(f"{name}: only without capabilities", "\n".join(problems) or None)
