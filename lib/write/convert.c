/* convert.c - records of one format written in another (-o) */
#include <stdlib.h>

#include "lib/format/bad.h"
#include "lib/format/fmt.h"
#include "lib/format/list.h"
#include "lib/format/pack.h"
#include "lib/number/number.h"
#include "lib/write/convert.h"
#include "lib/write/direct.h"

struct convert {
	struct shape in, out;
	const struct options *opt;
	struct converted *is, own;	/* own: where nobody else has one */
	bool whole;			/* text without names: one column */
	bool named;			/* columns come from the first record */
	bool places;			/* a position is a name there */
	bool headless;
	bool fronts;			/* cells may have no position */
	bool fits;			/* whether one is a column is known */
	size_t front;			/* how many are */
	bool lists;			/* there are columns that become
					   arrays */
	struct cells cells, row;
	struct direct *direct;		/* column by column, or NULL */
	bool asked;			/* whether there can be one is known */
	struct direct *columns;		/* of records that come as such, */
	const struct column *known;	/* and what these are, in order */
	struct arena values;		/* decoded, of one record */
	struct tally *extra, *lacking;
};

/* Whether some column's place depends on how many a record has. */
static bool
counts_back(const struct shape *s)
{
	size_t i;

	for (i = 0; i < s->ncol; i++)
		if (s->col[i].pos < 0)
			return true;
	return false;
}

/* The columns that have a place. */
static const struct column *
place_columns(const struct shape *in, size_t *n, struct arena *a)
{
	struct column *col = arena_zero(a, (in->ncol + 1) * sizeof *col);
	size_t i;

	for (i = *n = 0; i < in->ncol; i++)
		if (in->col[i].pos != 0)
			col[(*n)++] = in->col[i];
	return col;
}

struct convert *
convert_new(const struct shape *in, const struct format *to, bool header,
    struct converted *is, const struct options *opt)
{
	struct convert *c = mem_zero(sizeof *c);
	bool heads = (to->traits & FMT_HEADER) != 0 || (to->head != NULL &&
	    in->made && (in->format->traits & FMT_NAMED) != 0);
	size_t i;

	c->in = *in;
	c->opt = opt;
	c->is = is == NULL ? &c->own : is;
	c->out = *in;
	shape_init(&c->out, to, (to->traits & FMT_OPEN) != 0 ? opt->sep : NULL,
	    opt->seplen);
	c->headless = !heads || !header;
	c->is->headed = c->headless;
	c->places = (to->traits & FMT_NAMED) != 0 ? in->ncol > 0 :
	    !c->headless && counts_back(in);
	c->named = heads && (in->ncol == 0 || c->places);
	if (!c->named) {
		c->out.col = place_columns(in, &c->out.ncol, opt->arena);
		c->out.closed = in->closed;
	}
	c->fronts = (to->traits & FMT_NAMED) == 0 && !c->named &&
	    c->out.ncol < in->ncol;
	c->whole = in->ncol == 0 && in->sep == NULL &&
	    (in->format->traits & FMT_OPEN) != 0;
	if ((to->traits & FMT_NAMED) != 0)
		c->in.col = columns_unique(in->col, in->ncol, opt->arena);
	if (in->ncol > 0) {
		for (i = 0; i < in->ncol; i++)
			c->lists |= (in->col[i].flags & COL_LIST) != 0 &&
			    (to->traits & FMT_JSON) != 0;
		if (!c->lists)
			c->direct = direct_new(&c->in, &c->out, opt);
		c->asked = true;
	}
	c->extra = tally_new(opt->diag, opt->arena, "records had fields that "
	    "the first had not, which were left out");
	c->lacking = tally_new(opt->diag, opt->arena, "records did not have "
	    "all fields of the first");
	return c;
}

static char
term(const struct convert *c)
{
	return c->is->lines ? '\n' : c->opt->term;
}

void
convert_free(void *vc)
{
	struct convert *c = vc;

	if (c == NULL)
		return;
	direct_free(c->direct);
	direct_free(c->columns);
	arena_free(&c->values);
	cells_free(&c->cells);
	cells_free(&c->row);
	free(c);
}

void
convert_begin(struct convert *c, bool header)
{
	c->is->headed = c->headless || !header;
	c->is->head = 0;
}

void
convert_follow(struct convert *c, const struct convert *first)
{
	c->out = first->out;
	c->fits = first->fits;
	c->front = first->front;
	c->is->headed = true;
}

bool
convert_headed(const struct convert *c)
{
	return c->is->headed && (!c->named || c->out.ncol > 0);
}

