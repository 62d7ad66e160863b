/* work-pipe.c - records of a pipe or the like, for the worker that is next */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "lib/run/work-inner.h"

enum {
	MOMENT = 2		/* ms without input: it comes slowly again */
};

/* Reads what there is, up to so many bytes in all, and waits a moment for the
   first of it.  False: nothing comes. */
static bool
pipe_read(struct crew *c, struct worker *w, size_t most)
{
	struct pollfd fd = { .fd = c->work->in->fd, .events = POLLIN };
	size_t had = w->n;
	ssize_t n = 1;

	worker_room(w, most + WORK_READ);
	while (n > 0 && w->n < most &&
	    poll(&fd, 1, w->n == had ? MOMENT : 0) > 0) {
		n = read(fd.fd, w->buf + w->n, most + WORK_READ - w->n);
		w->n += n > 0 ? (size_t)n : 0;
		c->error = n < 0 && errno != EAGAIN && errno != EINTR ? errno :
		    0;
	}
	return w->n > had;
}

bool
pipe_next(struct crew *c, struct worker *w)
{
	char term = c->work->in->term;
	size_t n;
	bool more;

	worker_left(w, c->block + WORK_READ);
	more = pipe_read(c, w, w->n + c->block);
	for (n = more ? w->n : 0; n > 0 && w->buf[n - 1] != term; n--)
		;
	if (w->n > c->work->in->max_record)	/* one may be too long */
		n = 0;
	if (c->work->in->join != NULL)
		n = join_before_open(c->work->in->join, w->buf, n);
	c->left = (struct slice){ w->buf + n, w->n - n };
	w->n = n;
	return n > 0;
}
