/* beside.c - a table from a file: rows that are looked up by keys */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mbatch.h"
#include "lib/base/fd.h"
#include "lib/base/hash.h"
#include "lib/format/fmt.h"
#include "lib/format/lookup.h"
#include "lib/format/nets.h"
#include "lib/read/join.h"
#include "lib/run/beside.h"
#include "lib/run/keys.h"
#include "lib/scan/scan.h"

struct beside {
	struct beside_want want;
	const char *who;		/* in messages: "lookup: FILE" */
	struct arena arena;
	size_t users;
	bool once;			/* no regular file: it can't be read
					   anew */
	struct stat version;		/* as it was last looked at */
	bool gone;			/* and then it wasn't there: told */
	pthread_mutex_t lock;		/* of rows, and of their refs */
	struct beside_rows *rows;
	struct beside *next;
};

/* A file that is being read. */
struct load {
	const struct beside_want *want;
	const char *who;
	struct buf file;
	struct slice left;		/* of it */
	struct joining open;		/* the record that is not over before
					   that */
	struct shape shape;
	struct arena arena;
	struct take take;
	struct keys by;
	size_t *value;			/* columns of take */
	struct beside_rows *rows;
	size_t cap;			/* of rows.at */
	struct buf joined;
	size_t again, again_line;	/* rows whose key an earlier one has,
					   the first of them */
	struct slice rec[VEC_MAX];
};

/* Those that are open, all by the thread that the run begins with. */
static struct beside *opened;

static void
rows_free(struct beside_rows *r)
{
	if (r == NULL)
		return;
	table_free(r->keys);
	nets_free(r->nets);
	free(r->at);
	buf_free(&r->text);
	free(r);
}