void
convert_save(const struct convert *c, struct buf *b)
{
	size_t i;

	pack_u64(b, c->fits);
	pack_u64(b, c->front);
	for (i = 0; i < c->out.ncol; i++) {
		pack_text(b, c->out.col[i].name);
		pack_i64(b, c->out.col[i].pos);
		pack_u64(b, c->out.col[i].flags);
	}
}

bool
convert_resume(struct convert *c, struct unpack *u)
{
	struct arena *a = c->opt->arena;
	struct column *col = arena_zero(a, (u->left.n + 1) * sizeof *col);
	size_t n;

	c->fits = unpack_u64(u) != 0;
	c->front = unpack_u64(u) != 0;
	for (n = 0; u->left.n > 0 && !u->bad; n++) {
		col[n].name = arena_copy(a, unpack_text(u));
		col[n].pos = (int)unpack_i64(u);
		col[n].flags = (unsigned char)unpack_u64(u);
	}
	c->out.col = col;
	c->out.ncol = n;
	c->out.closed |= c->named;
	return c->front <= n;
}

/* The cells of columns that are lists become tokens. */
static void
arrays(struct convert *c)
{
	struct buf b = { 0 };
	struct cell *cell;
	size_t k;

	for (k = 0; k < c->in.ncol; k++) {
		if ((c->in.col[k].flags & COL_LIST) == 0 ||
		    c->in.col[k].pos <= 0 ||
		    c->cells.front + (size_t)c->in.col[k].pos > c->cells.n)
			continue;
		cell = &c->cells.c[c->cells.front +
		    (size_t)c->in.col[k].pos - 1];
		b.n = 0;
		list_array(&b, cell->val);
		cell->val = arena_copy(&c->values, buf_text(&b));
		cell->raw = true;
	}
	buf_free(&b);
}

enum { LEFT_OUT = DONE + 1 };

/* The record's fields by name, decoded unless they stay in their format.  OK,
   LEFT_OUT if it can't be read, or what bad_record says else. */
static int
fields(struct convert *c, struct slice rec, uint64_t num)
{
	const struct format *f = format_of(&c->in, rec);
	const char *why;
	size_t i, at;
	int r;

	c->cells.n = 0;
	arena_reset(&c->values);
	if (c->named && c->out.ncol == 0 && c->in.format->pick != NULL &&
	    strip_blanks(rec).n == 0)
		return OK;
	if (c->whole && (f->traits & FMT_OPEN) != 0) {
		cells_add(&c->cells, SLICE("record"), rec,
		    f == c->out.format);
		return OK;
	}
	why = f->split(&c->in, rec, &c->cells, &at);
	if (why != NULL && c->is->quiet)
		return LEFT_OUT;
	if (why != NULL) {
		r = bad_record(c->opt, rec, num, why, at);
		return r == OK ? LEFT_OUT : r;
	}
	for (i = 0; i < c->cells.n; i++) {
		struct cell *cell = &c->cells.c[i];

		if (c->places && cell->name.n == 0)
			cell->name = place_name(c->in.col, c->in.ncol,
			    i + 1 - c->cells.front, &c->values);
		if (!cell->raw || f == c->out.format)
			continue;
		cell->val = f->decode(cell->val, &c->values);
		cell->raw = false;
	}
	if (c->lists)
		arrays(c);
	why = cells_end(&c->cells, c->out.format, term(c));
	if (why == NULL)
		return OK;
	r = bad_record(c->opt, rec, num, why, 0);
	return r == OK ? LEFT_OUT : r;
}

/* The names that operators gave records of format f, of which the first shows
   some: before the n columns that it has, if there are no others, or behind. */
static size_t
give_columns(const struct convert *c, const struct format *f,
    struct column *col, size_t n)
{
	const struct shape *in = &c->in;
	struct arena *a = c->opt->arena;
	size_t i, j;

	for (i = 0; i < in->ngiven; i++) {
		struct slice name = f->key == NULL ? in->given[i] :
		    f->key(in->given[i], a);

		j = columns_find(col, n, name, i);
		if (j == n)
			col[n++].name = name;
		col[j].flags = COL_GIVEN;
		if (in->only && j > i) {
			struct column this = col[j];

			memmove(col + i + 1, col + i, (j - i) * sizeof *col);
			col[i] = this;
		}
	}
	return n;
}

/* The first record's names become the columns. */
static void
name_columns(struct convert *c, struct slice rec)
{
	const struct format *f = format_of(&c->in, rec);
	struct arena *a = c->opt->arena;
	size_t i, n = c->cells.n;
	char digits[NUMBER_MAX];
	struct column *col;

	col = arena_zero(a, (n + c->in.ngiven + 1) * sizeof *col);
	for (i = 0; i < n; i++)
		col[i].name = arena_copy(a, cell_name(&c->cells.c[i], i,
		    digits));
	if ((f->traits & FMT_SPARSE) != 0)
		n = give_columns(c, f, col, n);
	for (i = 0; i < n; i++)
		col[i].pos = (int)i + 1;
	c->out.col = col;
	c->out.ncol = n;
	c->out.closed = true;
}

