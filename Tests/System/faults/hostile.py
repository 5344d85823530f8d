"""Hostile surroundings: nothing forged, nothing half-written, nothing run.

Every test runs the release binary in surroundings that someone else arranged:
descriptors, limits, signals, names, neighbours.
"""

import fcntl
import json
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import unittest

BINARY = os.environ["VGT_BALLOON"]
LIMIT = 300  # seconds, after which a run hangs; no run takes one


def until(condition):
    end = time.monotonic() + LIMIT
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.01)


def until_it_waits(tool):
    """Until the tool sleeps, which it does for its input or its reader alone."""
    stat = pathlib.Path(f"/proc/{tool.pid}/stat")
    until(lambda: stat.read_text().rpartition(")")[2].split()[0] in "SZ")


class Hostile(unittest.TestCase):
    bed = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "sample").write_bytes(self.sample())
        # The sample never counts for host; a report of the bed does.
        (self.folder / "guest").write_bytes(self.in_bed(BINARY).stdout)

    @staticmethod
    def sample():
        return subprocess.run([BINARY, "--sample"], capture_output=True, check=True).stdout

    def run_tool(self, *arguments, **options):
        return subprocess.run([BINARY, *arguments], capture_output=True, timeout=LIMIT, cwd=self.folder,
                              **options)

    def in_bed(self, *command, **options):
        return self.bed.run(command, capture_output=True, timeout=LIMIT, cwd=self.folder, **options)

    def shell(self, script, **options):
        return subprocess.run(["sh", "-c", script], capture_output=True, timeout=LIMIT, cwd=self.folder,
                              env={**os.environ, "TOOL": BINARY}, **options)

    def names(self):
        """What is in the folder besides the inputs."""
        return sorted(set(os.listdir(self.folder)) - {"sample", "guest", "fifo"})


