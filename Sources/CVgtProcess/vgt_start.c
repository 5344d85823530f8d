#define _GNU_SOURCE /* O_PATH, renameat2 */
#include "vgt_start.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

void vgt_take_standard_descriptors(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        /* open takes the lowest number that is free. What is opened as a path
         * alone can be neither read nor written, and "/" is always there. */
        if (fcntl(descriptor, F_GETFD) < 0)
            open("/", O_PATH);
    }
}

void vgt_process_start(void)
{
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

static bool is_limited_below(__rlimit_resource_t resource, rlim_t bytes)
{
    struct rlimit limit;

    return getrlimit(resource, &limit) == 0 && limit.rlim_cur < bytes;
}

__attribute__((noreturn)) static void refuse(const char *message, size_t length)
{
    ssize_t ignored = write(STDERR_FILENO, message, length);

    (void)ignored;
    _exit(VGT_STATUS_CANNOT_TELL);
}

#define REFUSE(message) refuse(message, sizeof(message) - 1)

/* Before the initializers of the Swift runtime, which open files, and which too
 * little room would end by a signal. What they and a report need was found by
 * trying, and has some room on top. */
__attribute__((constructor(101))) static void prepare(void)
{
    vgt_take_standard_descriptors();
    if (is_limited_below(RLIMIT_STACK, 64 << 10))
        REFUSE("vgt-balloon: cannot start: the stack is limited to less than 64 KiB; "
               "raise it: ulimit -s 8192\n");
    if (is_limited_below(RLIMIT_AS, 20 << 20))
        REFUSE("vgt-balloon: cannot start: the address space is limited to less than 20 MiB; "
               "raise it: ulimit -v unlimited\n");
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
