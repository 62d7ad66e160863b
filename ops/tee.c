/* tee - the batch into a file too, or into one for each value */
#include "mbatch.h"
#include "lib/base/signal.h"
#include "lib/number/number.h"
#include "lib/run/args.h"
#include "lib/time/time.h"
#include "lib/write/encode.h"
#include "lib/write/files.h"

enum {
	WAITING = 1024 * 1024,	/* bytes in all that wait to be written */
	NAME = 1024		/* of a time in FILE at most */
};

/* FILE, cut into what stays, strftime's, %N, %K and {FIELD}. */
struct piece {
	enum { TEXT, TIME, NUMBER, KEY, FIELD } is;
	char *text;
	struct field field;
	size_t col;
};

struct conf {
	struct piece *piece;
	size_t n;
	bool append, local;
	bool numbered, fields, timed;
	uint64_t seed;
	struct claims *claims;
	unsigned order;
	struct encode *encode;
};

struct state {
	struct files files;
	uint64_t batch;		/* the last one that came, 0: none */
	struct buf epoch, next;	/* the name but for its fields, of that batch
				   and of another one */
	struct buf name;
	size_t waiting;		/* bytes in all files' bufs */
};

static int
add_field(struct conf *c, struct args *a, struct slice name)
{
	struct piece *p = &c->piece[c->n++];
	const char *why;

	if (name.n == 0)
		return args_fail(a, "FILE: {} names no field");
	p->is = FIELD;
	c->fields = true;
	why = field_parse(&p->field, arena_copy(a->arena, name), true,
	    a->arena);
	/* The braces that some names need are there. */
	if (why != NULL && strstr(why, "in braces") != NULL)
		why = field_parse(&p->field, slice_str(arena_printf(a->arena,
		    ".%.*s", (int)name.n, name.p)), true, a->arena);
	if (why != NULL)
		return args_fail(a, "field %s: %s",
		    diag_quote(name.p, name.n), why);
	p->field.text = arena_str(a->arena, name);
	return OK;
}

/* Text up to %N, %K or a brace, which strftime reads if it has a %. */
static int
add_text(struct conf *c, struct args *a, struct slice text)
{
	struct piece *p = &c->piece[c->n++];
	const char *s;
	char buf[NAME];

	p->text = arena_str(a->arena, text);
	p->is = memchr(text.p, '%', text.n) == NULL ? TEXT : TIME;
	if (p->is == TIME &&
	    time_format(buf, sizeof buf, p->text, 0, false) == 0)
		return args_fail(a, "%s is no name with a time",
		    diag_quote(text.p, text.n));
	for (s = p->text; (s = strchr(s, '%')) != NULL && s[1] == '%'; s += 2)
		;
	c->timed |= s != NULL;	/* not of %% alone */
	return OK;
}

static int
parse_name(struct conf *c, struct args *a, const char *s)
{
	const char *whole = s;
	size_t n;
	int r = OK;

	if (*s == '\0')
		return args_fail(a, "FILE must not be empty");
	c->piece = arena_zero(a->arena, (strlen(s) + 1) * sizeof *c->piece);
	for (; *s != '\0' && r == OK; s += n) {
		for (n = 0; s[n] != '\0' && s[n] != '{' && !(s[n] == '%' &&
		    (s[n + 1] == 'N' || s[n + 1] == 'K')); )
			n += s[n] == '%' && s[n + 1] != '\0' ? 2 : 1;
		if (n > 0) {
			r = add_text(c, a, (struct slice){ s, n });
		} else if (*s == '%') {
			n = 2;
			c->numbered |= s[1] == 'N';
			c->piece[c->n++].is = s[1] == 'N' ? NUMBER : KEY;
			if (s[1] == 'K' && !a->opt->keyed)
				return args_fail(a, "%%K is the batch's key, "
				    "and batches have one with -k or -p");
		} else {
			n = strcspn(s, "}") + 1;
			if (s[n - 1] == '\0')
				return args_fail(a, "%s: a { without its }",
				    whole);
			r = add_field(c, a, (struct slice){ s + 1, n - 2 });
		}
	}
	return r;
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w;

	c->local = a->opt->local;
	c->seed = a->opt->seed;
	c->claims = a->opt->claims;
	c->order = c->claims->writers++;
	if ((w = args_need(a, "FILE")) == NULL)
		return FAIL;
	if (!files_claim(a->opt, w) && (!c->append || a->opt->exact))
		return args_fail(a, "an earlier tee makes %s%s",
		    diag_quote(w, strlen(w)), a->opt->exact ? "" :
		    "; -a adds to it");
	return parse_name(c, a, w);
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;
	size_t i;

	if (c->timed && b->opt->regular && !b->opt->event_time)
		return bind_fail(b, "a time in FILE is the clock's, and a "
		    "regular file is not read as it is written: -w 1h -T FIELD "
		    "goes by the records' own time");
	for (i = 0; i < c->n; i++)
		if (c->piece[i].is == FIELD && bind_want(b,
		    &c->piece[i].field, WANT_KEY, &c->piece[i].col) != OK)
			return FAIL;
	c->encode = encode_new(b->in, b->header, b->opt,
	    ENCODE_PLAIN | (b->last ? ENCODE_RESULT : 0));
	return OK;
}

