/* pieces.c - long lines of states as several short ones: see pieces.h */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/agg/partial.h"
#include "lib/agg/sketch-text.h"
#include "lib/base/hash.h"

enum { KEY = 200, FRONT = 180, ID = 8, NUMBER = 8, CHECK = 6,
	HEAD = ID + 2 * NUMBER + 3 };	/* of the words: ID AT OF, blanks */

struct assembly {
	char *text;			/* NULL: it was whole */
	size_t n, have;
	struct buf lines;		/* as they came, where they may have to
					   go on so */
};

void
pieces_free(struct pieces *p)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		free(p->of[i].text);
		buf_free(&p->of[i].lines);
	}
	free(p->of);
	table_free(p->ids);
	buf_free(&p->text);
	buf_free(&p->line);
	buf_free(&p->whole);
}

/* A hash as ID characters. */
static void
put_id(struct buf *b, uint64_t hash)
{
	for (int i = 0; i < ID; i++, hash >>= 6)
		text_six(b, (unsigned)(hash & 63));
}

/* What all its lines begin with; the text that is cut goes to p->text. */
static void
begin(struct pieces *p, struct slice line, size_t at, uint64_t id)
{
	bool cut = at - 1 > KEY;
	struct buf *b = &p->line;

	p->text.n = b->n = 0;
	buf_add(b, line.p, cut ? FRONT : at - 1);
	if (cut) {
		buf_str(b, "\\~");
		put_id(b, hash_bytes(line.p, at - 1, 0));
		text_number(&p->text, at - 1);
		text_bytes(&p->text, (struct slice){ line.p, at - 1 });
		buf_char(&p->text, ' ');
	}
	buf_add(&p->text, line.p + at, line.n - at);
	buf_str(b, cut ? "\t" PARTIAL_VERSION " k " :
	    "\t" PARTIAL_VERSION " c ");
	put_id(b, id);
}

int
pieces_emit(struct pieces *p, struct slice line, size_t at, uint64_t salt,
    struct emit *e)
{
	size_t from, n, room, head;
	struct buf *b = &p->line;
	char where[2 * NUMBER + 4];
	int r = OK;

	if (line.n <= PIECES_LINE && at - 1 <= KEY)
		return emit_bytes(e, line, 0);
	if (line.n > UINT32_MAX / 2)
		diag_die(EXIT_RUN, "a state of more than two gigabytes");
	begin(p, line, at, hash_bytes(line.p, line.n, salt + p->written++));
	head = b->n;
	room = PIECES_LINE - head - (HEAD - ID) - CHECK - 1;
	for (from = 0; from < p->text.n && r == OK; from += n) {
		n = p->text.n - from < room ? p->text.n - from : room;
		snprintf(where, sizeof where, " %08x %08x ", (unsigned)from,
		    (unsigned)p->text.n);
		b->n = head;
		buf_str(b, where);
		buf_add(b, p->text.p + from, n);
		buf_char(b, ' ');
		text_close(b, 0);
		r = emit_bytes(e, buf_text(b), 0);
	}
	return r;
}

/* NUMBER hexadecimal digits and a blank, as they were written. */
static bool
get_hex(struct slice *s, size_t *n)
{
	static const char digits[] = "0123456789abcdef";
	const char *d;
	size_t i;

	*n = 0;
	for (i = 0; i < NUMBER; i++) {
		d = memchr(digits, s->p[i], 16);
		if (d == NULL)
			return false;
		*n = *n << 4 | (size_t)(d - digits);
	}
	s->p += NUMBER + 1;
	s->n -= NUMBER + 1;
	return true;
}

/* The line that the pieces of a were made of. */
static bool
put_together(struct pieces *p, const struct line *l, struct assembly *a)
{
	struct text_reader r = { a->text, a->text + a->n, false };
	struct buf *b = &p->whole;

	b->n = 0;
	if (l->kind == 'k') {
		text_get_text(&r, b);
		if (r.bad || r.p == r.end || *r.p++ != ' ')
			return false;
	} else {
		buf_slice(b, l->key);
	}
	buf_char(b, '\t');
	buf_add(b, r.p, (size_t)(r.end - r.p));
	return true;
}

/* What the piece's line was cut from, as far as it came. */
static struct assembly *
find(struct pieces *p, struct slice id, size_t of, uint64_t seed)
{
	struct assembly *a;
	uint32_t i;

	if (p->ids == NULL)
		p->ids = table_new(seed);
	table_find(p->ids, &id, 1, 0, &i);
	if (i < p->n)
		return &p->of[i];
	p->of = mem_reserve(p->of, &p->cap, p->n + 1, sizeof *p->of);
	a = &p->of[p->n++];
	*a = (struct assembly){ .text = mem_alloc(of), .n = of };
	p->left++;
	return a;
}

bool
pieces_take(struct pieces *p, const struct line *l, const struct options *o,
    size_t max, struct slice *whole)
{
	struct slice s = l->words, id = { s.p, ID };
	struct assembly *a;
	size_t at, of;
	bool good;

	*whole = (struct slice){ NULL, 0 };
	if (s.n <= HEAD)
		return false;
	s.p += ID + 1;
	s.n -= ID + 1;
	if (!get_hex(&s, &at) || !get_hex(&s, &of) || of > max || at > of ||
	    s.n > of - at)
		return false;
	a = find(p, id, of, o->seed);
	if (a->text == NULL || a->n != of || s.n > of - a->have)
		return false;		/* it came before */
	memcpy(a->text + at, s.p, s.n);
	a->have += s.n;
	if (o->partial) {
		buf_slice(&a->lines, l->text);
		buf_char(&a->lines, o->term);
	}
	if (a->have < a->n)
		return true;
	good = put_together(p, l, a);
	free(a->text);
	a->text = NULL;
	buf_free(&a->lines);
	if (--p->left == 0) {
		table_reset(p->ids);
		p->n = 0;
	}
	*whole = buf_text(&p->whole);
	return good;
}

void
pieces_rest(const struct pieces *p, struct buf *out)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		buf_add(out, p->of[i].lines.p, p->of[i].lines.n);
}