static void
tell_lacking(struct convert *c, uint64_t num)
{
	tally_add(c->lacking, 1, num, "it does not have all fields of the "
	    "first record");
}

static void
tell_extra(struct convert *c, struct slice name, uint64_t num)
{
	tally_add(c->extra, 1, num, "the first record had no %s, which is left "
	    "out", diag_quote(name.p, name.n));
}

/* used cells of the record have a column, lacking columns no cell: says so if
   that isn't all. */
static void
tell_difference(struct convert *c, size_t used, size_t lacking, uint64_t num)
{
	const struct cell *cell = c->cells.c;
	size_t i = 0;

	if (used < c->cells.n) {
		while (columns_find(c->out.col, c->out.ncol, cell[i].name, i) <
		    c->out.ncol)
			i++;
		tell_extra(c, cell[i].name, num);
	}
	if (lacking > 0)
		tell_lacking(c, num);
}

/* The cells in the order of the columns, absent where there is none; those
   known by position are in order. */
static void
to_columns(struct convert *c, uint64_t num)
{
	size_t i, j, used = 0, lacking = 0;

	c->row.n = 0;
	for (j = 0; j < c->out.ncol; j++) {
		struct cell cell = { c->out.col[j].name, { NULL, 0 }, false };

		i = j;
		if (i >= c->cells.n ||
		    !slice_eq(c->cells.c[i].name, cell.name))
			for (i = 0; i < c->cells.n; i++)
				if (slice_eq(c->cells.c[i].name, cell.name))
					break;
		if (i < c->cells.n) {
			cell = c->cells.c[i];
			used++;
		} else if ((c->out.col[j].flags & COL_GIVEN) == 0) {
			lacking++;
		}
		cells_add(&c->row, cell.name, cell.val, cell.raw);
	}
	tell_difference(c, used, lacking, num);
}

/* A cell without a position is a column, the first, if the first record has
   it; else it is left out. */
static void
fit_front(struct convert *c, uint64_t num)
{
	struct cells *cells = &c->cells;
	struct cell none = { { NULL, 0 }, { NULL, 0 }, false };
	struct column *col;

	if (!c->fits && cells->front > 0) {
		col = arena_zero(c->opt->arena, (c->out.ncol + 1) *
		    sizeof *col);
		col[0].name = arena_copy(c->opt->arena, cells->c[0].name);
		memcpy(col + 1, c->out.col, c->out.ncol * sizeof *col);
		c->out.col = col;
		c->out.ncol++;
		c->front = 1;
	}
	c->fits = true;
	if (cells->front > c->front) {
		tell_extra(c, cells->c[0].name, num);
		memmove(cells->c, cells->c + 1, --cells->n * sizeof *cells->c);
	} else if (cells->front < c->front) {
		cells_add(cells, none.name, none.val, false);
		memmove(cells->c + 1, cells->c, (cells->n - 1) *
		    sizeof *cells->c);
		cells->c[0] = none;
	}
}

static void
head_line(struct convert *c, struct buf *b)
{
	size_t had = b->n;

	c->is->headed = true;
	if (c->out.ncol == 0)
		return;
	c->out.format->head(b, &c->out);
	buf_char(b, term(c));
	c->is->head = b->n - had;
}

/* The first record of those that name their fields is what others are mostly
   like. */
static void
be_like(struct convert *c)
{
	const struct cells *cells = &c->cells;
	struct arena *a = c->opt->arena;
	size_t i, n = c->named ? c->out.ncol : cells->n;
	struct column *col;

	c->asked = true;
	if (c->in.ngiven > 0 && (c->in.format->traits & FMT_SPARSE) != 0)
		return;
	col = arena_zero(a, (n + 1) * sizeof *col);
	for (i = 0; i < n; i++)
		col[i].name = c->named ? c->out.col[i].name :
		    arena_copy(a, cells->c[i].name);
	c->direct = direct_like(&c->in, &c->out, col, n, !c->named,
	    c->opt);
}

