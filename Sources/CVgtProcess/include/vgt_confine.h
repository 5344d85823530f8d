/// What this process gives up, for good, before it works on what it was given.
///
/// What the kernel lacks (Landlock came with Linux 5.13) is left out without a
/// word: the tool is no less right without it. What it has and refuses is an
/// errno value, for the caller to say.
#ifndef VGT_CONFINE_H
#define VGT_CONFINE_H

#include <stdbool.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

/// The version of the kernel's Landlock; 0 or less where there is none.
int vgt_landlock_version(void);

/// From here on no file is opened for writing, made, linked, renamed, removed
/// or truncated, and no program that is run gains a privilege.
///
/// - folder: where a file may still be given a name or lose one, or NULL.
///
/// Returns 0, or why Landlock or the filter refused.
int vgt_deny_writes(const char *_Nullable folder);

/// From here on no file and no folder is opened for reading and no program is
/// run; no capability is left; and every system call is refused (EPERM) but
/// those of vgt_filter.c. What is open or mapped already stays usable.
///
/// - folder: a folder of someone else's, in which root may still give the
///   result its name: that right (CAP_DAC_OVERRIDE) then stays, and nothing
///   that could use it for more. NULL where there is none.
///
/// Returns 0, or why Landlock or the filter refused.
int vgt_deny_access(const char *_Nullable folder);

/// The filter lets this process end a child of it, one; to be called before.
void vgt_filter_keep_child(pid_t process);

/// Installs a filter of truncate(2) alone; part of vgt_deny_writes.
///
/// Returns 0, or an errno value; 0 where the kernel has no such filters.
int vgt_filter_truncation(void);

/// Installs the filter of system calls; part of vgt_deny_access.
///
/// - names_files: whether linkat, renameat2 and unlink stay, for the result.
///
/// Returns 0, or an errno value; 0 where the kernel has no such filters.
int vgt_filter_calls(bool names_files);

#pragma clang assume_nonnull end

#endif
