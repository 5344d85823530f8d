#define _GNU_SOURCE /* pipe2 */

#include "vgt_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define JOURNALCTL "/usr/bin/journalctl"

static int spawn(int output, pid_t *process)
{
    char *const arguments[] = {
        "journalctl", "--dmesg", "--boot", "--output=short-monotonic", "--no-pager", "--quiet",
        NULL,
    };
    char *const environment[] = {"LC_ALL=C", "SYSTEMD_COLORS=0", NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    int error;

    /* This process ignores SIGPIPE; journalctl should end of it. */
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    /* Not for writing: this process may have given that up. */
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    error = posix_spawn(process, JOURNALCTL, &files, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return error;
}

struct vgt_journal vgt_journal_open(void)
{
    struct vgt_journal journal = {.output = -1};
    pid_t process = 0;
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0) {
        journal.error = errno;
        return journal;
    }
    journal.error = spawn(ends[1], &process);
    close(ends[1]);
    if (journal.error) {
        close(ends[0]);
        return journal;
    }
    journal.output = ends[0];
    journal.process = process;
    return journal;
}

bool vgt_journal_wait(struct vgt_journal journal, int milliseconds)
{
    struct pollfd output = {.fd = journal.output, .events = POLLIN};
    int count;

    do {
        count = poll(&output, 1, milliseconds);
    } while (count < 0 && errno == EINTR);
    return count != 0;
}

/* Whether the process is gone. */
static bool reap(pid_t process)
{
    pid_t gone = waitpid(process, NULL, WNOHANG);

    return gone == process || (gone < 0 && errno != EINTR);
}

void vgt_journal_close(struct vgt_journal journal)
{
    const struct timespec moment = {.tv_nsec = 1000000};

    close(journal.output);
    /* It may be at work still, on a journal that nobody wants any more. What
     * hangs in the kernel ends later; then init reaps it. */
    kill(journal.process, SIGKILL);
    for (int count = 0; count < 100 && !reap(journal.process); count++)
        nanosleep(&moment, NULL);
}
