/* kill.so - preloaded, a program kills itself
 *
 * KILL=NTH: instead of its NTH call that changes something (open to write,
 * write, fsync, fdatasync, rename, unlink, close), of a write after half of it.
 * KILL=NTHd: with what was written to standard output and not synced, as when
 * the power fails.  Nothing else is synced.  KILL=here tells on stderr that it
 * is in the program at all. */
#undef _FILE_OFFSET_BITS	/* open and open64 are two */
#undef _TIME_BITS
#define _GNU_SOURCE		/* syscall, RTLD_DEFAULT */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static long left;
static int drops;
static off_t synced;		/* bytes of standard output */

__attribute__((constructor)) static void
begin(void)
{
	const char *s = getenv("KILL");

	if (s != NULL && strcmp(s, "here") == 0)
		fprintf(stderr, "kill.so\n");
	left = s == NULL ? 0 : strtol(s, NULL, 10);
	drops = s != NULL && strchr(s, 'd') != NULL;
	synced = lseek(STDOUT_FILENO, 0, SEEK_END);
}

/* What follows is not the program's: see coverage/hook.c. */
void shim_over(void);

void
shim_over(void)
{
	left = 0;
}

static int
is_over(void)
{
	return left > 0 && --left == 0;
}

static int
die(void)
{
	void (*write_down)(void);

	*(void **)&write_down = dlsym(RTLD_DEFAULT, "coverage_write");
	if (write_down != NULL)
		write_down();
	if (drops && ftruncate(STDOUT_FILENO, synced) != 0)
		abort();
	return kill(getpid(), SIGKILL);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	if (is_over()) {
		syscall(SYS_write, fd, p, n / 2);
		die();
	}
	return syscall(SYS_write, fd, p, n);
}

static int
open_at(const char *name, int flags, int mode)
{
	if ((flags & O_ACCMODE) != O_RDONLY && is_over())
		die();
	return (int)syscall(SYS_openat, AT_FDCWD, name, flags, mode);
}

int
open(const char *name, int flags, ...)
{
	va_list ap;
	int mode;

	va_start(ap, flags);
	mode = va_arg(ap, int);
	va_end(ap);
	return open_at(name, flags, mode);
}

int
open64(const char *name, int flags, ...)
{
	va_list ap;
	int mode;

	va_start(ap, flags);
	mode = va_arg(ap, int);
	va_end(ap);
	return open_at(name, flags, mode);
}

int
fsync(int fd)
{
	if (is_over())
		die();
	if (fd == STDOUT_FILENO)
		synced = lseek(fd, 0, SEEK_END);
	return 0;
}

int
fdatasync(int fd)
{
	return fsync(fd);
}

int
rename(const char *from, const char *to)
{
	return is_over() ? die() : (int)syscall(SYS_renameat2, AT_FDCWD, from,
	    AT_FDCWD, to, 0);
}

int
unlink(const char *name)
{
	return is_over() ? die() : (int)syscall(SYS_unlinkat, AT_FDCWD, name,
	    0);
}

int
close(int fd)
{
	if (is_over())
		die();
	if (fd == STDOUT_FILENO)
		drops = 0;
	return (int)syscall(SYS_close, fd);
}