class Crashes(Hostile):
    def crash(self, number, neighbour):
        """Ends a run by a signal while it waits for its input; the status."""
        binary = self.folder / "vgt-balloon"
        shutil.copy(BINARY, binary)
        helper = self.folder / neighbour
        helper.parent.mkdir(parents=True, exist_ok=True)
        helper.write_text(f"#!/bin/sh\ntouch {self.folder}/run\n")
        helper.chmod(0o755)
        tool = subprocess.Popen([binary, "log", "-"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        until_it_waits(tool)
        tool.send_signal(number)
        try:
            status = tool.wait(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            tool.kill()
            status = "hung"
        finally:
            tool.stdin.close()
        return status

    def test_a_crash_dies_of_its_signal_and_runs_nothing(self):
        for neighbour in ("swift-backtrace", "../libexec/swift/swift-backtrace", "libexec/swift/swift-backtrace",
                          "linux/swift-backtrace"):
            neighbour = neighbour.replace("../", "up/")
            for number in (signal.SIGSEGV, signal.SIGILL, signal.SIGTRAP, signal.SIGBUS, signal.SIGFPE):
                with self.subTest(neighbour=neighbour, signal=number):
                    self.assertEqual(self.crash(number, neighbour), -number)
                    self.assertFalse((self.folder / "run").exists())

    def test_no_handler_is_installed_before_main_either(self):
        trace = self.shell("strace -e trace=rt_sigaction,sigaltstack,file \"$TOOL\" --version").stderr.decode()
        self.assertNotRegex(trace, "SIGSEGV|SIGILL|SIGTRAP|sigaltstack|swift-backtrace")


class Descriptors(Hostile):
    def test_a_closed_standard_error_forges_nothing_in_the_output(self):
        # The same input twice is worth a message.
        for closed in ("2>&-", "1>&- 2>&-", "0<&- 1>&- 2>&-"):
            with self.subTest(closed):
                self.shell(f"exec {closed}; \"$TOOL\" host -o out.json --json guest guest guest")
                text = (self.folder / "out.json").read_text()
                self.assertEqual(len(json.loads(text)["guests"]), 1)
                os.remove(self.folder / "out.json")

    def test_a_closed_standard_input_is_said(self):
        run = self.shell("\"$TOOL\" --from - <&-")
        self.assertEqual(run.returncode, 66)
        self.assertEqual(run.stderr, b"vgt-balloon: cannot read standard input: Bad file descriptor\n")

    def test_no_file_of_the_machine_becomes_a_standard_stream(self):
        trace = self.in_bed("sh", "-c", f"exec strace -o trace -e trace=openat,open {BINARY} 0<&- 1>&- 2>&-")
        self.assertEqual(trace.stderr, b"")
        opened = (self.folder / "trace").read_text()
        for line in opened.splitlines():
            if re.search(r"= [012]$", line):
                self.assertRegex(line, r'"/", .*O_PATH')

    def test_too_few_descriptors_are_named(self):
        run = self.in_bed("sh", "-c", f"ulimit -n 3; exec {BINARY}")
        self.assertEqual(run.returncode, 3)
        self.assertIn(b"Too many open files", run.stderr)
        self.assertNotIn(b"mount sysfs", run.stderr)


class Output(Hostile):
    def test_a_limit_of_the_file_size_is_74_and_leaves_nothing(self):
        run = self.shell("ulimit -f 1; \"$TOOL\" --sample --json -o out")
        self.assertEqual(run.returncode, 74)
        self.assertEqual(run.stderr, b"vgt-balloon: cannot write out: File too large\n")
        self.assertEqual(self.names(), [])

    def test_a_signal_leaves_nothing(self):
        os.mkfifo(self.folder / "fifo")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL):
            with self.subTest(signal=number):
                tool = subprocess.Popen([BINARY, "host", "-o", "out", "fifo"], cwd=self.folder,
                                        stderr=subprocess.DEVNULL)
                writer = os.open(self.folder / "fifo", os.O_WRONLY)
                until_it_waits(tool)
                tool.send_signal(number)
                self.assertEqual(tool.wait(timeout=LIMIT), -number)
                os.close(writer)
                self.assertEqual(self.names(), [])
                self.assertEqual(self.run_tool("host", "-o", "out", "guest").returncode, 0)
                os.remove(self.folder / "out")

    def test_a_signal_leaves_nothing_where_files_cannot_be_nameless(self):
        # strace makes O_TMPFILE fail.
        os.mkfifo(self.folder / "fifo")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            with self.subTest(signal=number):
                tool = subprocess.Popen(
                    ["strace", "-o", "/dev/null", "-e", "quiet=path-resolution", "-P", ".",
                     "-e", "trace=openat",
                     "-e", "inject=openat:error=EOPNOTSUPP:when=1", BINARY, "host", "-o", "out", "fifo"],
                    cwd=self.folder, stderr=subprocess.DEVNULL)
                writer = os.open(self.folder / "fifo", os.O_WRONLY)
                until(self.names)
                self.assertRegex(" ".join(self.names()), r"^\.out\.\d+\.part$")
                child = int(pathlib.Path(f"/proc/{tool.pid}/task/{tool.pid}/children").read_text().split()[0])
                os.kill(child, number)
                tool.wait(timeout=LIMIT)
                os.close(writer)
                self.assertEqual(self.names(), [])

    def test_a_file_that_cannot_be_nameless_is_whole_all_the_same(self):
        run = subprocess.run(
            ["strace", "-o", "/dev/null", "-e", "quiet=path-resolution", "-P", ".",
                     "-e", "trace=openat",
             "-e", "inject=openat:error=EOPNOTSUPP:when=1", BINARY, "--sample", "-o", "out"],
            cwd=self.folder, capture_output=True, timeout=LIMIT)
        self.assertEqual((run.returncode, run.stderr), (0, b""))
        self.assertEqual((self.folder / "out").read_bytes(), self.sample())
        self.assertEqual(self.names(), ["out"])

    def test_help_version_and_completions_that_cannot_be_written_are_74(self):
        for arguments in ("--help", "--version", "-V", "help report", "detect --help",
                          "--generate-completion-script bash", "--experimental-dump-help"):
            with self.subTest(arguments):
                run = self.shell(f"\"$TOOL\" {arguments} >/dev/full")
                self.assertEqual(run.returncode, 74)
                self.assertEqual(run.stderr,
                                 b"vgt-balloon: cannot write standard output: No space left on device\n")

    def test_a_pipe_that_does_not_block_gets_everything(self):
        reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETFL, os.O_NONBLOCK)
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        tool = subprocess.Popen([BINARY, "--sample", "--json"], stdout=writer)
        os.close(writer)
        until_it_waits(tool)
        with open(reader, "rb") as pipe:
            text = pipe.read()
        self.assertEqual(tool.wait(timeout=LIMIT), 0)
        self.assertEqual(len(json.loads(text)["devices"]), 1)
        self.assertGreater(len(text), 4096)

    def test_root_names_a_file_in_the_folder_of_another_user(self):
        if os.geteuid() != 0:
            self.skipTest("only root can give a folder away")
        theirs = self.folder / "theirs"
        theirs.mkdir(mode=0o755)
        os.chown(theirs, 1000, 1000)
        self.assertEqual(self.run_tool("--sample", "-o", theirs / "out").stderr, b"")
        self.assertEqual((theirs / "out").read_bytes(), self.sample())


class Names(Hostile):
    NAME = b"a\nvgt-balloon: forged\x1b[31m\xff" + b"x" * 190
    ESCAPED = b"a\\u{a}vgt-balloon: forged\\u{1b}[31m"

    def check_one_line(self, run, status):
        self.assertEqual(run.returncode, status, run.stderr)
        self.assertEqual(run.stderr.count(b"\n"), 1, run.stderr)
        self.assertNotIn(b"\x1b", run.stderr + run.stdout)
        self.assertIn(self.ESCAPED, run.stderr)
        # The parser quotes a name twice.
        self.assertLess(len(run.stderr), 700)

    def test_a_name_is_one_line_and_no_command_to_the_terminal(self):
        name = self.NAME
        for arguments, status in (
                (["log", name], 66), (["--from", name], 66), (["--sample", "-o", b"no/" + name], 74),
                (["udev", name], 64), ([name], 64), (["help", name], 64), (["--" + "x", name], 64),
                (["--kernel", name], 64), (["ggtt", "--range", name], 64), (["detect", name], 64)):
            with self.subTest(arguments[:-1]):
                if arguments[0] == "--x":
                    arguments = [b"--" + name]
                self.check_one_line(self.run_tool(*arguments), status)

    def test_a_slot_name_of_the_environment_is_one_line(self):
        run = self.run_tool("udev", env={b"PCI_SLOT_NAME": self.NAME})
        self.check_one_line(run, 64)

    def test_a_name_in_the_text_of_log_and_host_is_one_line(self):
        log = pathlib.Path(__file__).parents[2] / "Fixtures/logs/kernel-log-5.14-guest.txt"
        (self.folder / os.fsdecode(self.NAME)).write_bytes(log.read_bytes())
        run = self.run_tool("log", self.NAME)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertNotIn(b"\x1b", run.stdout)
        self.assertNotRegex(run.stdout, rb"(?m)^vgt-balloon: forged")

    def test_a_name_of_any_bytes_is_read_and_written(self):
        name = b"report-\xff\xfe.txt"
        self.assertEqual(self.run_tool("--sample", "-o", name).returncode, 0)
        self.assertEqual((self.folder / os.fsdecode(name)).read_bytes(), self.sample())
        self.assertEqual(self.run_tool("--from", name).returncode, 0)
        self.assertEqual(self.run_tool(b"--from=" + name).returncode, 0)
        self.assertEqual(self.names(), [os.fsdecode(name)])


class Calls(Hostile):
    """What the process may still do once it works on what it was given."""

    def trace(self, *arguments):
        trace = self.folder / "trace"
        run = self.in_bed("strace", "-f", "-y", "-o", trace, BINARY, *arguments)
        calls = [line.split(maxsplit=1)[1] for line in trace.read_text(errors="replace").splitlines()]
        return run, [call for call in calls if re.match(r"\w+\(", call)]

    def test_every_command_is_confined_before_it_parses_or_prints(self):
        for arguments in (["report"], ["report", "--format=json"], ["--sample"], ["--from", "guest"], ["detect"],
                          ["udev", "0000:00:02.0"], ["log", "guest"], ["host", "guest"], ["ggtt"],
                          ["ggtt", "--range=0x0-0x1000"], ["log"], ["-s", "00:02.0"],
                          ["-o", "out", "--sample"]):
            with self.subTest(arguments):
                run, calls = self.trace(*arguments)
                self.assertIn(run.returncode, (0, 1, 2, 3), run.stderr)
                filtered = [index for index, call in enumerate(calls) if call.startswith("seccomp(")]
                self.assertEqual(len(filtered), 2)
                before, after = calls[:filtered[1]], calls[filtered[1] + 1:]
                self.assertEqual([call for call in before if call.startswith("write(1")], [])
                self.assertTrue(any(call.startswith("capset(") for call in before))
                self.assertTrue(any(call.startswith("prctl(PR_SET_NO_NEW_PRIVS") for call in before))
                self.assertTrue(any(call.startswith("landlock_create_ruleset(") for call in before))
                # The driver is asked, and its log read, only now.
                self.assertEqual([call for call in before if call.startswith("ioctl(") and "/dri/" in call], [])
                # The bytes of a file that is parsed are read only now.
                if "guest" in arguments:
                    self.assertEqual([call for call in before if "/guest>" in call and call.startswith("read(")], [])
                    self.assertTrue(any("/guest>" in call and call.startswith("read(") for call in after))
                self.assertEqual([call for call in after if "EPERM" in call], [])



class Filter(Hostile):
    """What the kernel answers once the filter is set, by its program and ours."""

    # Without a condition.
    ALLOWED = {
        "read": 0, "write": 1, "close": 3, "fstat": 5, "poll": 7, "lseek": 8, "munmap": 11, "brk": 12,
        "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "writev": 20, "mremap": 25,
        "madvise": 28, "getpid": 39, "exit": 60, "wait4": 61, "gettid": 186, "futex": 202,
        "restart_syscall": 219, "clock_gettime": 228, "clock_nanosleep": 230, "exit_group": 231,
        "newfstatat": 262, "getrandom": 318}
    MMAP, MPROTECT, IOCTL, KILL, TGKILL = 9, 10, 16, 62, 234
    NAMING = {"unlink": 87, "linkat": 265, "renameat2": 316}
    X86_64, I386 = 0xC000003E, 0x40000003
    TRUNCATE = 76
    # SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO with EPERM, and with EACCES
    ALLOW, REFUSE, NO_WRITING = 0x7FFF0000, 0x00050001, 0x0005000D

    def start(self, *arguments, inject=()):
        """Runs a command and reads its filters, the last of which answers; its
        number and its child's."""
        trace = self.folder / "trace"
        self.in_bed("strace", "-f", "-v", "-X", "raw", "-e", "trace=seccomp,prctl,clone,clone3,vfork", *inject, "-o", trace,
                    BINARY, *arguments)
        lines = trace.read_text().splitlines()
        # SECCOMP_SET_MODE_FILTER; PR_SET_SECCOMP, SECCOMP_MODE_FILTER
        call = r"(\d+) +(?:seccomp\(0x1, 0|prctl\(0x16, 0x2), \{.*filter=\[(.*)\]\}\) += 0$"
        processes, programs = zip(*(match.groups() for line in lines if (match := re.match(call, line))))
        # A code is written as its parts, "0|0|0x20"; a statement has no jumps.
        self.programs = [
            [[sum(int(part, 0) for part in word.split("|")) for word in instruction.split(", ")] + [0, 0]
             for instruction in re.findall(r"BPF_(?:STMT|JUMP)\((.*?)\)", program)] for program in programs]
        self.program = self.programs[-1]
        children = [int(line.split()[-1]) for line in lines if re.search(r"(clone3?|vfork).* = (0x)?\w+$", line)]
        return int(processes[0]), children

    def answer(self, call, *arguments, arch=X86_64):
        """What the program returns for a call."""
        data = struct.pack("<iIQ6Q", call, arch, 0, *arguments, *[0] * (6 - len(arguments)))
        place, value = 0, 0
        while True:
            code, operand, if_true, if_false = self.program[place][:4]
            place += 1
            match code:
                case 0x20: value = int.from_bytes(data[operand:operand + 4], "little")  # BPF_LD | BPF_W | BPF_ABS
                case 0x05: place += operand  # BPF_JMP | BPF_JA
                case 0x35: place += if_true if value >= operand else if_false  # BPF_JMP | BPF_JGE | BPF_K
                case 0x15: place += if_true if value == operand else if_false  # BPF_JMP | BPF_JEQ | BPF_K
                case 0x45: place += if_true if value & operand else if_false  # BPF_JMP | BPF_JSET | BPF_K
                case 0x54: value &= operand  # BPF_ALU | BPF_AND | BPF_K
                case 0x74: value >>= operand  # BPF_ALU | BPF_RSH | BPF_K
                case 0x06: return operand  # BPF_RET | BPF_K
                case _: self.fail(f"no such instruction: {code:#x}")

    def check_answers(self, calls, conditional):
        """Of all calls these alone are allowed, whatever their arguments."""
        for number in range(1024):
            if number not in conditional:
                wanted = self.ALLOW if number in calls else self.REFUSE
                for arguments in [0] * 6, [2**64 - 1] * 6:
                    self.assertEqual(self.answer(number, *arguments), wanted, f"call {number}")
            # Of other architectures none: i386, and x32 by a bit in the number.
            self.assertEqual(self.answer(number, arch=self.I386), self.REFUSE, f"i386 call {number}")
            self.assertEqual(self.answer(number | 1 << 30), self.REFUSE, f"x32 call {number}")

    def test_the_filter_refuses_every_other_call(self):
        conditional = {self.MMAP, self.MPROTECT, self.IOCTL, self.KILL, self.TGKILL}
        self.start("--sample")
        self.check_answers(set(self.ALLOWED.values()), conditional)
        self.start("--sample", "-o", "out")
        self.check_answers({*self.ALLOWED.values(), *self.NAMING.values()}, conditional)

    def test_the_first_filter_refuses_to_cut_a_file_short(self):
        self.start("--sample")
        self.program, _ = self.programs
        for number in range(1024):
            wanted = self.NO_WRITING if number == self.TRUNCATE else self.ALLOW
            self.assertEqual(self.answer(number), wanted, f"call {number}")
            self.assertEqual(self.answer(number | 1 << 30), wanted, f"x32 call {number}")
            self.assertEqual(self.answer(number, arch=self.I386), self.REFUSE, f"i386 call {number}")

    def test_the_filter_is_set_where_seccomp_is_refused(self):
        # As systemd-udevd does.
        self.start("udev", "0000:00:02.0", inject=["-e", "inject=seccomp:error=EPERM"])
        self.assertEqual(self.answer(self.ALLOWED["read"]), self.ALLOW)
        self.assertEqual(self.answer(41), self.REFUSE)  # socket

    def test_the_filter_refuses_some_arguments(self):
        process, _ = self.start("--sample")
        for call in self.MMAP, self.MPROTECT:
            for protection in range(8):
                self.assertEqual(self.answer(call, 0, 4096, protection),
                                 self.REFUSE if protection & 4 else self.ALLOW, f"call {call}, {protection}")
        for request, allowed in (
                (0x5401, True), (0x5413, True), (0xC0106446, True), (0x80086409, True),  # TCGETS, a size, two of DRM
                (0x5412, False), (0x5402, False), (0x541C, False), (0x4B4B, False)):  # TIOCSTI, TCSETS, TIOCLINUX
            self.assertEqual(self.answer(self.IOCTL, 1, request) == self.ALLOW, allowed, f"ioctl {request:#x}")
        others = [0, 1, 2, process - 1, process + 1, os.getpid(), 0xFFFFFFFF]
        self.assertEqual([other for other in [process, *others]
                          if self.answer(self.TGKILL, other, process, 9) == self.ALLOW], [process])
        self.assertEqual([other for other in [process, *others] if self.answer(self.KILL, other, 9) == self.ALLOW], [])

    def test_only_the_program_that_reads_the_journal_is_ended(self):
        process, children = self.start("report")
        if not children:
            self.skipTest("there is no journalctl")
        self.assertEqual([other for other in (0, 1, process, os.getpid(), 0xFFFFFFFF, *children)
                          if self.answer(self.KILL, other, 9) == self.ALLOW], children)

    def test_the_filter_is_set_while_foreign_bytes_are_read(self):
        for arguments in (["log", "-"], ["host", "-"], ["--from", "-"]):
            with self.subTest(arguments), subprocess.Popen(
                    [BINARY, *arguments], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL) as tool:
                until_it_waits(tool)
                status = pathlib.Path(f"/proc/{tool.pid}/status").read_text()
                tool.stdin.close()
                for line in "Seccomp:\t2", "NoNewPrivs:\t1", "CapEff:\t" + "0" * 16, "CapPrm:\t" + "0" * 16:
                    self.assertIn(line + "\n", status)


class LittleRoom(Hostile):
    def test_little_memory_ends_in_a_line(self):
        # The kernel itself ends a program that it has no room to map.
        for limit in (1, 4, 16, 17, 18, 20, 24, 32, 64, 128):
            with self.subTest(mebibytes=limit):
                run = self.shell(f"ulimit -v {limit * 1024}; exec \"$TOOL\" --sample")
                self.assertIn(run.returncode, (0, 3, 74, 126, 127, -9, -11) if limit < 17 else (0, 3, 74), run.stderr)
                if limit >= 17 and run.returncode:
                    self.assertEqual(run.stderr.count(b"\n"), 1, run.stderr)

    def test_a_small_stack_ends_in_a_line(self):
        for limit in (16, 32, 64, 128, 256):
            with self.subTest(kibibytes=limit):
                run = self.shell(f"ulimit -s {limit}; exec \"$TOOL\" --sample")
                self.assertIn(run.returncode, (0, 3, 74), run.stderr)



class Verdicts(unittest.TestResult):
    """Tells each test to the checks of this part."""

    def __init__(self, checks):
        super().__init__()
        self.checks, self.reasons = checks, {}

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err:
            self.note(test, f"{subtest}: {err[1]}")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.note(test, str(err[1]))

    def addError(self, test, err):
        super().addError(test, err)
        self.note(test, repr(err[1]))

    def note(self, test, reason):
        self.reasons.setdefault(test.id(), []).append(reason)

    def stopTest(self, test):
        super().stopTest(test)
        name = test.id().split(".")[-1].removeprefix("test_").replace("_", " ")
        if any(skipped is test for skipped, _ in self.skipped):
            self.checks.skip(name, self.skipped[-1][1])
        else:
            self.checks.add(name, "\n".join(self.reasons.get(test.id(), [])) or None)


def check(bed, checks):
    """Runs every test here."""
    Hostile.bed = bed
    for case in (Crashes, Descriptors, Output, Names, Calls, Filter, LittleRoom):
        unittest.defaultTestLoader.loadTestsFromTestCase(case).run(Verdicts(checks))
