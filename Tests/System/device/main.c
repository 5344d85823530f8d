// SPDX-License-Identifier: GPL-2.0
/*
 * device - an Intel GPU as a process of its own, beside an unmodified QEMU
 *
 *	device role=host|vgpu [NAME=VALUE]... -- qemu-system-x86_64 ...
 *		-device x-pci-proxy-dev,id=gpu,fd=33,addr=02.0
 *
 * QEMU's x-pci-proxy-dev hands every access to the configuration space and the
 * BARs of one PCI function to another process. This one answers as
 *
 *	role=host	the GPU of generation 8 or 9 on which i915 and kvmgt run: what
 *			those wait for is modelled, all else is memory
 *	role=vgpu	the function that a GVT-g guest sees: a PV info page, a GGTT
 *			that is memory, and engines
 *
 * The other names are
 *
 *	control=SOCKET	takes lines that change the function, see control.c
 *	monitor=SOCKET	QEMU's monitor (-qmp), to unplug the function and plug it
 *	interrupt=SOCKET  the other end of a pci-serial that shares the function's
 *			interrupt line: the protocol has none that works without KVM
 *	largest=MIB	the aperture that QEMU is told of (role=vgpu)
 *	bus=vmd		the function is in a PCI domain of its own, 10000
 *
 * and the fields of the function, see function.c. QEMU's RAM must be a
 * memory-backend-memfd with share=on. The device ends with QEMU and QEMU with it.
 */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"

enum { QEMU_END = 33 };			/* the descriptor that the command line of QEMU names */

static const char *interrupt_path, *control_path;
static int interrupt_socket = -1;

void raise_interrupt(void)
{
	if (interrupt_socket >= 0 && send(interrupt_socket, "i", 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 &&
	    errno != EAGAIN)
		interrupt_socket = -1;
}

static int usage(const char *word)
{
	fprintf(stderr, "device: what is %s? The names are at the start of main.c\n", word);
	return 2;
}

static bool take_option(char *word)
{
	char *value = strchr(word, '=') + 1;
	size_t length = value - word - 1;

#define IS(name) (length == strlen(name) && !memcmp(word, name, length))
	if (IS("role"))
		is_vgpu = !strcmp(value, "vgpu");
	else if (IS("control"))
		control_path = value;
	else if (IS("monitor"))
		monitor_path = value;
	else if (IS("interrupt"))
		interrupt_path = value;
	else if (IS("largest"))
		largest_aperture = strtoul(value, NULL, 0);
	else if (IS("bus"))
		is_behind_vmd = !strcmp(value, "vmd");
	else
		return !assign_fields(word);
	return true;
#undef IS
}

/* Starts QEMU with the other end of the connection. */
static pid_t start(char **command, int theirs)
{
	pid_t parent = getpid(), child = fork();

	if (child)
		return child;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	if (dup2(theirs, QEMU_END) < 0)
		_exit(127);
	execvp(*command, command);
	perror(*command);
	_exit(127);
}

static void serve(int control_listening, int interrupt_listening)
{
	int control = -1;

	for (;;) {
		struct pollfd waits[] = {
			{ machine_socket, POLLIN, 0 },
			{ control >= 0 ? control : control_listening, POLLIN, 0 },
			{ interrupt_socket < 0 ? interrupt_listening : -1, POLLIN, 0 },
		};

		if (poll(waits, 3, -1) < 0)
			continue;
		if (waits[2].revents)
			interrupt_socket = accept(interrupt_listening, NULL, NULL);
		if (waits[1].revents)
			control_input(control_listening, &control);
		if (waits[0].revents && !serve_machine())
			return;
	}
}

int main(int argc, char **argv)
{
	int ends[2], first = 1, status, control_listening, interrupt_listening;
	pid_t child;

	reset_fields();
	for (; first < argc && strcmp(argv[first], "--"); first++) {
		if (!strchr(argv[first], '=') || !take_option(argv[first]))
			return usage(argv[first]);
	}
	if (first + 1 >= argc)
		return usage("the command after --");
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) {
		perror("device: socketpair");
		return 1;
	}
	make_memory();
	build_vmd();
	reset_engines(1);
	build_config();
	/* QEMU looks for these when it starts. */
	control_listening = control_path ? listen_at(control_path) : -1;
	interrupt_listening = interrupt_path ? listen_at(interrupt_path) : -1;
	child = start(argv + first + 1, ends[1]);
	if (child < 0) {
		perror("device: fork");
		return 1;
	}
	close(ends[1]);
	machine_socket = ends[0];
	serve(control_listening, interrupt_listening);
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
