/* live.c - the last batch's table, redrawn in place (--live) */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/diag.h"
#include "lib/base/hash.h"
#include "lib/base/locale.h"
#include "lib/number/number.h"
#include "lib/write/grid.h"
#include "lib/write/live.h"
#include "lib/write/width.h"

#define PERIOD	100000000	/* ns: not faster than one can look */

/* A line as it stands on the screen. */
struct line {
	size_t off, len;		/* in screen.text */
	size_t width;
};

struct screen {
	struct buf text;
	struct line *line;
	size_t n, cap;
};

/* The numbers that were drawn, by their rows' other columns. */
struct before {
	struct table *keys;
	double *number;			/* of each row all columns */
	size_t cap;
};

struct live {
	int fd;
	bool shared;			/* messages go there, too */
	const char *up, *down;		/* before a number that is more, or
					   less, */
	const char *after;		/* and behind it; NULL: nothing */
	const struct shape *shape;
	size_t cols, rows;		/* of the terminal */
	struct buf next;		/* rows that are to be drawn */
	bool waiting;
	int64_t when;			/* of the last drawing */
	uint64_t told;			/* messages up to then */
	struct grid *grid;
	struct buf aligned;
	struct screen screen, old;
	struct before before, now;
	unsigned char *mark;		/* of the rows' cells in order */
	size_t nmark, at, markcap;
	struct buf key, out;
};

enum mark { SAME, MORE, LESS };

/* Which of a column's marks a cell gets, in the order of grid_write. */
static const char *
style(void *vl, const char **after)
{
	struct live *l = vl;
	enum mark m = l->at < l->nmark ? l->mark[l->at] : SAME;

	l->at++;
	*after = l->after;
	return m == SAME ? NULL : m == MORE ? l->up : l->down;
}

struct live *
live_new(int fd, const struct shape *s, uint64_t seed)
{
	const char *plain = getenv("NO_COLOR");
	struct live *l;

	if (!width_moves())
		return NULL;
	l = mem_zero(sizeof *l);
	l->fd = fd;
	l->shape = s;
	l->grid = grid_new(-1, true);
	grid_style(l->grid, style, l);
	l->shared = isatty(STDERR_FILENO) != 0;
	l->when = INT64_MIN / 2;
	l->before.keys = table_new(seed);
	l->now.keys = table_new(seed);
	l->up = l->down = "\033[1m";
	l->after = "\033[0m";
	if (plain != NULL && *plain != '\0') {
		l->up = locale_utf8() ? "\342\206\221" : "^";
		l->down = locale_utf8() ? "\342\206\223" : "v";
		l->after = NULL;
	}
	return l;
}

static void
free_screen(struct screen *s)
{
	buf_free(&s->text);
	free(s->line);
}

void
live_free(struct live *l)
{
	if (l == NULL)
		return;
	grid_free(l->grid);
	table_free(l->before.keys);
	table_free(l->now.keys);
	free(l->before.number);
	free(l->now.number);
	free_screen(&l->screen);
	free_screen(&l->old);
	free(l->mark);
	buf_free(&l->next);
	buf_free(&l->aligned);
	buf_free(&l->key);
	buf_free(&l->out);
	free(l);
}

static bool
is_number(const struct live *l, size_t k)
{
	return k < l->shape->ncol &&
	    (l->shape->col[k].flags & COL_NUMBER) != 0;
}

static void
add_mark(struct live *l, enum mark m)
{
	l->mark = mem_reserve(l->mark, &l->markcap, l->nmark + 1, 1);
	l->mark[l->nmark++] = (unsigned char)m;
}

/* What changed in a row since it was last drawn. */
static void
mark_row(struct live *l, struct slice row)
{
	struct slice rest = row, cell, key;
	size_t k, ncol = l->shape->ncol;
	uint32_t old = TABLE_FULL, i;
	double x, was, *now;

	l->key.n = 0;
	for (k = 0; slice_cut(&rest, '\t', &cell); k++) {
		if (!is_number(l, k))
			buf_slice(&l->key, cell);
		buf_char(&l->key, '\t');
	}
	key = buf_text(&l->key);
	table_find(l->now.keys, &key, 1, 0, &i);
	if (table_count(l->before.keys) > 0)	/* 1: none is added */
		table_find(l->before.keys, &key, 1, 1, &old);
	MEM_RESERVE(l->now.number, l->now.cap, (i + 1) * ncol);
	now = l->now.number + i * ncol;
	for (k = 0; slice_cut(&row, '\t', &cell); k++) {
		x = 0;
		if (k < ncol && is_number(l, k))
			(void)number_real(&x, cell);
		was = old == TABLE_FULL || k >= ncol ? x :
		    l->before.number[old * ncol + k];
		add_mark(l, x > was ? MORE : x < was ? LESS : SAME);
		if (k < ncol)
			now[k] = x;
	}
}