/* One record by its cells: OK, or what fields says. */
static int
add_cells(struct convert *c, struct slice rec, uint64_t num, struct buf *b)
{
	const struct cells *row = &c->cells;
	int r = fields(c, rec, num);

	if (r != OK)
		return r;
	if (c->named && c->out.ncol == 0)
		name_columns(c, rec);
	if (c->named && c->out.ncol == 0) {
		tally_add(c->lacking, 1, num, "it has no fields and is left "
		    "out");
		return OK;
	}
	if (c->fronts)
		fit_front(c, num);
	if (!c->is->headed)
		head_line(c, b);
	if (!c->asked)
		be_like(c);
	if (c->named && (row->n == 0 || row->c[0].name.p != NULL)) {
		to_columns(c, num);
		row = &c->row;
	}
	c->out.format->put(b, &c->out, row->c, row->n);
	buf_char(b, term(c));
	c->is->records++;
	return OK;
}

/* Records i to i + n - 1 of those that were taken. */
static void
add_direct(struct convert *c, const struct direct *d, size_t i, size_t n,
    struct buf *b)
{
	c->fits = true;
	if (!c->is->headed)
		head_line(c, b);
	direct_put(d, i, n, term(c), b, NULL);
	c->is->records += n;
}

int
convert_add(struct convert *c, const struct slice *rec, const uint64_t *num,
    size_t n, struct buf *b)
{
	bool tried = false, taken = false;
	size_t i, j, run, from = 0;	/* the first one taken */
	int r;

	for (i = 0; i < n; i += run) {
		if (c->direct != NULL && c->front == 0 && !tried) {
			tried = true;
			from = i;
			taken = direct_take(c->direct, rec + i, n - i);
		}
		run = taken && c->front == 0 ?
		    direct_run(c->direct, i - from, n - from) : 0;
		if (run > 0) {
			for (j = i; c->named && j < i + run; j++)
				if (direct_lacks(c->direct, j - from))
					tell_lacking(c, num[j]);
			add_direct(c, c->direct, i - from, run, b);
			continue;
		}
		run = 1;
		r = add_cells(c, rec[i], num[i], b);
		if (r != OK && r != LEFT_OUT)
			return r;
	}
	return OK;
}

/* The columns of a shape in the order in which records of it have them, those
   counted from the end last: how many have a place, all of these called as
   their names are written; or 0. */
static size_t
in_order(const struct convert *c, struct column *col)
{
	bool named = c->named || (c->out.format->traits & FMT_NAMED) != 0;
	size_t i, n = 0, end = 0;

	for (i = 0; i < c->in.ncol; i++) {
		if (c->in.col[i].pos == 0)
			continue;
		end += c->in.col[i].pos < 0;
		col[n++] = c->in.col[i];
	}
	for (i = 0; i < n; i++)
		if (col[i].pos != (int)i + (i < n - end ? 1 : -(int)n) ||
		    (named && col[i].name.n == 0))
			return 0;
	return n;
}

const struct column *
convert_takes(struct convert *c, size_t *n)
{
	const struct shape *in = &c->in;
	struct arena *a = c->opt->arena;
	struct column *col, *known;
	bool *again;
	size_t i;

	col = arena_zero(a, (in->ncol + in->ngiven + 1) * sizeof *col);
	*n = in->only ? in->ngiven : 0;
	for (i = 0; i < *n; i++)
		col[i].name = in->given[i];
	if ((in->format->traits & FMT_NAMED) == 0)
		*n = in_order(c, col);
	again = arena_zero(a, *n + 1);
	if (c->lists || (in->format->traits & FMT_SPARSE) != 0 ||
	    (c->named && columns_again(col, *n, again) > 0))
		return NULL;
	c->columns = direct_given(in, &c->out, col, *n, c->opt);
	if (c->columns == NULL)
		return NULL;
	c->known = known = arena_zero(a, *n * sizeof *known);
	for (i = 0; i < *n; i++) {
		known[i].name = col[i].name;
		known[i].pos = (int)i + 1;
	}
	return col;
}

bool
convert_fits(const struct convert *c)
{
	size_t i;

	if (c->front > 0)
		return false;
	if (!c->named || c->out.ncol == 0 || c->out.col == c->known)
		return true;
	for (i = 0; i < c->out.ncol; i++)
		if (i == direct_count(c->columns) ||
		    !slice_eq(c->out.col[i].name, c->known[i].name))
			return false;
	return i == direct_count(c->columns);
}

void
convert_columns(struct convert *c, const struct slice *const *col, size_t from,
    const struct slice *rec, size_t n, struct buf *b)
{
	direct_columns(c->columns, col, from, rec + from, n);
	if (c->named && c->out.ncol == 0) {
		c->out.col = c->known;
		c->out.ncol = direct_count(c->columns);
		c->out.closed = true;
	}
	add_direct(c, c->columns, 0, n, b);
}

void
convert_end(struct convert *c, struct buf *b)
{
	if (!c->is->headed)
		head_line(c, b);
}
