"""Each system call of a report that opens, maps, reads, asks or writes fails, in
a run of its own. rules.txt says, for each, which status and message are right;
a call without a rule is a failure, so a new one must be thought about."""

import os
import pathlib
import re
import subprocess

from common import WITH_FUNCTIONS, make_functions

CALLS = ("openat", "read", "pread64", "readlink", "newfstatat", "getdents64", "mmap", "ioctl",
         "write", "access")
ERRORS = {"mmap": "ENOMEM", "write": "ENOSPC", "newfstatat": "EIO"}


def subject(call, bed):
    """The file that a call is about, without what varies."""
    match = None
    if not call.startswith(("openat", "readlink", "access")):
        match = re.search(r"<(/[^>]*)>", call)
    if call.startswith("newfstatat") and '"/' in call:
        match = None
    path = match[1] if match else (re.search(r'"([^"]*)"', call) or [None, "?"])[1]
    return path.replace(str(bed.work), "$WORK")


def is_ours(path):
    """Whether the call is the tool's, not the start of the C library."""
    return path.startswith(("/sys/", "/dev/", "/proc/sys/", "$WORK")) and path != "/dev/null"


def read_rules():
    """Lines of: call, path, status, message; the form is in the file itself."""
    rules = []
    for line in pathlib.Path(__file__).with_name("rules.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            call, where, status, message = line.split(maxsplit=3)
            path = where + ("$" if "#" in where else "(#[0-9]+)?$")
            rules.append((re.compile(call + "$"), re.compile(path), int(status), message.strip()))
    return rules


def judge(run, rule):
    """What is wrong with the end of a run; nothing when it is right."""
    _, _, status, message = rule
    problems = []
    if run.status != status:
        problems.append(f"status {run.status}, not {status}")
    if any(not line.startswith("vgt-balloon: ") for line in run.messages):
        problems.append("a line that is no message")
    if status == 0 and run.messages:
        problems.append("a message that should not be")
    if message.startswith("json:"):
        if not re.search(message[5:], run.output or ""):
            problems.append("no output that says: " + message[5:])
    elif message != "-" and not any(re.search(message, line) for line in run.messages):
        problems.append("no message that says: " + message)
    if status == 74 and run.output is not None:
        problems.append("the output file stayed")
    if status != 74 and not (run.output or "").endswith("}\n"):
        problems.append("the output is not whole")
    if status == 0 and '"verdict": "ok"' not in (run.output or ""):
        problems.append("status 0 without the verdict")
    return "\n".join([*problems, *run.messages]) if problems else None


def check(bed, checks):
    rules, used, counts, turns = read_rules(), set(), {}, {}
    for call in bed.report(calls=CALLS).lines:
        name = call.split("(")[0]
        counts[name] = counts.get(name, 0) + 1
        path = subject(call, bed)
        if not is_ours(path) or (name == "mmap" and "resource0" not in path):
            continue
        # The same call for the same file: the first time, the second time
        turns[name, path] = turns.get((name, path), 0) + 1
        path = f"{path}#{turns[name, path]}"
        error = ERRORS.get(name, "EIO")
        run = bed.report("-e", f"inject={name}:error={error}:when={counts[name]}", calls=CALLS)
        rule = next((rule for rule in rules if rule[0].match(name) and rule[1].match(path)), None)
        used.add(rule)
        checks.add(f"{name} {path}: {error}",
                   judge(run, rule) if rule else "no rule for this call")
    unmet = [f"{rule[0].pattern} {rule[1].pattern}" for rule in rules if rule not in used]
    checks.add("each rule is met by a call", "\n".join(unmet) or None)
    checks.add("a display whose vendor cannot be read, behind another function, is not passed over",
               hidden_display(bed.work))


def hidden_display(work):
    """libpciaccess takes what it read of the function before for the vendor."""
    address = "0000:04:00.0"
    make_functions(work / "two", functions=2, address=address)
    done = subprocess.run(
        [*WITH_FUNCTIONS, work / "two", "strace", "-o", "/dev/null", "-e", "trace=read",
         "-e", "inject=read:error=EIO:when=1", "-P", f"/sys/bus/pci/devices/{address}/vendor",
         os.environ["VGT_BALLOON"], "report"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True, check=False)
    return None if done.returncode == 3 else f"status {done.returncode}, not 3\n{done.stderr}"
