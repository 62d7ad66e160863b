/* inject.so - preloaded, makes the NTH call of a program fail
 *
 * INJECT='CALL HOW NTH': HOW is the error, as a number; or short, where a read
 * or write takes one byte; or, of clock, the seconds that it jumps from then
 * on, a monotonic one only forward.  CALL open is every call that makes a
 * descriptor of a name, alloc every one that asks for memory.  When it has
 * failed, the file INJECTED says "FD BYTES", where BYTES are those read from
 * standard input by then, and at exit the number of descriptors that are open.
 * Standard input gives 1000 bytes a read, so that there are many.  What takes
 * longer than INJECT_LIMIT seconds (60) is killed.  The commands that the
 * program runs are left alone, and so is what no kernel lets fail: a write of
 * one byte, to the pipe that wakes a thread, errors of the device on pipes,
 * and setting a descriptor's flags. */
#undef _FILE_OFFSET_BITS	/* open and open64 are two */
#undef _TIME_BITS
#define _GNU_SOURCE		/* RTLD_NEXT, syscall */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* The function behind this one, found in POSIX's way. */
#define NEXT(type, name, ...) \
	static type (*next)(__VA_ARGS__); \
	if (next == NULL) \
		*(void **)&next = dlsym(RTLD_NEXT, name)

enum { READ_MOST = 1000 };

static struct {
	char call[16], how[16];
	long nth;
	const char *told;
} inject;
static _Atomic long calls, taken;
static _Atomic bool jumped;

/* What is there to be limited is the program itself, not its alarm(2). */
static void
limit_time(void)
{
	struct sigevent kill_it = { .sigev_notify = SIGEV_SIGNAL,
	    .sigev_signo = SIGKILL };
	const char *s = getenv("INJECT_LIMIT");
	struct itimerspec at = { .it_value.tv_sec = s ? atoi(s) : 60 };
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &kill_it, &timer) != 0 ||
	    timer_settime(timer, 0, &at, NULL) != 0)
		abort();
}

__attribute__((constructor)) static void
begin(void)
{
	const char *s = getenv("INJECT");

	if (s == NULL)
		return;
	if (strcmp(s, "here") == 0) {
		fprintf(stderr, "inject.so\n");
		return;
	}
	inject.told = getenv("INJECTED");
	if (inject.told == NULL || sscanf(s, "%15s %15s %ld", inject.call,
	    inject.how, &inject.nth) != 3)
		abort();
	limit_time();
	calls = 0;
}

/* What follows is not the program's: see coverage/hook.c. */
void shim_over(void);

void
shim_over(void)
{
	inject.call[0] = '\0';
}

static void
tell(const char *format, ...)
{
	char line[64];
	va_list ap;
	long fd;

	va_start(ap, format);
	vsnprintf(line, sizeof line, format, ap);
	va_end(ap);
	fd = syscall(SYS_openat, AT_FDCWD, inject.told,
	    O_WRONLY | O_CREAT | O_APPEND, 0666);
	syscall(SYS_write, fd, line, strlen(line));
	syscall(SYS_close, fd);
}

__attribute__((destructor)) static void
end(void)
{
	int fd, open = 0;

	if (inject.told == NULL)
		return;
	for (fd = 3; fd < 256; fd++)
		open += syscall(SYS_fcntl, fd, F_GETFD) != -1;
	tell("%d\n", open);
}

/* Whether this is the call; then errno says why. */
static bool
is_it(const char *call, int fd)
{
	if (strcmp(inject.call, call) != 0 || ++calls != inject.nth)
		return false;
	tell("%d %ld\n", fd, (long)taken);
	errno = atoi(inject.how);
	return true;
}

/* As is_it; one that is short goes on with one byte. */
static bool
fails(const char *call, int fd, size_t *n)
{
	if (!is_it(call, fd))
		return false;
	if (strcmp(inject.how, "short") != 0)
		return true;
	*n = *n > 0;
	return false;
}

static bool
may_fail(int fd)
{
	struct stat st;
	int e = atoi(inject.how);

	return e == 0 || e == EINTR || e == EAGAIN || fd <= STDERR_FILENO ||
	    fstat(fd, &st) != 0 || !S_ISFIFO(st.st_mode);
}

ssize_t
read(int fd, void *p, size_t n)
{
	ssize_t r;

	if (fd == 0 && inject.told != NULL && n > READ_MOST)
		n = READ_MOST;
	if (may_fail(fd) && fails("read", fd, &n))
		return -1;
	r = syscall(SYS_read, fd, p, n);
	if (fd == 0 && r > 0)
		taken += r;
	return r;
}

ssize_t
write(int fd, const void *p, size_t n)
{
	if (n > 1 && may_fail(fd) && fails("write", fd, &n))
		return -1;
	return syscall(SYS_write, fd, p, n);
}

