/* parts.c - which bytes of which files are the input's next ones */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/diag.h"
#include "lib/base/fd.h"
#include "lib/state/parts.h"
#include "lib/time/time.h"

#define SETTLED	60000000000	/* ns unchanged: the last line is whole */

enum { BLOCK = 65536, HEADER = 1024 * 1024 };

static const char *
name_of(const struct origin *s)
{
	return s->name == NULL ? "standard input" : s->name;
}

/* A run that knows not what there is has not begun. */
static size_t
read_part(const struct origin *s, char *p, size_t n, off_t at)
{
	ssize_t got = fd_read_at(s->fd, p, n, at);

	if (got < 0)
		diag_die(EXIT_FAILURE, "%s: %s", name_of(s), strerror(errno));
	return (size_t)got;
}

/* Behind the last terminator in [from, to), or from. */
static off_t
last_end(const struct parts *p, const struct origin *s, off_t from, off_t to)
{
	char block[BLOCK];
	size_t n, i;

	for (; to > from; to -= (off_t)n) {
		n = to - from < BLOCK ? (size_t)(to - from) : BLOCK;
		if (read_part(s, block, n, to - (off_t)n) != n)
			return from;
		for (i = n; i > 0; i--)
			if (block[i - 1] == p->term)
				return to - (off_t)(n - i);
	}
	return from;
}

/* Up to where it may be read.  A line that nobody will go on with is whole. */
static off_t
readable(struct parts *p, const struct origin *s, off_t from, bool left)
{
	if (s->name != NULL && (left || time_now() - s->changed > SETTLED))
		return s->size > from ? s->size : from;
	return last_end(p, s, from, s->size);
}

/* The header that the file begins with, which must be the same in all. */
static int
find_header(struct parts *p, struct origin *s)
{
	struct buf b = { 0 };
	const char *at, *end = NULL;
	struct slice rec = { NULL, 0 };
	size_t n = 1;
	int r = OK;

	while (end == NULL && n > 0 && b.n < HEADER) {
		n = read_part(s, buf_room(&b, BLOCK), BLOCK, (off_t)b.n);
		b.n += n;
		for (at = b.p; n > 0 && (end = memchr(at, p->term,
		    (size_t)(b.p + b.n - at))) != NULL; at = end + 1) {
			rec = (struct slice){ at, (size_t)(end - at) };
			if (!p->blanks || rec.n > 1 ||
			    (rec.n == 1 && *rec.p != '\r'))
				break;
		}
	}
	if (end != NULL) {
		s->header = (size_t)(end - b.p) + 1;
		if (p->header.p == NULL)
			p->header = arena_copy(p->arena, rec);
		else if (!slice_eq(p->header, rec))
			r = diag_warn("%s has another header: %s", name_of(s),
			    diag_quote(rec.p, rec.n));
	}
	buf_free(&b);
	return r;
}

/* A file more, unless it is there already. */
static void
add(struct parts *p, const char *name, int fd)
{
	struct origin *s = &p->origin[p->norigins];
	struct stat st, other;
	size_t i;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		goto none;
	for (i = 0; i < p->norigins; i++)
		if (fstat(p->origin[i].fd, &other) == 0 &&
		    fd_same(&other, &st))
			goto none;
	*s = (struct origin){ .name = name, .fd = fd, .size = st.st_size,
	    .changed = (int64_t)st.st_mtim.tv_sec * 1000000000 +
	    st.st_mtim.tv_nsec };
	p->norigins++;
	return;
none:
	if (name != NULL)
		close(fd);
}