static bool
same_version(const struct stat *a, const struct stat *b)
{
	return fd_same(a, b) && a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* All of the file, its last line with a newline. */
static int
read_file(struct beside *b, struct buf *to)
{
	int fd = open(b->want.file, O_RDONLY | O_CLOEXEC);
	struct stat *st = &b->version;
	int r;

	if (fd < 0 || fstat(fd, st) != 0) {
		diag_errno("%s", b->who);
		if (fd >= 0)
			(void)close(fd);
		return FAIL;
	}
	b->once = !S_ISREG(st->st_mode);
	if (!b->once && st->st_size > 0)
		(void)buf_room(to, (size_t)st->st_size + 64);
	r = fd_read_all(fd, to);
	if (r != OK)
		diag_errno("%s", b->who);
	(void)close(fd);
	if (to->n > 0 && to->p[to->n - 1] != '\n')
		buf_char(to, '\n');
	return r;
}

/* By the end of the file's name, else by its first line. */
static const struct format *
format_by(const char *name, struct slice text)
{
	static const struct {
		struct slice end;
		const struct format *format;
	} known[] = {
		{ { ".csv", 4 }, &format_csv }, { { ".tsv", 4 }, &format_tsv },
		{ { ".json", 5 }, &format_json },
		{ { ".jsonl", 6 }, &format_json },
		{ { ".ndjson", 7 }, &format_json }
	};
	size_t i, n = strlen(name);
	const char *end;

	for (i = 0; i < sizeof known / sizeof *known; i++)
		if (n > known[i].end.n && strcmp(name + n - known[i].end.n,
		    known[i].end.p) == 0)
			return known[i].format;
	text = skip_bom(text);
	end = text.n == 0 ? NULL : memchr(text.p, '\n', text.n);
	text.n = end == NULL ? 0 : (size_t)(end - text.p);
	if (text.n > 0 && *text.p == '{')
		return &format_json;
	return text.n > 0 && memchr(text.p, '\t', text.n) != NULL ?
	    &format_tsv : &format_csv;
}

/* The line that a record begins on. */
static size_t
line_of(const struct load *l, struct slice rec)
{
	const char *p = l->file.p;
	size_t n;

	for (n = 1; (p = memchr(p, '\n', (size_t)(rec.p - p))) != NULL; n++)
		p++;
	return n;
}

static int
load_fails(const struct load *l, struct slice rec, const char *why, size_t at)
{
	return diag_warn("%s, line %zu: %s at byte %zu", l->who,
	    line_of(l, rec), why, at + 1);
}

/* At most max lines more, as records, which may go on behind one. */
static size_t
read_lines(struct load *l, size_t max)
{
	const struct join quoted = { .shape = &l->shape, .max = SIZE_MAX };
	const char *end = l->left.p + l->left.n;
	size_t n, used;

	n = scan_records(l->left.p, l->left.n, '\n', l->rec, max, &used);
	l->open.next = l->left.p + used;
	if (l->shape.format->open != NULL) {
		n = join_lines(&quoted, l->rec, n, &l->open);
		if (l->open.next == end && l->open.begun != NULL)
			l->rec[n++] = join_end(&quoted, end, &l->open);
	}
	l->left.p = l->open.next;
	l->left.n = (size_t)(end - l->left.p);
	return n;
}

/* The next records, without the empty lines that are none. */
static size_t
next_records(struct load *l, size_t max)
{
	bool blanks = (l->shape.format->traits & FMT_BLANKS) != 0;
	size_t i, n, some = 0;

	while (some == 0 && l->left.n > 0) {
		n = read_lines(l, max);
		for (i = 0; i < n; i++)
			if (!blanks || strip_cr(l->rec[i]).n > 0)
				l->rec[some++] = l->rec[i];
	}
	return some;
}

/* The names of the columns, where the format has a line of them. */
static int
load_header(struct load *l)
{
	const struct format *f = format_by(l->want->file, l->left);
	const char *why;
	size_t at;

	shape_init(&l->shape, f, NULL, 0);
	if ((f->traits & FMT_HEADER) == 0 || !l->want->header) {
		l->left = skip_bom(l->left);
		return OK;
	}
	if (next_records(l, 1) == 0)
		return diag_warn("%s: it is empty, without a line of its "
		    "columns' names; -N: there is none", l->who);
	why = f->header(&l->shape, l->rec[0], &l->arena, &at);
	return why == NULL ? OK : load_fails(l, l->rec[0], why, at);
}

static bool
is_key(const struct load *l, const struct field *f)
{
	size_t i;

	for (i = 0; i < l->want->nkeys; i++)
		if (f->kind == FIELD_POS ? l->want->key[i].pos == f->pos :
		    slice_eq(l->want->key[i].name, f->name) ||
		    (l->want->key[i].kind == FIELD_POS &&
		    shape_field(&l->shape, &l->want->key[i]) ==
		    shape_column(&l->shape, f->name)))
			return true;
	return false;
}

static void
add_value(struct load *l, struct beside_want *w, struct slice name, size_t pos,
    struct arena *a)
{
	struct field f = { .kind = FIELD_NAME }, *grown;

	f.name = arena_copy(a, name);
	if (name.p == NULL) {
		f.kind = FIELD_POS;
		f.pos = (int)pos;
		f.name = slice_str(arena_printf(a, "%zu", pos));
	}
	f.text = arena_str(a, f.name);
	f.path = memcpy(arena_alloc(a, sizeof f.name), &f.name, sizeof f.name);
	f.npath = 1;
	if (is_key(l, &f))
		return;
	if ((w->nvalues & (w->nvalues - 1)) == 0) {
		grown = arena_alloc(a, (2 * w->nvalues + 1) * sizeof *grown);
		if (w->nvalues > 0)
			memcpy(grown, w->value, w->nvalues * sizeof *grown);
		w->value = grown;
	}
	w->value[w->nvalues++] = f;
}

/* All columns that are no keys: of the header, or of all records. */
static int
find_others(struct load *l, struct beside_want *w, struct arena *a)
{
	struct table *seen = table_new(w->seed);
	struct slice rest = l->left;
	struct cells c = { 0 };
	const char *why = NULL;
	size_t i, k, n, at, most = 0;
	uint32_t idx;

	for (i = 0; i < l->shape.ncol; i++)
		if (shape_column(&l->shape, l->shape.col[i].name) ==
		    &l->shape.col[i])
			add_value(l, w, l->shape.col[i].name, 0, a);
	while (l->shape.ncol == 0 && why == NULL &&
	    (n = next_records(l, VEC_MAX)) > 0)
		for (k = 0; k < n && why == NULL; k++) {
			why = l->shape.format->split(&l->shape, l->rec[k], &c,
			    &at);
			if (why != NULL)
				load_fails(l, l->rec[k], why, at);
			for (i = 0; why == NULL && i < c.n; i++)
				if (c.c[i].name.p != NULL)
					table_find(seen, &c.c[i].name, 1, 0,
					    &idx);
			most = c.n > most ? c.n : most;
		}
	for (i = 0; i < table_count(seen); i++)
		add_value(l, w, table_key(seen, i), 0, a);
	if (l->shape.ncol == 0 && i == 0)
		for (; i < most; i++)
			add_value(l, w, (struct slice){ NULL, 0 }, i + 1, a);
	table_free(seen);
	cells_free(&c);
	l->left = rest;
	return why == NULL ? OK : FAIL;
}

static int
want_columns(struct load *l)
{
	const struct beside_want *w = l->want;
	struct keys *k = &l->by;
	size_t i;
	int r = OK;

	k->field = w->key;
	k->n = w->nkeys;
	k->col = arena_zero(&l->arena, (w->nkeys + w->nvalues) *
	    sizeof *k->col);
	l->value = k->col + k->n;
	l->take.shape = &l->shape;
	for (i = 0; i < w->nkeys + w->nvalues && r == OK; i++)
		r = field_want(&l->take, &l->shape, i < w->nkeys ?
		    &w->key[i] : &w->value[i - w->nkeys], 0, l->who,
		    &k->col[i]);
	if (r != OK && w->header &&
	    (l->shape.format->traits & FMT_HEADER) != 0)
		diag_warn("%s: its first line was taken for the names of its "
		    "columns: if it is a row, give -N, and positions", l->who);
	if (r == OK)
		take_plan(&l->take, &l->arena);
	return r;
}

static void
add_row(struct load *l, size_t i)
{
	struct beside_rows *r = l->rows;
	size_t j, k = r->nrows * r->nvalues;
	struct slice v;

	r->at = mem_reserve(r->at, &l->cap, k + r->nvalues + 1,
	    sizeof *r->at);
	for (j = 0; j < r->nvalues; j++) {
		v = l->take.col[l->value[j]][i];
		r->at[k++] = 2 * r->text.n + (v.p == NULL);
		if (v.p != NULL)
			buf_slice(&r->text, v);
	}
	r->at[k] = 2 * r->text.n;
	r->nrows++;
}

/* Rows of a vector; of equal keys the first counts. */
static int
add_rows(struct load *l, size_t n)
{
	struct vec v = { .n = n, .rec = l->rec, .col = l->take.col };
	struct slice room[VEC_MAX], key[VEC_MAX];
	const struct slice *all = keys_join(&l->by, &v, &l->joined, room);
	uint32_t idx[VEC_MAX];
	uint16_t from[VEC_MAX];
	size_t i, j, some = 0;

	for (i = 0; i < n; i++) {
		for (j = 0; j < l->by.n; j++)
			if (v.col[l->by.col[j]][i].p == NULL)
				break;
		key[some] = all[i];
		from[some] = (uint16_t)i;
		some += j == l->by.n;
	}
	if (l->rows->nrows + some >= BESIDE_NONE)
		return diag_warn("%s: too many rows", l->who);
	if (l->rows->keys != NULL)
		table_find(l->rows->keys, key, some, 0, idx);
	for (i = 0; i < some; i++) {
		if (l->rows->keys == NULL && !nets_add(l->rows->nets, key[i],
		    (uint32_t)l->rows->nrows))
			return diag_warn("%s, line %zu: %s is no network",
			    l->who, line_of(l, l->rec[from[i]]),
			    diag_quote(key[i].p, key[i].n));
		if (l->rows->keys == NULL || idx[i] == l->rows->nrows)
			add_row(l, from[i]);
		else if (l->again++ == 0)
			l->again_line = line_of(l, l->rec[from[i]]);
	}
	return OK;
}

/* Positions, which formats don't tell of as they do of names. */
static void
see(struct want *w, size_t n)
{
	size_t i;

	for (i = 0; i < n && !w->seen; i++)
		w->seen = w->col[i].p != NULL;
}

/* What a record may have and none had; keys that came again. */
static int
load_check(struct load *l, struct slice text)
{
	const struct take *t = &l->take;
	size_t k;

	for (k = 0; k < t->n && text.n > 0; k++)
		if (!t->want[k].seen && (t->want[k].pos == 0 ||
		    l->shape.ncol == 0))
			return diag_warn("%s: no row has %s", l->who,
			    diag_quote(t->want[k].field->name.p,
			    t->want[k].field->name.n));
	if (l->rows->nets != NULL)
		l->again = nets_settle(l->rows->nets);
	if (l->again > 0 && l->rows->nets != NULL)
		diag_warn("%s: %zu network%s again: the first counts", l->who,
		    l->again, l->again == 1 ? " comes" : "s come");
	else if (l->again > 0)
		diag_warn("%s: %zu key%s again (line %zu): the first row "
		    "counts", l->who, l->again, l->again == 1 ? " comes" :
		    "s come", l->again_line);
	return OK;
}

static int
load_rows(struct load *l, struct beside_want *others, struct arena *a)
{
	struct slice text;
	size_t k, n;
	int r;

	l->left = buf_text(&l->file);
	if (load_header(l) != OK || (others != NULL &&
	    find_others(l, others, a) != OK) || want_columns(l) != OK)
		return FAIL;
	l->rows->nvalues = l->want->nvalues;
	text = l->left;
	for (r = OK; r == OK && (n = next_records(l, VEC_MAX)) > 0;) {
		take_run(&l->take, l->rec, n);
		if (l->take.nbad > 0)
			return load_fails(l, l->rec[l->take.bad[0].i],
			    l->take.bad[0].why, l->take.bad[0].at);
		for (k = 0; k < l->take.n; k++)
			see(&l->take.want[k], n);
		r = add_rows(l, n);
	}
	l->rows->hash = hash_bytes(l->file.p, l->file.n, 0);
	buf_free(&l->file);
	return r == OK ? load_check(l, text) : FAIL;
}

/* The file's rows, held once; NULL: told.  With others the columns wanted are
   found first. */
static struct beside_rows *
load(struct beside *b, bool others)
{
	struct load *l = mem_zero(sizeof *l);
	struct beside_rows *r = mem_zero(sizeof *r);
	bool ok;

	l->want = &b->want;
	l->who = b->who;
	l->rows = r;
	r->refs = 1;
	buf_char(&r->text, '\0');	/* what is empty lies somewhere */
	if (b->want.net)
		r->nets = nets_new();
	else
		r->keys = table_new(b->want.seed);
	ok = read_file(b, &l->file) == OK &&
	    load_rows(l, others ? &b->want : NULL, &b->arena) == OK;
	buf_free(&l->file);
	buf_free(&l->joined);
	take_free(&l->take);
	arena_free(&l->arena);
	free(l);
	if (ok)
		return r;
	rows_free(r);
	return NULL;
}

static void
close_beside(void *vb)
{
	struct beside *b = vb, **at = &opened;

	if (--b->users > 0)
		return;
	while (*at != b)
		at = &(*at)->next;
	*at = b->next;
	rows_free(b->rows);
	pthread_mutex_destroy(&b->lock);
	arena_free(&b->arena);
	free(b);
}

struct beside *
beside_open(struct beside_want *w, const char *who, struct arena *a)
{
	struct beside *b = opened;

	while (b != NULL && (strcmp(b->want.file, w->file) != 0 ||
	    strcmp(b->want.words, w->words) != 0))
		b = b->next;
	if (b == NULL) {
		b = mem_zero(sizeof *b);
		b->want = *w;
		b->who = arena_printf(&b->arena, "%s: %s", who, w->file);
		b->rows = load(b, w->others);
		if (b->rows == NULL) {
			arena_free(&b->arena);
			free(b);
			return NULL;
		}
		pthread_mutex_init(&b->lock, NULL);
		b->next = opened;
		opened = b;
	}
	w->value = b->want.value;
	w->nvalues = b->want.nvalues;
	b->users++;
	arena_defer(a, close_beside, b);
	return b;
}

/* Reads the file anew, if it has changed. */
static void
look_again(struct beside *b)
{
	struct beside_rows *fresh, *old;
	struct stat st;

	if (b->once)
		return;
	if (stat(b->want.file, &st) != 0) {
		if (!b->gone)
			diag_errno("%s: what was read before stays", b->who);
		b->gone = true;
		return;
	}
	b->gone = false;
	if (same_version(&st, &b->version))
		return;
	b->version = st;
	fresh = load(b, false);
	if (fresh == NULL) {
		diag_warn("%s: it has changed; what was read before stays",
		    b->who);
		return;
	}
	pthread_mutex_lock(&b->lock);
	old = b->rows;
	b->rows = fresh;
	pthread_mutex_unlock(&b->lock);
	beside_let(b, old);
}

struct beside_rows *
beside_rows(struct beside *b, bool again)
{
	struct beside_rows *r;

	if (again)
		look_again(b);
	pthread_mutex_lock(&b->lock);
	r = b->rows;
	r->refs++;
	pthread_mutex_unlock(&b->lock);
	return r;
}

void
beside_let(struct beside *b, struct beside_rows *r)
{
	size_t left;

	pthread_mutex_lock(&b->lock);
	left = --r->refs;
	pthread_mutex_unlock(&b->lock);
	if (left == 0)
		rows_free(r);
}

void
beside_find(const struct beside_rows *r, const struct slice *key, size_t n,
    uint32_t *row)
{
	if (r->nets != NULL)
		nets_find(r->nets, key, n, row);
	else
		table_look(r->keys, key, n, row);
}
