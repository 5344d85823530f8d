// SPDX-License-Identifier: GPL-2.0
/*
 * The messages of QEMU's multi-process protocol, as x-pci-proxy-dev sends them
 * (QEMU 7.2, include/hw/remote/mpqemu-link.h): a command, the size of the body,
 * the body. All but the first and SET_IRQFD want a reply.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "device.h"

enum command {
	SYNC_SYSMEM, RET, PCI_CFGWRITE, PCI_CFGREAD, BAR_WRITE, BAR_READ, SET_IRQFD, DEVICE_RESET
};

struct message {
	int command;
	size_t size;
	union {
		uint64_t answer;
		struct {
			uint32_t offset, value;
			int size;
		} config;
		struct {
			uint64_t address, value;
			unsigned int size;
			bool is_memory;
		} bar;
		struct {
			uint64_t address[MAX_REGIONS], size[MAX_REGIONS];
			int64_t offset[MAX_REGIONS];
		} ram;
	};
};

enum { HEADER = offsetof(struct message, answer) };

int machine_socket = -1;

static bool is_unplugged;
static char input[2 * sizeof(struct message)];
static size_t input_length;
static int descriptors[MAX_REGIONS], descriptor_count;

/* Takes what has come; whether QEMU is still there. */
static bool receive(void)
{
	char space[CMSG_SPACE(sizeof(descriptors))];
	struct iovec place = { input + input_length, sizeof(input) - input_length };
	struct msghdr header = {
		.msg_iov = &place, .msg_iovlen = 1,
		.msg_control = space, .msg_controllen = sizeof(space),
	};
	ssize_t length = recvmsg(machine_socket, &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

	if (length < 0)
		return errno == EAGAIN || errno == EINTR;
	input_length += length;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&header); c; c = CMSG_NXTHDR(&header, c)) {
		if (c->cmsg_type == SCM_RIGHTS) {
			descriptor_count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
			memcpy(descriptors, CMSG_DATA(c), descriptor_count * sizeof(int));
		}
	}
	return length > 0;
}

static void reply(uint64_t answer)
{
	struct message message;

	memset(&message, 0, sizeof(message));
	message.command = RET;
	message.size = sizeof(answer);
	message.answer = answer;
	/* One that does not go out is QEMU's end, which the next receive tells. */
	(void)!send(machine_socket, &message, HEADER + sizeof(answer), MSG_NOSIGNAL);
}

static void answer(const struct message *message)
{
	switch (message->command) {
	case SYNC_SYSMEM:
		unmap_ram();
		for (int i = 0; i < descriptor_count; i++) {
			map_ram(i, message->ram.address[i], message->ram.size[i], descriptors[i],
				message->ram.offset[i]);
			close(descriptors[i]);
		}
		descriptor_count = 0;
		break;
	case SET_IRQFD:
		for (int i = 0; i < descriptor_count; i++)
			close(descriptors[i]);
		descriptor_count = 0;
		break;
	case PCI_CFGREAD:
		reply((is_behind_vmd ? vmd_config_read : config_read)(message->config.offset,
								      message->config.size));
		break;
	case PCI_CFGWRITE:
		(is_behind_vmd ? vmd_config_write : config_write)(
			message->config.offset, message->config.value, message->config.size);
		reply(0);
		break;
	case BAR_READ:
		reply(bar_access(false, message->bar.address, 0, message->bar.size));
		break;
	case BAR_WRITE:
		bar_access(true, message->bar.address, message->bar.value, message->bar.size);
		reply(0);
		break;
	case DEVICE_RESET:
		is_realized = true;
		build_config();
		reply(0);
		break;
	default:
		fprintf(stderr, "device: QEMU sent command %d\n", message->command);
		exit(1);
	}
}

bool serve_machine(void)
{
	struct message message;

	if (!receive()) {
		if (!is_unplugged)
			return false;
		close(machine_socket);
		machine_socket = -1;
		input_length = 0;
		return true;
	}
	while (input_length >= HEADER) {
		size_t length;

		memset(&message, 0, sizeof(message));
		memcpy(&message, input, HEADER);
		length = HEADER + message.size;
		if (message.size > sizeof(message) - HEADER) {
			fprintf(stderr, "device: QEMU sent %zu bytes at once\n", message.size);
			exit(1);
		}
		if (input_length < length)
			break;
		memcpy(&message, input, length);
		input_length -= length;
		memmove(input, input + length, input_length);
		answer(&message);
	}
	return true;
}

/* --- QEMU's monitor --- */

const char *monitor_path;

/* Sends a command, with a descriptor when it is not negative. */
static void tell_monitor(const char *text, int fd)
{
	static int monitor = -1;
	char said[4096], space[CMSG_SPACE(sizeof(fd))] = { 0 };
	struct iovec place = { (char *)text, strlen(text) };
	struct msghdr header = { .msg_iov = &place, .msg_iovlen = 1 };

	if (monitor < 0) {
		monitor = monitor_path ? connect_to(monitor_path) : -1;
		if (monitor < 0)
			return;
		tell_monitor("{\"execute\":\"qmp_capabilities\"}\n", -1);
	}
	for (ssize_t length; (length = recv(monitor, said, sizeof(said) - 1, MSG_DONTWAIT)) > 0;) {
		said[length] = 0;
		if (strstr(said, "\"error\""))
			fprintf(stderr, "device: the monitor says %s", said);
	}
	if (fd >= 0) {
		struct cmsghdr *rights;

		header.msg_control = space;
		header.msg_controllen = sizeof(space);
		rights = CMSG_FIRSTHDR(&header);
		rights->cmsg_level = SOL_SOCKET;
		rights->cmsg_type = SCM_RIGHTS;
		rights->cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(rights), &fd, sizeof(fd));
	}
	if (sendmsg(monitor, &header, MSG_NOSIGNAL) < 0)
		perror(monitor_path);
}

void unplug(void)
{
	is_unplugged = true;
	tell_monitor("{\"execute\":\"device_del\",\"arguments\":{\"id\":\"gpu\"}}\n", -1);
}

/* NULL, or why the function cannot be plugged: QEMU lets go of the old one late. */
const char *plug(void)
{
	int ends[2];

	if (machine_socket >= 0)
		return "error: it is still plugged";
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return "error: no socket";
	machine_socket = ends[0];
	input_length = 0;
	is_unplugged = false;
	is_realized = false;
	tell_monitor("{\"execute\":\"getfd\",\"arguments\":{\"fdname\":\"gpu\"}}\n", ends[1]);
	tell_monitor("{\"execute\":\"device_add\",\"arguments\":{\"driver\":\"x-pci-proxy-dev\","
		     "\"id\":\"gpu\",\"fd\":\"gpu\",\"addr\":\"02.0\"}}\n", -1);
	close(ends[1]);
	return NULL;
}
