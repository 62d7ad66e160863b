/* fault.so - preloaded, makes one call of a program fail
 *
 * FAULT='CALL FD LEAST NTH': of the calls of read, write or close on the
 * descriptor FD (-1: any from 3 on), with at least LEAST bytes, the NTH fails
 * with ENOSPC, as no other cause would in the tests; with CALL grow, whatever
 * FD is, of those of realloc by other threads than the first all from the NTH
 * on, with ENOMEM; with CALL thread each one that begins is told on stderr, and
 * the NTH does not.  FAULT=here tells on stderr that it is in the program at
 * all. */
#define _GNU_SOURCE		/* syscall, RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
	char call[8];
	int fd;
	size_t least;
	int nth;
} fault;

__attribute__((constructor)) static void
begin(void)
{
	const char *s = getenv("FAULT");

	if (s == NULL)
		return;
	if (strcmp(s, "here") == 0)
		fprintf(stderr, "fault.so\n");
	else if (sscanf(s, "%7s %d %zu %d", fault.call, &fault.fd,
	    &fault.least, &fault.nth) != 4)
		abort();
}

/* What follows is not the program's: see coverage/hook.c. */
void shim_over(void);

void
shim_over(void)
{
	fault.call[0] = '\0';
}

static bool
fails(const char *call, int fd, size_t n)
{
	return strcmp(fault.call, call) == 0 && n >= fault.least &&
	    (fault.fd < 0 ? fd > 2 : fd == fault.fd) && --fault.nth == 0;
}

ssize_t
read(int fd, void *p, size_t n)
{
	if (!fails("read", fd, n))
		return syscall(SYS_read, fd, p, n);
	errno = ENOSPC;
	return -1;
}

ssize_t
write(int fd, const void *p, size_t n)
{
	if (!fails("write", fd, n))
		return syscall(SYS_write, fd, p, n);
	errno = ENOSPC;
	return -1;
}

/* It is closed all the same. */
int
close(int fd)
{
	int r = (int)syscall(SYS_close, fd);

	if (!fails("close", fd, 0))
		return r;
	errno = ENOSPC;
	return -1;
}

void *
realloc(void *p, size_t n)
{
	static void *(*next)(void *, size_t);
	static _Atomic int calls;

	if (next == NULL)	/* POSIX's way to get a function */
		*(void **)&next = dlsym(RTLD_NEXT, "realloc");
	if (strcmp(fault.call, "grow") == 0 && n >= fault.least &&
	    syscall(SYS_gettid) != getpid() && ++calls >= fault.nth) {
		errno = ENOMEM;
		return NULL;
	}
	return next(p, n);
}

int
pthread_create(pthread_t *thread, const pthread_attr_t *attr,
    void *(*run)(void *), void *arg)
{
	static int (*next)(pthread_t *, const pthread_attr_t *,
	    void *(*)(void *), void *);

	if (next == NULL)
		*(void **)&next = dlsym(RTLD_NEXT, "pthread_create");
	if (strcmp(fault.call, "thread") == 0) {
		if (--fault.nth == 0)
			return EAGAIN;
		fprintf(stderr, "thread\n");
	}
	return next(thread, attr, run, arg);
}