int
parts_open(struct parts *p, int fd, const char *const *rotated, size_t n)
{
	size_t i;
	int more;

	p->origin = arena_zero(p->arena, (n + 1) * sizeof *p->origin);
	p->part = arena_zero(p->arena, (n + 3) * sizeof *p->part);
	add(p, NULL, fd);
	for (i = 0; i < n; i++) {
		more = open(rotated[i], O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		if (more >= 0) {
			add(p, rotated[i], more);
		} else if (errno != ENOENT) {
			return diag_errno("--state-rotated %s", rotated[i]);
		}
	}
	return OK;
}

void
parts_close(struct parts *p)
{
	size_t i;

	for (i = 1; i < p->norigins; i++)
		close(p->origin[i].fd);
	p->norigins = 0;
}

/* The file in which the mark is, NULL if there is none, or (several) more
   than one.  Its own file comes before copies of it.  A small file is found as
   a copy only where its own was cut meanwhile. */
static struct origin *
find(struct parts *p, const struct mark *m, bool *several)
{
	struct origin *found = NULL;
	bool cut = false;
	size_t i;

	*several = false;
	for (i = 0; i < p->norigins && m->at > 0; i++)
		cut = cut || (mark_same(m, p->origin[i].fd) &&
		    !mark_fits(m, p->origin[i].fd, true));
	for (i = 0; i < p->norigins; i++) {
		struct origin *s = &p->origin[i];

		if (!mark_fits(m, s->fd, cut))
			continue;
		if (mark_same(m, s->fd)) {
			*several = false;
			return s;
		}
		*several = found != NULL;
		found = s;
	}
	return *several ? NULL : found;
}

static void
add_part(struct parts *p, struct origin *s, off_t from, off_t to)
{
	p->part[p->n++] = (struct part){ s, from, to };
}

static int
by_change(const void *va, const void *vb)
{
	const struct origin *a = *(struct origin *const *)va;
	const struct origin *b = *(struct origin *const *)vb;

	return (a->changed > b->changed) - (a->changed < b->changed);
}

static int
tell_order(const struct origin *one, const struct origin *other)
{
	return diag_warn("--state-rotated: %s and %s were changed at the same "
	    "time; which one comes first?  touch(1) the later one", one->name,
	    other->name);
}

/* All of this file and the rotated ones that changed after then, the oldest
   first, and standard input, but nothing behind a line that somebody still
   writes.  That which was left is over, whoever touched it. */
static int
add_newer(struct parts *p, int64_t then, const struct origin *of,
    const struct origin *left)
{
	struct origin **s = arena_zero(p->arena, p->norigins * sizeof *s);
	size_t i, n = 0;
	off_t to;

	for (i = 1; i < p->norigins; i++)
		if (p->origin[i].size > 0 && (&p->origin[i] == of ||
		    (p->origin[i].changed > then && &p->origin[i] != left)))
			s[n++] = &p->origin[i];
	qsort(s, n, sizeof *s, by_change);
	s[n++] = &p->origin[0];
	for (i = 0; i < n; i++) {
		if (i > 0 && s[i]->name != NULL &&
		    s[i]->changed == s[i - 1]->changed)
			return tell_order(s[i - 1], s[i]);
		if (p->headed && find_header(p, s[i]) != OK)
			return FAIL;
		to = readable(p, s[i], (off_t)s[i]->header, false);
		add_part(p, s[i], (off_t)s[i]->header, to);
		if (to < s[i]->size)
			break;
	}
	return OK;
}

static int
tell_lost(const struct parts *p, const struct saved *s, bool several)
{
	const struct origin *in = &p->origin[0];

	if (several)
		return diag_warn("--state: several files go on behind byte %jd "
		    "of what was read last; which one?  --state-rotated must "
		    "not name copies", (intmax_t)s->at.at);
	if (mark_same(&s->at, in->fd) && in->size < s->at.at)
		return diag_warn("--state: standard input was cut to %jd bytes "
		    "after %jd of it were read; what was written in between is "
		    "missing, unless --state-rotated names a copy; "
		    "--state-skip goes on with what there is",
		    (intmax_t)in->size, (intmax_t)s->at.at);
	return diag_warn("--state: standard input is not the file of which %jd "
	    "bytes were read; what came behind them is missing, unless "
	    "--state-rotated names where it is; --state-skip goes on with what "
	    "there is", (intmax_t)s->at.at);
}

/* What a slow writer added to the file that was left behind. */
static void
add_late(struct parts *p, const struct saved *s, struct origin *of)
{
	off_t to;

	if (of == NULL || of->name == NULL || of->size <= s->left.at)
		return;
	to = readable(p, of, s->left.at, true);
	diag_warn("--state: %jd byte%s came late to %s", (intmax_t)
	    (to - s->left.at), diag_plural((uint64_t)(to - s->left.at), "s"),
	    of->name);
	add_part(p, of, s->left.at, to);
	p->late = true;
}

/* Whether it begins with all that was read of another file, if that was enough
   to know one from the other. */
static bool
is_copy(const struct mark *m, const struct origin *s)
{
	return m->at >= MARK && mark_fits(m, s->fd, true);
}

int
parts_after(struct parts *p, const struct saved *s, bool skip)
{
	bool several = false;
	struct origin *left = s->left.at == 0 ? NULL :
	    find(p, &s->left, &several);
	struct origin *of = s->begun ? find(p, &s->at, &several) : NULL;
	struct origin *other;
	off_t from = s->at.at, to;
	size_t i;

	p->n = 0;
	if (of == NULL && from > 0 && !skip)
		return tell_lost(p, s, several);
	if (of == NULL && from > 0) {
		diag_warn("--state-skip: what came behind the %jd bytes that "
		    "were read is passed over", (intmax_t)s->at.at);
		return add_newer(p, s->when, NULL, left);
	}
	if (of == NULL)
		of = p->origin;
	if (p->headed && find_header(p, of) != OK)
		return FAIL;
	add_late(p, s, left);
	/* Where no record was read a copy of it may be what comes next. */
	if (s->begun && from <= (off_t)of->header)
		return add_newer(p, s->when, of, left);
	if (from < (off_t)of->header)
		from = (off_t)of->header;
	to = readable(p, of, from, false);
	add_part(p, of, from, to);
	if (of->name == NULL || to < of->size)
		return OK;
	for (i = 1; i < p->norigins; i++) {
		other = &p->origin[i];
		if (other == of || other == left || other->size == 0)
			continue;
		if (other->changed == of->changed)
			return tell_order(of, other);
		if (other->changed > of->changed && (is_copy(&s->at, other) ||
		    is_copy(&s->left, other)))
			return tell_lost(p, s, true);
	}
	return add_newer(p, of->changed, NULL, left);
}

bool
parts_again(struct parts *p, const struct saved *s)
{
	bool several;
	size_t i;

	p->part = arena_zero(p->arena, (s->nparts + 1) * sizeof *p->part);
	for (i = p->n = 0; i < s->nparts; i++) {
		struct origin *of = find(p, &s->part[i].end, &several);

		if (of == NULL)
			return false;
		if (p->headed && find_header(p, of) != OK)
			return false;
		add_part(p, of, s->part[i].from, s->part[i].end.at);
	}
	p->late = s->left.at > 0 && p->part->from == s->left.at &&
	    p->part->of == find(p, &s->left, &several);
	return true;
}

int
parts_end(struct parts *p)
{
	struct origin *s = &p->origin[0];
	off_t to;

	if (p->headed && find_header(p, s) != OK)
		return FAIL;
	to = last_end(p, s, (off_t)s->header, s->size);
	p->n = 0;
	add_part(p, s, to, to);
	return OK;
}

off_t
parts_bytes(const struct parts *p)
{
	off_t n = 0;
	size_t i;

	for (i = p->at; i < p->n; i++)
		n += p->part[i].to - p->part[i].from;
	return n;
}
