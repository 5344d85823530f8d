"""A running machine: QEMU and the device, which end with whoever started them."""

import contextlib
import os
import subprocess
import sys
import threading

from .files import build_device

STATUS_TIMEOUT = 124  # as timeout(1)
STATUS_NO_STATUS = 125  # the machine ended without one, as env(1) and others

# Without KVM only a reliable TSC goes on while interrupts are off, and i915 waits
# for its registers that way. i915 has much to say about hardware that answers
# zeros; on the console only emergencies are shown, dmesg has it all.
KERNEL_ARGUMENTS = [
    "console=ttyS0", "panic=-1", "loglevel=1", "log_buf_len=16M", "tsc=reliable",
    "clocksource=tsc", "no_timer_check", "nokaslr", "mitigations=off",
]


def command(kernel, initramfs, *, device, memory, arguments=(), options=(), processor=None,
            limit):
    """The command line of a machine that ends after `limit` seconds.

    `device` is what the device's command line says, `arguments` are the kernel's and `options`
    QEMU's. The threads of QEMU take turns (thread=single), since it refuses an access while
    the device has not answered another. Device and QEMU wait for each other all the time, and
    on one processor that takes a tenth of the time.
    """
    if processor is None:
        processor = default_processor()
    return [
        # However this script ends, the machine does too.
        "setpriv", "--pdeathsig", "TERM", "taskset", "-c", str(processor),
        "timeout", "--foreground", "--kill-after=5", str(limit),
        str(build_device()), *device, "--",
        "qemu-system-x86_64", "-accel", "tcg,thread=single,tb-size=512",
        "-machine", "pc,memory-backend=ram", "-cpu", "max,-la57", "-smp", "1", "-m", memory,
        "-object", f"memory-backend-memfd,id=ram,size={memory},share=on",
        # QEMU forwards accesses below 4 GiB only.
        "-global", "i440FX-pcihost.pci-hole64-size=0",
        "-nodefaults", "-display", "none", "-vga", "none", "-no-reboot",
        "-device", "x-pci-proxy-dev,id=gpu,fd=33,addr=02.0", *options,
        "-kernel", str(kernel.image), "-initrd", str(initramfs),
        "-append", " ".join([*KERNEL_ARGUMENTS, *arguments]),
    ]


def default_processor():
    """A processor for a machine: by the number of this process, so that machines that are started
    one after the other have different ones. VGT_PROCESSOR names another."""
    allowed = sorted(os.sched_getaffinity(0))
    return int(os.environ.get("VGT_PROCESSOR", allowed[os.getpid() % len(allowed)]))


def port(number, backend):
    """QEMU's options for a port of the virtio console."""
    return ["-chardev", f"{backend[0]},id=port{number},{backend[1]}",
            "-device", f"virtserialport,nr={number},chardev=port{number}"]


def console():
    """QEMU's options for the virtio console itself."""
    return ["-device", "virtio-serial-pci,addr=0a.0"]


def folder_option(tag, path, slot):
    """QEMU's options for a folder of this machine that a machine can mount, for reading."""
    return ["-fsdev", f"local,id={tag},path={path},security_model=none,readonly=on,multidevs=remap",
            "-device", f"virtio-9p-pci,fsdev={tag},mount_tag={tag},addr={slot}"]


def interact(line):
    """Gives the terminal to a machine."""
    return subprocess.call([*line, "-serial", "mon:stdio"])


def relay(source, target):
    """Copies what a machine writes, as it comes; where nobody reads it, drops it."""
    while data := os.read(source, 65536):
        with contextlib.suppress(BrokenPipeError):
            target.write(data)
            target.flush()


def execute(line, folder):
    """Runs a machine whose init writes to the ports 1 (standard output), 2 (errors) and 3 (the
    status); returns the status."""
    log, status = folder / "console", folder / "status"
    threads, descriptors = [], []
    options = ["-serial", f"file:{log}", *port(3, ("file", f"path={status}"))]
    for number, target in (1, sys.stdout.buffer), (2, sys.stderr.buffer):
        # A pipe, and not the file itself, which QEMU would truncate.
        readable, writable = os.pipe()
        descriptors.append(writable)
        options += port(number, ("file", f"path=/dev/fd/{writable}"))
        threads.append(threading.Thread(target=relay, args=(readable, target), daemon=True))

    with open(folder / "qemu", "wb") as messages:
        process = subprocess.Popen(
            [*line, *options], stdin=subprocess.DEVNULL, stdout=messages,
            stderr=messages, pass_fds=descriptors)
    try:
        for descriptor in descriptors:
            os.close(descriptor)
        for thread in threads:
            thread.start()
        ended = process.wait()
        for thread in threads:
            thread.join()
    finally:
        process.terminate()
        process.wait()

    reported = status.read_text() if status.exists() else ""
    if reported:
        return int(reported)
    if ended == STATUS_TIMEOUT:
        print("the time limit is over", file=sys.stderr)
    for name in (folder / "qemu", log):
        lines = name.read_text(errors="replace").splitlines() if name.exists() else []
        print("\n".join(lines[-40:]), file=sys.stderr)
    return STATUS_TIMEOUT if ended == STATUS_TIMEOUT else STATUS_NO_STATUS
