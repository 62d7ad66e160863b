/* work-file.c - places of a regular file, for each worker its own */
#include <string.h>
#include <unistd.h>

#include "lib/run/work-inner.h"

enum { SOME = 4096 };		/* bytes behind a block, for its end */

void
file_share(struct crew *c)
{
	off_t size = c->end - c->begin, at = c->begin;
	struct piece *p;
	size_t i;

	for (i = 0; i < c->started; i++) {
		p = c->worker[i].piece = piece_new(c);
		p->at = p->end = at;
		p->to = at = i + 1 == c->started ? c->end : c->begin +
		    size / (off_t)c->started * (off_t)(i + 1);
		*c->last = p;
		c->last = &p->next;
	}
}

bool
file_steal(struct crew *c, struct worker *w)
{
	off_t block = (off_t)c->work->block, most = 4 * block;
	struct piece *p, *from = NULL;

	for (p = c->first; p != NULL; p = p->next)
		if (!p->done && p->to - p->at >= most) {
			most = p->to - p->at;
			from = p;
		}
	if (from == NULL)
		return false;
	w->piece = p = piece_new(c);
	p->to = from->to;
	from->to = p->at = p->end = from->at + most / 2 / block * block;
	p->next = from->next;
	from->next = p;
	return true;
}

/* Reads the file from at on, so that buf has n bytes: how many there are. */
static size_t
read_to(struct worker *w, off_t at, size_t have, size_t n)
{
	ssize_t got;

	worker_room(w, n);
	while (have < n) {
		got = pread(w->crew->work->in->fd, w->buf + have, n - have,
		    at + (off_t)have);
		if (got <= 0)
			break;
		have += (size_t)got;
	}
	return have;
}

struct slice
file_block(struct worker *w, off_t at, off_t to, off_t *from)
{
	const struct work *k = w->crew->work;
	size_t before = at > w->crew->begin, have, want, n;
	size_t most = k->block + SOME;	/* longer ones are the loop's */
	const char *p, *q;
	char term = k->in->term;

	*from = at;
	n = (size_t)(to - at) + before;		/* its bytes, and one before */
	want = n + SOME;
	have = read_to(w, at - (off_t)before, 0, want);
	for (;;) {		/* the end of the last of them */
		p = w->buf;
		q = have < n ? NULL : memchr(p + n - 1, term, have - n + 1);
		if (q != NULL || have < want || want > n + most)
			break;
		want += want - n;
		have = read_to(w, at - (off_t)before, have, want);
	}
	if (q == NULL) {	/* only what is whole before it */
		w->piece->cut = true;
		n = have < n ? have : n;
		for (q = p + n; q > p && q[-1] != term; q--)
			;
		if (q-- == p)
			return (struct slice){ p, 0 };
	}
	if (before) {
		p = memchr(p, term, (size_t)(q - p) + 1);
		p++;
		*from = at - 1 + (off_t)(p - w->buf);
	}
	/* A record that covers all of the block is another block's. */
	if (*from >= to)
		return (struct slice){ p, 0 };
	return (struct slice){ p, (size_t)(q + 1 - p) };
}
