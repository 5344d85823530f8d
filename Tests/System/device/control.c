// SPDX-License-Identifier: GPL-2.0
/*
 * The control socket. Each line is a command; each answer ends with a line ".".
 *
 *	show [NAME=VALUE]...	another function: healthy values but for these; registers
 *				and GGTT are cleared, and the guest is to scan the bus again
 *	set NAME=VALUE...	the same function changes while it runs
 *	get			NAME=VALUE of every field
 *	trace			what was accessed since the last `trace`
 *	entries			index and value of each GGTT entry that is not 0
 *	entry INDEX VALUE	another value of one
 *	unplug, plug		through QEMU's monitor
 */

#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "device.h"

static int unix_socket(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	strncpy(address->sun_path, path, sizeof(address->sun_path) - 1);
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

int listen_at(const char *path)
{
	struct sockaddr_un address;
	int fd = unix_socket(path, &address);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 1)) {
		perror(path);
		exit(1);
	}
	return fd;
}

int connect_to(const char *path)
{
	struct sockaddr_un address;
	int fd = unix_socket(path, &address);

	if (fd >= 0 && !connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	perror(path);
	return -1;
}

static void print_entries(FILE *out)
{
	for (unsigned int i = 0; i < GGTT_ENTRIES; i++) {
		uint64_t entry;

		memcpy(&entry, bar0 + GGTT_OFFSET + sizeof(entry) * i, sizeof(entry));
		if (entry)
			fprintf(out, "%u %llx\n", i, (unsigned long long)entry);
	}
}

static const char *set_entry(const char *words)
{
	char *rest;
	unsigned long index = strtoul(words ? words : "", &rest, 0);
	uint64_t entry = strtoull(rest, NULL, 0);

	if (!words || index >= GGTT_ENTRIES)
		return "error: no such entry";
	memcpy(bar0 + GGTT_OFFSET + sizeof(entry) * index, &entry, sizeof(entry));
	return NULL;
}

static void obey(char *line, FILE *out)
{
	char *words = line, *verb = strsep(&words, " ");
	const char *error = NULL;

	if (!strcmp(verb, "show")) {
		reset_fields();
		error = assign_fields(words);
		show_function();
	} else if (!strcmp(verb, "set")) {
		error = assign_fields(words);
		write_page();
	} else if (!strcmp(verb, "get")) {
		print_fields(out);
	} else if (!strcmp(verb, "trace")) {
		print_trace(out);
	} else if (!strcmp(verb, "entries")) {
		print_entries(out);
	} else if (!strcmp(verb, "entry")) {
		error = set_entry(words);
	} else if (!strcmp(verb, "unplug")) {
		unplug();
	} else if (!strcmp(verb, "plug")) {
		error = plug();
	} else {
		error = "error: no such command";
	}
	fprintf(out, "%s%s.\n", error ? error : "", error ? "\n" : "");
}

static void answer(int fd, char *line)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		abort();
	obey(line, out);
	fclose(out);
	for (size_t sent = 0; sent < length;) {
		ssize_t some = send(fd, text + sent, length - sent, MSG_NOSIGNAL);

		if (some <= 0)
			break;
		sent += some;
	}
	free(text);
}

/* Accepts one who connects, or obeys what the connected one sent. */
void control_input(int listening, int *connected)
{
	static char text[4096];
	static size_t length;
	ssize_t some;

	if (*connected < 0) {
		*connected = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
		length = 0;
		return;
	}
	some = recv(*connected, text + length, sizeof(text) - 1 - length, 0);
	if (some <= 0) {
		close(*connected);
		*connected = -1;
		return;
	}
	length += some;
	text[length] = 0;
	for (char *end; (end = strchr(text, '\n'));) {
		*end = 0;
		answer(*connected, text);
		length -= end + 1 - text;
		memmove(text, end + 1, length + 1);
	}
}
