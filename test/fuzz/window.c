/* window.c - event-time windows under any times, against a plain model */
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/run/window.h"
#include "lib/run/chain.h"
#include "lib/scan/scan.h"
#include "lib/write/out.h"

/* Windows of that width. */
#define GRID(w)	(&(struct time_grid){ .width = (w) })

enum { MOST = 512 };

/* What is known of the input, by the definitions alone. */
struct model {
	int64_t start[MOST];		/* of each record's window */
	size_t n, late;
	int64_t newest, mark;
	bool seen;
};

static void
model_add(struct model *m, int64_t ns, int64_t width, int64_t late)
{
	int64_t oldest, start;

	if (!m->seen || ns > m->newest)
		m->newest = ns;
	m->seen = true;
	start = time_floor(ns, GRID(width), false);
	if (late != LATE_ALL) {
		m->mark = m->newest < INT64_MIN + late ? INT64_MIN :
		    m->newest - late;
		oldest = m->mark == INT64_MIN ? INT64_MIN :
		    time_floor(m->mark, GRID(width), false);
		if (ns < oldest) {
			start = oldest;
			m->late++;
		}
	}
	m->start[m->n++] = start;
}

/* How many records the model has in the window at start. */
static uint64_t
model_count(const struct model *m, int64_t start)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < m->n; i++)
		n += m->start[i] == start;
	return n;
}

struct rig {
	struct arena arena;
	struct diag diag;
	struct options opt;
	struct chain chain;
	struct badness bad;
	struct out out;
	struct shape shape;
	struct windows w;
	uint64_t records, batches;
	int64_t last;
};

static void
close_due(struct rig *r, const struct model *m)
{
	const struct batch *b;

	for (;;) {
		if (windows_close(&r->w, &b) != OK)
			abort();
		if (b == NULL)
			return;
		if (b->number != ++r->batches ||
		    (r->batches > 1 && b->opened <= r->last))
			abort();
		if (b->records != model_count(m, b->opened))
			abort();
		r->last = b->opened;
		r->records += b->records;
		if (instance_flush(r->w.tail, b) != OK)
			abort();
		r->out.buf.n = 0;
	}
}

static void
feed(struct rig *r, struct model *m, const int64_t *ns, size_t n)
{
	static struct slice rec[MOST];
	static uint64_t num[MOST];
	struct vec v = { .rec = rec, .num = num };
	bool close;
	size_t i, k;

	for (i = 0; i < n; i++)
		rec[i] = SLICE("record");
	for (i = 0; i < n; i += v.n) {
		v.n = windows_cut(&r->w, ns + i, n - i, 0, 0, &close);
		if (!close && v.n != n - i)
			abort();
		if (v.n > 0 && windows_push(&r->w, &v, ns + i) != OK)
			abort();
		for (k = 0; k < v.n; k++)
			model_add(m, ns[i + k], r->w.grid.width, r->w.late);
		if (close)
			close_due(r, m);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Bytes: width, lateness, then one delta a record; 0 ends a vector. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const int64_t lates[] = { 0, 1, 5, 60, 100000, LATE_ALL };
	static struct model m;
	static struct rig r;
	static char *sort[] = { "sort", NULL }, *none[] = { NULL };
	int64_t ns[MOST], at = 0;
	size_t i, k = 0, total = 0;

	if (n < 3)
		return 0;
	scan_init();
	memset(&m, 0, sizeof m);
	memset(&r, 0, sizeof r);
	r.opt = (struct options){ .term = '\n', .arena = &r.arena,
	    .diag = &r.diag, .input = format_find("text"), .bad = &r.bad };
	if (chain_parse(&r.chain, p[2] & 1 ? sort : none, &r.opt) != OK)
		abort();
	r.bad.tally = tally_new(&r.diag, &r.arena, "bad");
	r.chain.out = &r.out;
	shape_init(&r.shape, r.opt.input, NULL, 0);
	out_init(&r.out, -1, &r.opt);
	if (chain_bind(&r.chain, &r.shape, (struct slice){ NULL, 0 }) != OK)
		abort();
	out_bind(&r.out, chain_shape(&r.chain, &r.shape),
	    (struct slice){ NULL, 0 });
	windows_init(&r.w, GRID(1 + p[0] % 50), lates[p[1] % 6], false, &r.opt);
	/* Only the first is told, and that is not wanted here. */
	r.w.overdue->n = r.w.skipped->n = 1;
	windows_bind(&r.w, &r.chain, instance_new(&r.chain, r.chain.head,
	    r.chain.n, NULL));
	for (i = 3; i < n && total < MOST; i++) {
		if (p[i] == 0) {
			feed(&r, &m, ns, k);
			k = 0;
			continue;
		}
		at += p[i] < 250 ? (int)p[i] % 25 - 8 : p[i] == 250 ? 300000 :
		    (p[i] - 251) * -700;
		ns[k++] = at;
		total++;
	}
	feed(&r, &m, ns, k);
	windows_end(&r.w, BY_EOF);
	close_due(&r, &m);
	if (r.records != total || r.w.overdue->n != m.late + 1)
		abort();
	instance_free(r.w.tail);
	windows_free(&r.w);
	chain_free(&r.chain);
	out_free(&r.out);
	arena_free(&r.arena);
	return 0;
}
