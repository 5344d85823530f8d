#define _GNU_SOURCE /* O_PATH, renameat2 */
#include "vgt_start.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

void vgt_process_start(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        /* open takes the lowest number that is free. What is opened as a path
         * alone can be neither read nor written, and "/" is always there. */
        if (fcntl(descriptor, F_GETFD) < 0)
            open("/", O_PATH);
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

static uint64_t limit(__rlimit_resource_t resource)
{
    struct rlimit limit;

    if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return UINT64_MAX;
    return limit.rlim_cur;
}

struct vgt_limits vgt_process_limits(void)
{
    return (struct vgt_limits){
        .address_space = limit(RLIMIT_AS),
        .data = limit(RLIMIT_DATA),
        .stack = limit(RLIMIT_STACK),
    };
}

void vgt_raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int vgt_rename_new(const char *from, const char *to)
{
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

unsigned vgt_terminal_columns(int descriptor)
{
    struct winsize size;

    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void vgt_wait_ready(int descriptor, bool for_writing)
{
    struct pollfd file = {.fd = descriptor, .events = for_writing ? POLLOUT : POLLIN};

    poll(&file, 1, -1);
}
