/* hold.c - what a stage keeps of a record until it emits it */
#include "lib/format/pack.h"
#include "lib/number/number.h"
#include "lib/run/carry.h"
#include "lib/run/chain.h"
#include "lib/run/emit.h"
#include "lib/run/hold.h"

/* Where columns go on, a byte says what follows: text; or each column's head,
   and its bytes or number, then the text if somebody wants it. */
enum { TEXT = 't', COLUMNS = 'c' };
enum kind { NONE, VALUE, TOKEN, NUMBER, KINDS };	/* length * KINDS +
							   kind is a head */

static void
put_value(struct buf *b, const struct values *c, size_t i)
{
	struct slice s = c->text[i];
	enum kind kind = s.p == NULL ? NONE :
	    c->token != NULL && c->token[i] ? TOKEN : VALUE;
	size_t head;

	if (s.p == number_only) {
		kind = NUMBER;
		s = (struct slice){ (const char *)&c->num[i],
		    sizeof c->num[i] };
	}
	if (s.p == NULL)
		s = SLICE("");
	head = s.n * KINDS + kind;
	buf_add(b, (const char *)&head, sizeof head);
	buf_slice(b, s);
}

void
hold_columns(struct buf *b, struct emit *e, const struct vec *v, size_t i)
{
	const struct link *l = e->stage->link;
	struct values c;
	size_t j;

	buf_char(b, e->carrying ? COLUMNS : TEXT);
	for (j = 0; e->carrying && j < l->n; j++) {
		c = emit_column(e, v, j);
		put_value(b, &c, i);
	}
	if (!e->carrying || l->records)
		buf_slice(b, v->rec[i]);
}

__attribute__((noinline)) static int
emit_held(struct slice held, uint64_t num, struct emit *e,
    const struct link *l)
{
	const char *p = held.p, *end = p + held.n;
	struct number x = { 0 };
	struct slice s;
	size_t head, j;

	if (*p++ == TEXT)
		return emit_slice(e, (struct slice){ p, (size_t)(end - p) },
		    num);
	if (emit_next(e) != OK)
		return e->status;
	for (j = 0; j < l->n; j++) {
		memcpy(&head, p, sizeof head);
		p += sizeof head;
		s = (struct slice){ p, head / KINDS };
		p += s.n;
		if (head % KINDS == NONE)
			s.p = NULL;
		if (head % KINDS == NUMBER) {
			memcpy(&x, s.p, sizeof x);
			s = (struct slice){ number_only, 1 };
		}
		emit_set(e, j, s, head % KINDS == TOKEN, &x);
	}
	s = (struct slice){ p, (size_t)(end - p) };
	if (!l->records)
		s.p = NULL;
	return emit_added(e, s, num);
}

int
hold_emit(struct slice held, uint64_t num, struct emit *e)
{
	const struct link *l = e->stage->link;

	return l == NULL ? emit_slice(e, held, num) :
	    emit_held(held, num, e, l);
}

/* Whether hold_emit finds what it looks for. */
static bool
well_held(struct slice held, const struct link *l)
{
	size_t head, j;

	if (held.n == 0 || (*held.p != TEXT && *held.p != COLUMNS))
		return false;
	if (*held.p++ == TEXT)
		return true;
	held.n--;
	for (j = 0; j < l->n; j++) {
		if (held.n < sizeof head)
			return false;
		memcpy(&head, held.p, sizeof head);
		held.p += sizeof head;
		held.n -= sizeof head;
		if (head / KINDS > held.n || (head % KINDS == NUMBER &&
		    head / KINDS != sizeof(struct number)))
			return false;
		held.p += head / KINDS;
		held.n -= head / KINDS;
	}
	return l->records || held.n == 0;
}

void
hold_restore(struct buf *b, struct unpack *u)
{
	struct slice held = unpack_there(u);

	u->bad |= u->link != NULL && !well_held(held, u->link);
	if (!u->bad)
		buf_slice(b, held);
}