static ssize_t
read_at(ssize_t (*next)(int, void *, size_t, off64_t), int fd, void *p,
    size_t n, off64_t at)
{
	return fails("pread", fd, &n) ? -1 : next(fd, p, n, at);
}

ssize_t
pread(int fd, void *p, size_t n, off_t at)
{
	NEXT(ssize_t, "pread64", int, void *, size_t, off64_t);
	return read_at(next, fd, p, n, at);
}

ssize_t
pread64(int fd, void *p, size_t n, off64_t at)
{
	NEXT(ssize_t, "pread64", int, void *, size_t, off64_t);
	return read_at(next, fd, p, n, at);
}

/* It is closed all the same. */
int
close(int fd)
{
	int r = (int)syscall(SYS_close, fd);

	return is_it("close", fd) ? -1 : r;
}

static int
open_at(const char *name, int flags, mode_t mode)
{
	if (is_it("open", -1))
		return -1;
	return (int)syscall(SYS_openat, AT_FDCWD, name, flags, mode);
}

int
open(const char *name, int flags, ...)
{
	mode_t mode;
	va_list ap;

	va_start(ap, flags);
	mode = va_arg(ap, mode_t);
	va_end(ap);
	return open_at(name, flags, mode);
}

int
open64(const char *name, int flags, ...)
{
	mode_t mode;
	va_list ap;

	va_start(ap, flags);
	mode = va_arg(ap, mode_t);
	va_end(ap);
	return open_at(name, flags, mode);
}

int
mkstemp64(char *name)
{
	NEXT(int, "mkstemp64", char *);
	return is_it("open", -1) ? -1 : next(name);
}

int
rename(const char *from, const char *to)
{
	NEXT(int, "rename", const char *, const char *);
	return is_it("rename", -1) ? -1 : next(from, to);
}

int
link(const char *from, const char *to)
{
	NEXT(int, "link", const char *, const char *);
	return is_it("rename", -1) ? -1 : next(from, to);
}

int
fsync(int fd)
{
	return is_it("fsync", fd) ? -1 : 0;
}

int
fdatasync(int fd)
{
	return is_it("fsync", fd) ? -1 : 0;
}

int
pipe(int fd[2])
{
	NEXT(int, "pipe", int *);
	return is_it("pipe", -1) ? -1 : next(fd);
}

/* What mbatch asks of it takes a number or nothing. */
int
fcntl64(int fd, int op, ...)
{
	NEXT(int, "fcntl64", int, int, ...);
	void *arg;
	va_list ap;

	va_start(ap, op);
	arg = va_arg(ap, void *);
	va_end(ap);
	return op != F_SETFD && op != F_SETFL && is_it("fcntl", fd) ? -1 :
	    next(fd, op, arg);
}

int
posix_spawnp(pid_t *pid, const char *file,
    const posix_spawn_file_actions_t *fa, const posix_spawnattr_t *attr,
    char *const argv[], char *const envp[])
{
	NEXT(int, "posix_spawnp", pid_t *, const char *,
	    const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
	    char *const *, char *const *);
	char **e;

	if (is_it("spawn", -1))
		return errno;
	memcpy(&e, &envp, sizeof e);	/* the caller's own words, not const */
	for (; *e != NULL; e++)
		if (strncmp(*e, "INJECT=", 7) == 0)
			*e = (char []){ "NO=" };
	return next(pid, file, fa, attr, argv, envp);
}

int
poll(struct pollfd *p, nfds_t n, int ms)
{
	NEXT(int, "poll", struct pollfd *, nfds_t, int);
	return is_it("poll", -1) ? -1 : next(p, n, ms);
}

int
pthread_create(pthread_t *t, const pthread_attr_t *attr, void *(*f)(void *),
    void *arg)
{
	NEXT(int, "pthread_create", pthread_t *, const pthread_attr_t *,
	    void *(*)(void *), void *);
	return is_it("thread", -1) ? errno : next(t, attr, f, arg);
}

int
clock_gettime(clockid_t id, struct timespec *ts)
{
	NEXT(int, "clock_gettime", clockid_t, struct timespec *);
	int r = next(id, ts);
	long by = atol(inject.how);

	if (is_it("clock", -1))
		jumped = true;
	if (jumped && (by > 0 || id == CLOCK_REALTIME))
		ts->tv_sec += by;
	return r;
}

void *
malloc(size_t n)
{
	NEXT(void *, "malloc", size_t);
	return is_it("alloc", -1) ? NULL : next(n);
}

void *
calloc(size_t n, size_t size)
{
	NEXT(void *, "calloc", size_t, size_t);
	return is_it("alloc", -1) ? NULL : next(n, size);
}

void *
realloc(void *p, size_t n)
{
	NEXT(void *, "realloc", void *, size_t);
	return is_it("alloc", -1) ? NULL : next(p, n);
}