/* Lines of text, of which the first, the names, is no row. */
static void
mark_rows(struct live *l, struct slice text)
{
	struct before b = l->before;
	struct slice rows = text, row, cell;

	l->nmark = l->at = 0;
	table_reset(l->now.keys);
	while (rows.n > 0 && slice_cut(&rows, '\n', &row)) {
		if (row.p != text.p) {
			mark_row(l, row);
			continue;
		}
		while (slice_cut(&row, '\t', &cell))
			add_mark(l, SAME);
	}
	l->before = l->now;
	l->now = b;
}

/* What of a line fits the screen. */
static void
add_line(struct live *l, struct slice s)
{
	struct screen *sc = &l->screen;
	struct line *line;
	size_t fits;

	MEM_RESERVE(sc->line, sc->cap, sc->n + 1);
	line = &sc->line[sc->n++];
	line->off = sc->text.n;
	fits = width_fit(s, l->cols, &line->width);
	buf_add(&sc->text, s.p, fits);
	if (fits < s.n && l->after != NULL)
		buf_str(&sc->text, l->after);
	if (fits < s.n)
		buf_str(&sc->text, width_sign());
	line->len = sc->text.n - line->off;
}

/* The lines of a table that is known, and how many there are no room for. */
static void
fill_screen(struct live *l)
{
	struct slice rows = { l->next.p, l->next.n }, left = rows, line;
	/* Below stand the count, ^C and the prompt. */
	size_t n = 0, fits = l->rows < 4 ? 1 : l->rows - 3, shown = rows.n;
	char more[64];

	for (; left.n > 0 && slice_cut(&left, '\n', &line); n++)
		if (n + 1 == fits)
			shown = rows.n - left.n;
	if (n < l->rows || n <= fits + 1) {
		shown = rows.n;
		fits = n;
	}
	rows.n = shown;
	mark_rows(l, rows);
	l->aligned.n = 0;
	grid_write(l->grid, rows, &l->aligned);
	l->screen.n = l->screen.text.n = 0;
	left = buf_text(&l->aligned);
	while (left.n > 0 && slice_cut(&left, '\n', &line))
		add_line(l, line);
	if (n > fits) {
		snprintf(more, sizeof more, "... %zu more", n - fits);
		add_line(l, slice_str(more));
	}
}

static void
add_move(struct buf *b, size_t n, char how)
{
	char text[32];

	if (n == 0)
		return;
	snprintf(text, sizeof text, "\033[%zu%c", n, how);
	buf_str(b, text);
}

/* To the table's first line.  A terminal that became narrower has broken its
   lines, or so it is hoped: all is written anew. */
static void
go_up(struct live *l, size_t was)
{
	struct screen *old = &l->old;
	size_t i, lines = old->n;

	if (was != l->cols) {
		lines = 0;
		for (i = 0; i < old->n; i++)
			lines += old->line[i].width == 0 ? 1 :
			    (old->line[i].width + l->cols - 1) / l->cols;
	}
	add_move(&l->out, lines < l->rows ? lines : l->rows - 1, 'A');
	if (was != l->cols) {
		buf_str(&l->out, "\r\033[J");
		old->n = 0;
	}
}

static struct slice
draw(struct live *l, int64_t mono)
{
	struct screen old = l->old;
	size_t was = l->cols, i;
	struct line *a, *b;

	width_screen(l->fd, &l->cols, &l->rows);
	l->cols = l->cols == 0 ? 80 : l->cols;
	l->rows = l->rows == 0 ? 24 : l->rows;
	l->old = l->screen;
	l->screen = old;
	if (was == 0 || (l->shared && l->told != diag_told()))
		l->old.n = 0;		/* it has moved up */
	fill_screen(l);
	l->out.n = 0;
	go_up(l, l->old.n == 0 ? l->cols : was);
	for (i = 0; i < l->screen.n; i++) {
		a = &l->screen.line[i];
		b = i < l->old.n && l->old.n < l->rows ?
		    &l->old.line[i] : NULL;	/* else it scrolled */
		if (b == NULL || !slice_eq(
		    (struct slice){ l->screen.text.p + a->off, a->len },
		    (struct slice){ l->old.text.p + b->off, b->len })) {
			buf_add(&l->out, l->screen.text.p + a->off, a->len);
			if (a->width < l->cols)
				buf_str(&l->out, "\033[K");
		}
		buf_str(&l->out, "\r\n");
	}
	if (i < l->old.n)
		buf_str(&l->out, "\033[J");
	l->waiting = false;
	l->when = mono;
	l->told = diag_told();
	return buf_text(&l->out);
}

struct slice
live_rows(struct live *l, struct slice rows, int64_t mono)
{
	l->next.n = 0;
	buf_slice(&l->next, rows);
	l->waiting = true;
	return live_due(l, mono, false);
}

int64_t
live_deadline(const struct live *l)
{
	return l == NULL || !l->waiting ? INT64_MAX : l->when + PERIOD;
}

struct slice
live_due(struct live *l, int64_t mono, bool end)
{
	struct slice none = { NULL, 0 };

	if (!l->waiting || (!end && mono < l->when + PERIOD))
		return none;
	return draw(l, mono);
}

void
live_resized(struct live *l)
{
	if (l != NULL && l->next.n > 0)
		l->waiting = true;
}
