/* grid.c - columns aligned for people (-o table) */
#include <stdlib.h>

#include "lib/base/shown.h"
#include "lib/format/escape.h"
#include "lib/number/number.h"
#include "lib/write/grid.h"
#include "lib/write/width.h"

struct grid {
	struct column_look {
		size_t width;
		bool number, text;	/* some value was, some was not */
	} *col;
	size_t n, cap;
	bool settled;			/* alignment is known */
	size_t space;			/* due before the line's next text */
	size_t at;			/* where the line's columns are */
	size_t start;			/* where it begins in what is written */
	struct buf cell;		/* one value as shown */
	struct arena values;
	grid_style_fn *style;		/* NULL: none */
	void *arg;
	bool headed;			/* the first row names the columns */
	int fd;				/* of a terminal, -1: none; */
	size_t columns, lines;		/* what it measures, 0: not known */
	struct buf head;		/* the row that comes again, as read, */
	size_t since;			/* lines after it */
};

/* No screen is wider: so far a line is aligned, so that one long value does not
   cost its length in every row. */
enum { SCREEN = 1000 };

struct grid *
grid_new(int fd, bool headed)
{
	struct grid *g = mem_zero(sizeof *g);

	g->fd = fd;
	g->headed = headed;
	return g;
}

/* What is set in the environment goes before what the terminal says. */
static void
ask_size(struct grid *g)
{
	const char *const name[] = { "COLUMNS", "LINES" };
	size_t *const size[] = { &g->columns, &g->lines }, i;
	const char *text;
	uint64_t n;

	if (g->fd < 0)
		return;
	width_screen(g->fd, &g->columns, &g->lines);
	for (i = 0; i < 2; i++) {
		text = getenv(name[i]);
		if (text != NULL && number_count(&n, text) == NULL && n > 0)
			*size[i] = n < SIZE_MAX ? (size_t)n : SIZE_MAX;
	}
}

void
grid_free(struct grid *g)
{
	if (g == NULL)
		return;
	free(g->col);
	buf_free(&g->cell);
	buf_free(&g->head);
	arena_free(&g->values);
	free(g);
}

void
grid_style(struct grid *g, grid_style_fn *style, void *arg)
{
	g->style = style;
	g->arg = arg;
}

/* The value as it is shown, in g->cell; how many columns it takes. */
static size_t
show(struct grid *g, struct slice s)
{
	size_t i, len, width = 0;
	uint32_t c;

	g->cell.n = 0;
	for (i = 0; i < s.n; i += len) {
		len = shown_next(s.p + i, s.n - i, &c);
		if (c != UINT32_MAX) {
			buf_add(&g->cell, s.p + i, len);
			width += width_of(c);
			continue;
		}
		shown_hex(buf_room(&g->cell, len * SHOWN_HEX), s.p + i, len);
		g->cell.n += len * SHOWN_HEX;
		width += len * SHOWN_HEX;
	}
	return width;
}

/* What to do with one value of column k; last: of its line. */
typedef void value_fn(struct grid *, size_t k, struct slice value, bool head,
    bool last, struct buf *);

static void
measure(struct grid *g, size_t k, struct slice value, bool head, bool last,
    struct buf *out)
{
	size_t width = show(g, value);
	double real;

	if (k >= g->n) {
		MEM_RESERVE(g->col, g->cap, k + 1);
		memset(g->col + g->n, 0, (k + 1 - g->n) * sizeof *g->col);
		g->n = k + 1;
	}
	if (g->col[k].width < width)
		g->col[k].width = width;
	if (head || g->settled || value.n == 0)
		return;
	if (number_real(&real, value))
		g->col[k].number = true;
	else
		g->col[k].text = true;
}

/* The value in g->cell, which has a style. */
static void
put_styled(struct grid *g, struct buf *out)
{
	const char *after = NULL, *style = g->style(g->arg, &after);

	if (style != NULL && after == NULL && out->n > 0 &&
	    out->p[out->n - 1] == ' ')
		out->n--;
	else if (after == NULL)
		style = NULL;
	if (style != NULL)
		buf_str(out, style);
	buf_add(out, g->cell.p, g->cell.n);
	if (style != NULL && after != NULL)
		buf_str(out, after);
}

/* Space is written when a text follows: none ends a line. */
static void
align(struct grid *g, size_t k, struct slice value, bool head, bool last,
    struct buf *out)
{
	bool right = g->col[k].number && !g->col[k].text;
	size_t width = show(g, value), space = g->col[k].width - width, fits;
	struct slice line;

	g->at += g->col[k].width + 2;
	if (g->at > SCREEN)
		space = 0;
	g->space += (k > 0 ? 2 : 0) + (right ? space : 0);
	if (g->cell.n > 0) {
		memset(buf_room(out, g->space + 1), ' ', g->space);
		out->n += g->space;
		g->space = 0;
	}
	if (g->style != NULL)
		put_styled(g, out);
	else
		buf_add(out, g->cell.p, g->cell.n);
	g->space += right ? 0 : space;
	if (last) {
		line = (struct slice){ out->p + g->start, out->n - g->start };
		fits = g->columns == 0 ? line.n :
		    width_fit(line, g->columns, &width);
		out->n = g->start + fits;
		if (fits < line.n)
			buf_str(out, width_sign());
		buf_char(out, '\n');
		g->space = g->at = 0;
		g->start = out->n;
		g->since++;
	}
}

static void each_value(struct grid *, struct slice rows, value_fn *,
    struct buf *out);

/* After a screenful, of which the header was the first line. */
static void
head_again(struct grid *g, struct buf *out)
{
	if (g->lines < 3 || g->head.n == 0 || g->since + 1 < g->lines)
		return;
	g->since = 0;
	each_value(g, buf_text(&g->head), align, out);
}

static void
each_value(struct grid *g, struct slice rows, value_fn *fn, struct buf *out)
{
	bool head = !g->settled;
	struct slice row, cell;
	size_t k;

	for (; rows.n > 0 && slice_cut(&rows, '\n', &row); head = false) {
		if (fn == align)
			head_again(g, out);
		for (k = 0; slice_cut(&row, '\t', &cell); k++)
			fn(g, k, escape_get(cell, &g->values), head,
			    row.p == NULL, out);
		arena_reset(&g->values);
	}
}

void
grid_write(struct grid *g, struct slice rows, struct buf *out)
{
	if (rows.n == 0)
		return;
	ask_size(g);
	if (g->fd >= 0 && g->headed && !g->settled)
		buf_add(&g->head, rows.p, (size_t)((const char *)memchr(rows.p,
		    '\n', rows.n) - rows.p) + 1);
	g->start = out->n;
	each_value(g, rows, measure, out);
	each_value(g, rows, align, out);
	g->settled = true;
}
