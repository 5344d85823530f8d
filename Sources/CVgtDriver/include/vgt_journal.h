/// The kernel's messages as the system's journal kept them.
#ifndef VGT_JOURNAL_H
#define VGT_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

struct vgt_journal {
    /// What journalctl prints; -1 when it could not be started.
    int output;
    int32_t process;
    /// 0 or an errno value.
    int error;
};

/// Starts /usr/bin/journalctl for the kernel messages of this boot, with an
/// environment of its own.
struct vgt_journal vgt_journal_open(void);

/// Waits until there is output to read, or its end. Returns false when neither
/// came within `milliseconds`.
bool vgt_journal_wait(struct vgt_journal journal, int milliseconds);

/// Closes the output and ends the process, whatever it is at.
void vgt_journal_close(struct vgt_journal journal);

#endif
