/// What this process gives up, for good, before it works on what it was given.
///
/// What the kernel lacks (Landlock came with Linux 5.13) is left out without a
/// word: the tool is no less right without it.
#ifndef VGT_CONFINE_H
#define VGT_CONFINE_H

#pragma clang assume_nonnull begin

/// The version of the kernel's Landlock; 0 or less where there is none.
int vgt_landlock_version(void);

/// From here on no file is opened for writing, made, linked, renamed, removed
/// or truncated, and no program that is run gains a privilege.
///
/// - folder: where files may still be removed, or NULL.
void vgt_give_up_writing(const char *_Nullable folder);

/// From here on no file and no folder is opened for reading and no program is
/// run; no capability is left. What is open or mapped already stays usable.
void vgt_give_up_reaching(void);

#pragma clang assume_nonnull end

#endif
