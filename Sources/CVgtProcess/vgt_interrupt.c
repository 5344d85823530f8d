#include "vgt_interrupt.h"

#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

static volatile sig_atomic_t is_noted;
static volatile sig_atomic_t is_removing;
static char file[PATH_MAX];

static void end(int signal_number)
{
    if (is_removing)
        unlink(file);
    /* Blocked until this returns, then it ends the process. */
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void note(int signal_number)
{
    if (is_noted)
        end(signal_number);
    is_noted = 1;
}

static void handle(int signal_number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    struct sigaction current;

    /* nohup(1) and shells have some ignored: they stay so. */
    if (sigaction(signal_number, NULL, &current) == 0 && current.sa_handler == SIG_IGN)
        return;
    sigaction(signal_number, &action, NULL);
}

void vgt_interrupt_note(void)
{
    handle(SIGINT, note);
    handle(SIGTERM, note);
}

bool vgt_interrupt_noted(void)
{
    return is_noted != 0;
}

void vgt_interrupt_remove(const char *path)
{
    if (strlen(path) >= sizeof(file))
        return;
    strcpy(file, path);
    is_removing = 1;
    for (size_t index = 0; index < sizeof(ending) / sizeof(*ending); index++)
        handle(ending[index], end);
}

void vgt_interrupt_keep(void)
{
    is_removing = 0;
}
