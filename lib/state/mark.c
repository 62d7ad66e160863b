/* mark.c - a place in a file, known again by what stands before it */
#include <errno.h>
#include <sys/stat.h>

#include "lib/base/diag.h"
#include "lib/base/fd.h"
#include "lib/base/hash.h"
#include "lib/state/mark.h"

enum { SEED = 0x6d61726b };

/* The hash of n bytes from at on; FAIL with errno if there are not so many. */
static int
hash_part(int fd, off_t at, size_t n, uint64_t *hash)
{
	char part[MARK];
	ssize_t got = fd_read_at(fd, part, n, at);

	if (got >= 0 && got < (ssize_t)n)
		errno = ESPIPE;
	if (got < (ssize_t)n)
		return FAIL;
	*hash = hash_bytes(part, n, SEED);
	return OK;
}

int
mark_make(struct mark *m, int fd, off_t at)
{
	size_t n = at < MARK ? (size_t)at : MARK;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return FAIL;
	*m = (struct mark){ .at = at, .dev = (uint64_t)st.st_dev,
	    .ino = (uint64_t)st.st_ino };
	if (hash_part(fd, 0, n, &m->head) != OK)
		return FAIL;
	return hash_part(fd, at - (off_t)n, n, &m->tail);
}

bool
mark_same(const struct mark *m, int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && m->dev == (uint64_t)st.st_dev &&
	    m->ino == (uint64_t)st.st_ino;
}

bool
mark_fits(const struct mark *m, int fd, bool alike)
{
	struct mark other;

	if (!alike && m->at < MARK && !mark_same(m, fd))
		return false;
	return mark_make(&other, fd, m->at) == OK && other.head == m->head &&
	    other.tail == m->tail;
}
