/* O_PATH */
#define _GNU_SOURCE
#include "vgt_confine.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Linux 6.1 include/uapi/linux/landlock.h; repeated here since the headers of
 * older systems, on which this is built, have none of it or a part. */
#define SYSCALL_CREATE_RULESET 444
#define SYSCALL_ADD_RULE 445
#define SYSCALL_RESTRICT_SELF 446
#define RULESET_VERSION 1u
#define RULE_PATH_BENEATH 1

#define FS_EXECUTE (UINT64_C(1) << 0)
#define FS_WRITE_FILE (UINT64_C(1) << 1)
#define FS_READ_FILE (UINT64_C(1) << 2)
#define FS_READ_DIR (UINT64_C(1) << 3)
#define FS_REMOVE_DIR (UINT64_C(1) << 4)
#define FS_REMOVE_FILE (UINT64_C(1) << 5)
/* Bits 6 to 12: make a device, folder, file, socket, pipe or link. */
#define FS_MAKE_ANY (UINT64_C(0x7f) << 6)
#define FS_MAKE_REG (UINT64_C(1) << 8)
/* Since version 2; before it, linking and renaming elsewhere is forbidden. */
#define FS_REFER (UINT64_C(1) << 13)

struct ruleset_attr {
    uint64_t handled_access_fs;
};

struct path_beneath_attr {
    uint64_t allowed_access;
    int32_t parent_fd;
} __attribute__((packed));

int vgt_landlock_version(void)
{
    return (int)syscall(SYSCALL_CREATE_RULESET, NULL, (size_t)0, RULESET_VERSION);
}

/* Of the runtime that measures coverage, which writes its profile as the
 * process ends; absent from every other build. */
extern const char *__llvm_profile_get_filename(void) __attribute__((weak));

static void allow(int ruleset, const char *path, uint64_t access)
{
    struct path_beneath_attr rule = {.allowed_access = access};

    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return;
    syscall(SYSCALL_ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0u);
    close(rule.parent_fd);
}

static void allow_profile(int ruleset, uint64_t access)
{
    char folder[PATH_MAX];
    char *end;

    if (!__llvm_profile_get_filename)
        return;
    strncpy(folder, __llvm_profile_get_filename(), sizeof(folder) - 1);
    folder[sizeof(folder) - 1] = '\0';
    end = strrchr(folder, '/');
    if (!end)
        return;
    *end = '\0';
    allow(ruleset, folder, access);
}

/* Returns a descriptor, or -1 with errno; ENOENT where there is no Landlock. */
static int ruleset_of(uint64_t access)
{
    struct ruleset_attr attributes = {.handled_access_fs = access};
    int ruleset = (int)syscall(SYSCALL_CREATE_RULESET, &attributes, sizeof(attributes), 0u);

    /* Not built in; built in and not chosen at boot. */
    if (ruleset < 0 && (errno == ENOSYS || errno == EOPNOTSUPP))
        errno = ENOENT;
    return ruleset;
}

/* Returns 0 or an errno value. */
static int restrict_to(int ruleset)
{
    int error = syscall(SYSCALL_RESTRICT_SELF, ruleset, 0u) == 0 ? 0 : errno;

    close(ruleset);
    return error;
}

int vgt_deny_writes(const char *folder)
{
    int version = vgt_landlock_version();
    uint64_t access = FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_ANY;
    int ruleset;
    int error;
    int filter_error;

    /* Landlock wants it, and it stands for itself where there is none. */
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (version >= 2)
        access |= FS_REFER;
    filter_error = vgt_filter_truncation();
    ruleset = ruleset_of(access);
    if (ruleset < 0)
        return errno == ENOENT ? filter_error : errno;
    /* Where a program that is run sends what nobody wants to see. */
    allow(ruleset, "/dev/null", FS_WRITE_FILE);
    if (folder)
        allow(ruleset, folder, FS_MAKE_REG | FS_REMOVE_FILE);
    allow_profile(ruleset, access);
    error = restrict_to(ruleset);
    return error ? error : filter_error;
}

/* No capability is left, but for CAP_DAC_OVERRIDE where `keeps` says so. */
static void drop_capabilities(int keeps)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {{0}};

    if (keeps)
        sets[0].effective = sets[0].permitted = 1u << CAP_DAC_OVERRIDE;
    /* The ambient set goes with the permitted one: capabilities(7). Who has
     * not the one that would stay keeps none. */
    if (syscall(SYS_capset, &header, sets) != 0 && keeps)
        drop_capabilities(0);
}

int vgt_deny_access(const char *folder)
{
    int ruleset = ruleset_of(FS_READ_FILE | FS_READ_DIR | FS_EXECUTE);
    struct stat status;
    int error = 0;
    int filter_error;

    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (ruleset >= 0) {
        allow_profile(ruleset, FS_READ_FILE);
        error = restrict_to(ruleset);
    } else if (errno != ENOENT) {
        error = errno;
    }
    drop_capabilities(folder && (stat(folder, &status) != 0 || status.st_uid != geteuid()));
    filter_error = vgt_filter_calls(folder != NULL);
    return error ? error : filter_error;
}
