/* spool.c - bytes held in memory, from 1 MiB on in an unlinked file */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/diag.h"
#include "lib/base/fd.h"
#include "lib/write/spool.h"

enum { STAGED = 256 * 1024 };	/* written to the file at a time */

static const char *
folder(void)
{
	const char *dir = getenv("TMPDIR");

	return dir == NULL || *dir == '\0' ? "/tmp" : dir;
}

static int
shut(int *fd)
{
	int r = *fd >= 0 ? close(*fd) : 0;

	*fd = -1;
	return r == 0 || errno == EINTR ? OK : FAIL;
}

static int
fail(void)
{
	return diag_errno("a temporary file in %s", folder());
}

static int
make_file(struct spool *s)
{
	static const char name[] = "mbatch.XXXXXX";
	const char *dir = folder();
	size_t size = strlen(dir) + sizeof name + 1;
	char *path = mem_alloc(size);
	int r;

	snprintf(path, size, "%s/%s", dir, name);
	s->fd = mkstemp(path);
	if (s->fd >= 0) {
		fcntl(s->fd, F_SETFD, FD_CLOEXEC);
		s->reader = open(path, O_RDONLY | O_CLOEXEC);
		unlink(path);
	}
	r = s->fd < 0 || s->reader < 0 ? fail() : OK;
	free(path);
	return r;
}

int
spool_settle(struct spool *s, bool all)
{
	if (s->mem.n > (s->fd < 0 ? SPOOL_MEMORY : all ? 0 : STAGED)) {
		if (s->fd < 0 && make_file(s) != OK)
			return FAIL;
		if (fd_write(s->fd, s->mem.p, s->mem.n) != OK)
			return fail();
		s->filed += s->mem.n;
		s->mem.n = 0;
	}
	return all && shut(&s->fd) != OK ? fail() : OK;
}

uint64_t
spool_size(const struct spool *s)
{
	return s->filed + s->mem.n;
}

int
spool_copy(const struct spool *s, uint64_t from, int fd)
{
	if (from < s->filed) {
		if (fd_copy(s->reader, from, fd) != OK)
			return FAIL;
		from = s->filed;
	}
	from -= s->filed;
	return fd_write(fd, s->mem.p + from, s->mem.n - (size_t)from);
}

void
spool_reset(struct spool *s)
{
	shut(&s->fd);
	shut(&s->reader);
	s->filed = 0;
	s->mem.n = 0;
}

void
spool_free(struct spool *s)
{
	spool_reset(s);
	buf_free(&s->mem);
}
