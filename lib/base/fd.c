/* fd.c - descriptors written to whole, and files opened to write */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/diag.h"
#include "lib/base/fd.h"
#include "lib/base/signal.h"

enum { READ = 64 * 1024 };

int
fd_write(int fd, const char *p, size_t n)
{
	struct pollfd wait = { .fd = fd, .events = POLLOUT };
	ssize_t w;

	while (n > 0) {
		w = write(fd, p, n);
		if (w >= 0) {
			p += w;
			n -= (size_t)w;
		} else if (errno == EAGAIN) {
			poll(&wait, 1, -1);
		} else if (errno != EINTR) {
			return FAIL;
		}
	}
	return OK;
}

int
fd_close(int fd)
{
	return close(fd) == 0 || errno == EINTR ? OK : FAIL;
}

int
fd_sync_folder(const char *name)
{
	const char *slash = strrchr(name, '/');
	size_t n = slash == NULL ? 0 : (size_t)(slash - name) + 1;
	char *folder = mem_alloc(n + 3);
	int fd, r;

	memcpy(folder, n == 0 ? "./" : name, n == 0 ? 2 : n);
	folder[n == 0 ? 2 : n] = '\0';
	fd = open(folder, O_RDONLY | O_CLOEXEC);
	free(folder);
	if (fd < 0)
		return OK;
	r = fsync(fd) == 0 || errno == EINVAL ? OK : FAIL;
	close(fd);
	return r;
}

ssize_t
fd_read_at(int fd, char *p, size_t n, off_t at)
{
	size_t have = 0;
	ssize_t got = 1;

	while (have < n && got != 0) {
		got = pread(fd, p + have, n - have, at + (off_t)have);
		if (got > 0)
			have += (size_t)got;
		else if (got < 0 && errno != EINTR)
			return -1;
	}
	return (ssize_t)have;
}

int
fd_read_all(int fd, struct buf *b)
{
	ssize_t n = 1;

	while (n != 0) {
		n = read(fd, buf_room(b, READ), READ);
		if (n < 0 && errno != EINTR)
			return FAIL;
		b->n += n > 0 ? (size_t)n : 0;
	}
	return OK;
}

int
fd_copy(int from, uint64_t at, int to)
{
	char part[READ];
	ssize_t n;

	while ((n = fd_read_at(from, part, sizeof part, (off_t)at)) > 0) {
		if (fd_write(to, part, (size_t)n) != OK)
			return FAIL;
		at += (uint64_t)n;
	}
	return n == 0 ? OK : FAIL;
}

const char *
fd_bare(const char *name)
{
	while (strncmp(name, "./", 2) == 0)
		name += 2;
	return name;
}

int
fd_standard(const char *name)
{
	if (strcmp(name, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	return strcmp(name, "/dev/stderr") == 0 ? STDERR_FILENO : -1;
}

int
fd_open(const char *name, int flags)
{
	int fd = fd_standard(name);

	if (fd >= 0 && (flags & O_EXCL) == 0)
		return fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	do			/* a FIFO that nobody reads yet takes long */
		fd = open(name, flags | O_WRONLY | O_CLOEXEC, 0666);
	while (fd < 0 && errno == EINTR && signal_ended() == 0);
	return fd;
}

void
fd_lock(int fd, short type)
{
	struct flock l = { .l_type = type, .l_whence = SEEK_SET };

	while (fcntl(fd, F_SETLKW, &l) != 0 && errno == EINTR &&
	    signal_ended() == 0)
		;
}

bool
fd_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool
fd_is_input(const struct stat *st)
{
	struct stat in;

	return S_ISREG(st->st_mode) && fstat(STDIN_FILENO, &in) == 0 &&
	    fd_same(&in, st);
}

/* As cat(1) has it; the offset of one that is appended to is of no account. */
bool
fd_feeds_input(int fd)
{
	struct stat st;
	int flags;

	if (fstat(fd, &st) != 0 || !fd_is_input(&st))
		return false;
	flags = fcntl(fd, F_GETFL);
	return lseek(STDIN_FILENO, 0, SEEK_CUR) < (flags >= 0 &&
	    (flags & O_APPEND) != 0 ? st.st_size : lseek(fd, 0, SEEK_CUR));
}
