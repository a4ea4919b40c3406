/* A disk that fails: preloaded, it fails the n-th write to a database from now on, and all later ones if told. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static atomic_long seen, struck, place;
static int code, lasting;

/* Fail the write at this place with this error; none at all for the place 0. */
void outturn_fail(long at, int with, int stays)
{
    code = with, lasting = stays;
    seen = struck = 0;
    place = at;
}

/* How many writes have failed since. */
long outturn_struck(void) { return struck; }

static int strikes(int file)
{
    char link[64], name[4096];
    long number, at = place;

    if (!at)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, name, sizeof name - 1);
    if (length < 0)
        return 0;
    name[length] = 0;
    if (!strstr(name, "outturn.db"))
        return 0;
    number = ++seen;
    if (number < at || (number > at && !lasting))
        return 0;
    ++struck;
    errno = code;
    return 1;
}

#define FAILING(type, name, arguments, passed) \
    type name arguments \
    { \
        static type(*real) arguments; \
        if (!real) \
            real = (type(*) arguments)dlsym(RTLD_NEXT, #name); \
        return strikes(file) ? -1 : real passed; \
    }

FAILING(ssize_t, write, (int file, const void *bytes, size_t size), (file, bytes, size))
FAILING(ssize_t, pwrite, (int file, const void *bytes, size_t size, off_t at), (file, bytes, size, at))
FAILING(ssize_t, pwrite64, (int file, const void *bytes, size_t size, off64_t at), (file, bytes, size, at))
FAILING(int, fsync, (int file), (file))
FAILING(int, fdatasync, (int file), (file))
FAILING(int, ftruncate, (int file, off_t size), (file, size))
FAILING(int, ftruncate64, (int file, off64_t size), (file, size))