static void
init(void *vs, const void *vc, struct arena *a)
{
	const struct conf *c = vc;
	struct state *s = vs;

	files_init(&s->files, c->claims, c->order, "tee", c->append, c->seed);
	s->files.once = c->numbered && !c->append;
	signal_keep_pipe();		/* files are finished first */
}

/* A value as part of a name: in one folder, never hidden, never none. */
static void
put_value(struct buf *b, struct slice value)
{
	size_t dot = b->n > 0 && b->p[b->n - 1] == '.', n = b->n - dot;
	bool first = n == 0 || b->p[n - 1] == '/';
	size_t i;

	if (value.n == 0)
		buf_char(b, '_');
	for (i = 0; i < value.n; i++) {
		char ch = value.p[i];

		if (ch == '/' || ch == '\0' || (i == 0 && first && ch == '.'))
			ch = '_';
		buf_char(b, ch);
	}
}

/* Pieces of the name for this batch; v NULL: without what makes a file of
   each value. */
static void
put_name(struct buf *b, const struct conf *c, const struct batch *batch,
    const struct vec *v, size_t i)
{
	const struct piece *p;

	b->n = 0;
	for (p = c->piece; p < c->piece + c->n; p++) {
		if (p->is == TEXT)
			buf_str(b, p->text);
		else if (p->is == TIME)
			b->n += time_format(buf_room(b, NAME), NAME, p->text,
			    batch->opened, c->local);
		else if (p->is == NUMBER)
			b->n += number_put_u64(buf_room(b, NUMBER_MAX),
			    batch->number);
		else if (v != NULL)
			put_value(b, p->is == KEY ? batch->key :
			    v->col[p->col][i]);
		else
			buf_char(b, '/');
	}
}

/* The first that is seen of a batch: files of another time are whole now. */
static int
begin_batch(struct state *s, const struct conf *c, const struct batch *b)
{
	struct buf was = s->epoch;

	if (s->batch == b->number)
		return OK;
	s->batch = b->number;
	put_name(&s->next, c, b, NULL, 0);
	s->epoch = s->next;
	s->next = was;
	if (slice_eq(buf_text(&was), buf_text(&s->epoch)))
		return OK;
	return files_finish(&s->files, false);
}

static int
add_run(struct state *s, const struct conf *c, const struct vec *v,
    size_t from, size_t n)
{
	struct file *f = files_get(&s->files, buf_text(&s->name));
	size_t had;
	int r;

	if (f == NULL)
		return FAIL;
	had = f->buf.n;
	encode_begin(c->encode, !f->headed);
	r = encode_add(c->encode, v, from, n, &f->buf);
	if (!f->headed)
		f->head = encode_head(c->encode);
	f->headed = f->headed || f->head > 0;
	files_touch(&s->files, f);
	s->waiting += f->buf.n - had;
	if (s->waiting < WAITING || r == FAIL)
		return r;
	s->waiting = 0;
	return files_write(&s->files) == OK ? r : FAIL;
}

/* How many records from i on, before end, have the same values. */
static size_t
same_values(const struct conf *c, const struct vec *v, size_t i, size_t end)
{
	const struct piece *p;
	size_t n;

	for (n = 1; i + n < end; n++)
		for (p = c->piece; p < c->piece + c->n; p++)
			if (p->is == FIELD && !slice_eq(v->col[p->col][i],
			    v->col[p->col][i + n]))
				return n;
	return n;
}

static int
push(void *vs, const void *vc, const struct vec *v, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;
	size_t i, n, end;
	int r = OK, below = emit_run(e, v, 0, v->n);

	end = emit_counted(e, v);
	if (begin_batch(s, c, v->batch) != OK)
		return FAIL;
	for (i = 0; i < end && r == OK; i += n) {
		n = c->fields ? same_values(c, v, i, end) : end;
		put_name(&s->name, c, v->batch, v, i);
		r = add_run(s, c, v, i, n);
	}
	return below == FAIL ? FAIL : r;
}

static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct conf *c = vc;
	struct state *s = vs;

	if (begin_batch(s, c, b) != OK)		/* nothing came of it */
		return FAIL;
	s->waiting = 0;
	return c->numbered ? files_finish(&s->files, true) :
	    files_write(&s->files);
}

/* Whatever ended the run: what was written gets its name. */
static int
end(void *vs, const void *vc, struct emit *e, bool ok)
{
	return files_finish(&((struct state *)vs)->files, true);
}

static void
fini(void *vs, const void *vc)
{
	struct state *s = vs;

	files_free(&s->files);
	buf_free(&s->epoch);
	buf_free(&s->next);
	buf_free(&s->name);
}

const struct op op_tee = {
	.name = "tee",
	.args = "[-a] FILE",
	.makes = "kept",
	.help = "writes the batch to FILE too, whose name may have %N, times "
	    "and {FIELD}",
	.example = "tee -a all.log then count",
	.shows = "10\n",
	.flags = OP_FLAGS(
		FLAG("-a", append, "adds to a file that is there")),
	.see = "into",
	.also = "write save",
	.traits = OP_EFFECT,
	OP_SIZES,
	.parse = parse,
	.bind = bind,
	.init = init,
	.push = push,
	.flush = flush,
	.end = end,
	.fini = fini
};
