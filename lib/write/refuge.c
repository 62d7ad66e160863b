/* refuge.c - a file for the batches whose commands failed (--on-fail) */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/diag.h"
#include "lib/write/out.h"
#include "lib/write/refuge.h"
#include "lib/write/spool.h"

int
refuge_open(struct refuge *r, const char *name)
{
	int flags = O_APPEND | O_CREAT;

	r->fd = out_open(name, flags | O_EXCL);
	r->ours = r->fd >= 0;
	if (r->fd < 0)
		r->fd = out_open(name, flags);
	if (r->fd < 0)
		return FAIL;
	r->name = name;
	return OK;
}

int
refuge_save(const struct refuge *r, const struct spool *s, size_t head)
{
	struct stat st;
	bool more = fstat(r->fd, &st) == 0 && st.st_size > 0;

	return spool_copy(s, more ? head : 0, r->fd);
}

void
refuge_tidy(const struct refuge *r)
{
	struct stat st;

	if (r->ours && fstat(r->fd, &st) == 0 && st.st_size == 0 &&
	    st.st_nlink > 0)
		unlink(r->name);
}

void
refuge_close(struct refuge *r)
{
	if (r->name == NULL)
		return;
	refuge_tidy(r);
	close(r->fd);
	*r = (struct refuge){ 0 };
}
