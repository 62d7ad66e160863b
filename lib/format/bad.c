/* bad.c - what becomes of records that can't be read (--bad) */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/base/fd.h"
#include "lib/format/bad.h"

static int
fail(const struct badness *bad)
{
	return diag_errno("--bad %s", diag_quote(bad->name, strlen(bad->name)));
}

int
bad_open(struct badness *bad)
{
	struct stat st;

	if (bad->what != BAD_FILE)
		return OK;
	bad->fd = fd_open(bad->name, O_CREAT | O_APPEND);
	if (bad->fd < 0)
		return fail(bad);
	if (fstat(bad->fd, &st) != 0 || !fd_is_input(&st))
		return OK;
	return diag_warn("--bad %s: that is the input file",
	    diag_quote(bad->name, strlen(bad->name)));
}

int
bad_close(struct badness *bad)
{
	int fd = bad->fd;

	buf_free(&bad->line);
	bad->fd = -1;
	return fd < 0 || fd_close(fd) == OK ? OK : fail(bad);
}

static int
save(const void *options, struct slice rec)
{
	const struct options *opt = options;
	struct badness *bad = opt->bad;

	bad->line.n = 0;
	buf_slice(&bad->line, rec);
	buf_char(&bad->line, opt->term);
	return fd_write(bad->fd, bad->line.p, bad->line.n) == OK ? OK :
	    fail(bad);
}

int
bad_record(const struct options *opt, struct slice rec, uint64_t num,
    const char *why, size_t at)
{
	struct badness *bad = opt->bad;
	struct turn *turn = &opt->diag->turn;

	if (why != NULL)
		tally_add(bad->tally, 1, num, "%s at byte %zu", why, at + 1);
	else
		bad->told++;
	if (bad->what == BAD_FAIL)
		return turn_end(turn, num, EXIT_RUN) ? DONE : FAIL;
	if (bad->what == BAD_FILE && !turn_write(turn, save, opt, rec, num))
		return save(opt, rec);
	return OK;
}

size_t
bad_from(const struct take *t, size_t i)
{
	size_t lo = 0, hi = t->nbad, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (t->bad[mid].i < i)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

int
bad_drop(const struct options *opt, struct take *t, size_t from,
    struct vec *v, struct vec_room **room)
{
	const struct bad *b, *end = t->bad + t->nbad;
	uint16_t idx[VEC_MAX];
	size_t i, k, n = 0;
	int r = OK;

	if (t->nbad == 0)
		return OK;
	b = t->bad + bad_from(t, from);
	if (b == end || b->i >= from + v->n)
		return OK;
	for (i = 0; i < v->n; i++) {
		if (b == end || b->i != from + i) {
			for (k = 0; k < t->n; k++)
				t->want[k].col[from + n] =
				    t->want[k].col[from + i];
			idx[n++] = (uint16_t)i;
			continue;
		}
		r = bad_record(opt, v->rec[i], v->num[i], b->why, b->at);
		if (r != OK)
			break;
		b++;
	}
	vec_stay(v, idx, n, room);
	return r;
}
