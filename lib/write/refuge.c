/* refuge.c - a file for the batches whose commands failed (--on-fail) */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/diag.h"
#include "lib/base/fd.h"
#include "lib/write/refuge.h"
#include "lib/write/spool.h"

enum { TRIES = 8 };		/* files taken away as they are opened */

static int
open_file(struct refuge *r)
{
	int flags = O_APPEND | O_CREAT;

	r->fd = fd_open(r->name, flags | O_EXCL);
	r->ours = r->fd >= 0;
	if (r->fd < 0 && errno == EEXIST)
		r->fd = fd_open(r->name, flags);
	return r->fd < 0 ? FAIL : OK;
}

const char *
refuge_open(struct refuge *r, const char *name)
{
	struct stat st;

	r->name = name;
	if (open_file(r) != OK)
		return strerror(errno);
	if (fstat(r->fd, &st) == 0 && fd_is_input(&st))
		return "that is the input file";
	return NULL;
}

/* Locks the file, or if nobody would find it any more, a new one. */
int
refuge_save(struct refuge *r, const struct spool *s, size_t head)
{
	struct stat st = { 0 };
	int i, result;

	if (r->fd < 0 && open_file(r) != OK)
		return FAIL;
	for (i = 0; i < TRIES; i++) {
		fd_lock(r->fd, F_WRLCK);
		if (fstat(r->fd, &st) != 0 || st.st_nlink > 0 ||
		    !S_ISREG(st.st_mode))
			break;
		close(r->fd);
		if (open_file(r) != OK)
			return FAIL;
	}
	result = spool_copy(s, st.st_size > 0 ? head : 0, r->fd);
	fd_lock(r->fd, F_UNLCK);
	return result;
}

int
refuge_close(struct refuge *r)
{
	struct stat st, named;
	int fd = r->fd;

	if (r->name == NULL || fd < 0)
		return OK;
	r->fd = -1;
	fd_lock(fd, F_WRLCK);
	if (r->ours && fstat(fd, &st) == 0 && st.st_size == 0 &&
	    lstat(r->name, &named) == 0 && fd_same(&named, &st))
		unlink(r->name);	/* it is ours still, made for nothing */
	if (r->sync && fdatasync(fd) != 0 && errno != EINVAL) {
		fd_close(fd);
		return FAIL;
	}
	return fd_close(fd);
}
