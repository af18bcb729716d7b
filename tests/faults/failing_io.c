/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A library to preload: some calls of the system fail.
 *
 *   TARIFF_FAIL=CALL:FIRST:COUNT:ERROR   CALL is open, read, write, fsync, rename or close;
 *                                        the FIRST-th (from 1) and the next COUNT - 1 fail
 *   TARIFF_FAIL_LOG=FILE                 the path of each that failed, a line each
 *
 * ERROR is EIO, ENOSPC, or "short" (of read and write: half of what was asked
 * for is done, which is no failure).  Standard input, output and error are left
 * alone, and what the C library does for itself is not seen: streams of stdio
 * and readdir().
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long met;

enum fate { PASSES, FAILS, IS_SHORT };

static void note(const char *path)
{
    const char *name = getenv("TARIFF_FAIL_LOG");
    long fd = name ? syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND, 0666) : -1;
    if (fd < 0)
        return;
    (void)!syscall(SYS_write, fd, path, strlen(path));
    (void)!syscall(SYS_write, fd, "\n", 1UL);
    syscall(SYS_close, fd);
}

static enum fate fate_of(const char *call, const char *path)
{
    const char *plan = getenv("TARIFF_FAIL");
    char        planned[16], error[16];
    long        first, count;
    if (!plan || sscanf(plan, "%15[a-z]:%ld:%ld:%15s", planned, &first, &count, error) != 4
        || strcmp(planned, call) != 0)
        return PASSES;
    long number = atomic_fetch_add(&met, 1) + 1;
    if (number < first || number >= first + count)
        return PASSES;
    note(path);
    if (strcmp(error, "short") == 0)
        return IS_SHORT;
    errno = strcmp(error, "ENOSPC") == 0 ? ENOSPC : EIO;
    return FAILS;
}

static enum fate fate_of_fd(const char *call, int fd)
{
    char    link[64], path[1024];
    ssize_t n;
    if (fd <= 2)
        return PASSES;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    n = readlink(link, path, sizeof path - 1);
    path[n > 0 ? n : 0] = '\0';
    return n > 0 && path[0] == '/' ? fate_of(call, path) : PASSES;
}

int open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    int mode = flags & O_CREAT ? va_arg(args, int) : 0;
    va_end(args);
    return fate_of("open", path) == FAILS ? -1
                                          : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

ssize_t read(int fd, void *buf, size_t n)
{
    enum fate fate = fate_of_fd("read", fd);
    return fate == FAILS ? -1 : syscall(SYS_read, fd, buf, fate == IS_SHORT ? (n + 1) / 2 : n);
}

ssize_t write(int fd, const void *buf, size_t n)
{
    enum fate fate = fate_of_fd("write", fd);
    return fate == FAILS ? -1 : syscall(SYS_write, fd, buf, fate == IS_SHORT ? (n + 1) / 2 : n);
}

int fsync(int fd)
{
    return fate_of_fd("fsync", fd) == FAILS ? -1 : (int)syscall(SYS_fsync, fd);
}

/* As the system does it: the descriptor is gone even if closing it failed. */
int close(int fd)
{
    enum fate fate = fate_of_fd("close", fd);
    int       error = errno, result = (int)syscall(SYS_close, fd);
    errno = fate == FAILS ? error : errno;
    return fate == FAILS ? -1 : result;
}

int rename(const char *from, const char *to)
{
    return fate_of("rename", to) == FAILS ? -1 : (int)syscall(SYS_rename, from, to);
}

int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
    return fate_of("rename", to) == FAILS
               ? -1
               : (int)syscall(SYS_renameat2, from_fd, from, to_fd, to, flags);
}
