/* work-pipe.c - records of a pipe or the like, for the worker that is next */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "lib/run/work-inner.h"

enum {
	READ = 64 * 1024,	/* room for it: a packet is read whole */
	MOMENT = 2		/* ms without input: it comes slowly again */
};

/* Reads what there is of a block, and waits a moment for the first of it.
   False: nothing comes. */
static bool
read_some(struct worker *w)
{
	struct crew *c = w->crew;
	struct pollfd fd = { .fd = c->work->in->fd, .events = POLLIN };
	size_t had = c->left.n, most = had + c->work->block;
	ssize_t n = 1;

	worker_room(w, most + READ);
	if (had > 0)
		memcpy(w->buf, c->left.p, had);
	w->n = had;
	c->left.n = 0;
	while (n > 0 && w->n < most &&
	    poll(&fd, 1, w->n == had ? MOMENT : 0) > 0) {
		n = read(fd.fd, w->buf + w->n, most + READ - w->n);
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
	bool stop;

	pthread_mutex_lock(&c->lock);
	stop = c->stop;
	pthread_mutex_unlock(&c->lock);
	if (stop)
		return false;
	for (n = read_some(w) ? w->n : 0; n > 0 && w->buf[n - 1] != term; n--)
		;
	if (w->n > c->work->in->max_record)	/* one may be too long */
		n = 0;
	buf_add(&c->left, w->buf + n, w->n - n);
	w->n = n;
	return n > 0;
}
