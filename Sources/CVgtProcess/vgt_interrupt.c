#include "vgt_interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t is_noted;

static void note(int signal_number)
{
    (void)signal_number;
    is_noted = 1;
}

void vgt_interrupt_note(void)
{
    struct sigaction action = {.sa_handler = note, .sa_flags = (int)SA_RESETHAND | SA_RESTART};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool vgt_interrupt_noted(void)
{
    return is_noted != 0;
}
