/* window.c - event-time windows: random lateness, order, silence, ends */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "mbatch.h"
#include "lib/run/window.h"
#include "lib/run/chain.h"
#include "lib/scan/scan.h"
#include "lib/write/out.h"

/* Windows of that width. */
#define GRID(w)	(&(struct time_grid){ .width = (w) })

#define S	INT64_C(1000000000)

static struct arena arena;
static struct diag diag;
static uint64_t state = 88172645463325252u;

static uint64_t
below(uint64_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % n;
}

static void
fail(const char *what, long long got, long long want)
{
	printf("window: %s: %lld, not %lld\n", what, got, want);
	exit(1);
}

/* A chain under the windows, its output in a file. */
struct rig {
	struct options opt;
	struct chain chain;
	struct badness bad;
	struct out out;
	struct shape shape;
	struct instance *tail;
	struct windows w;
	uint64_t batches, empty, records, late;
	int64_t last_end;
	uint64_t reasons[BY_SIGNAL + 1];
};

static void
rig_open(struct rig *r, const char *const *words, int64_t width, int64_t late,
    bool live)
{
	char **argv = mem_zero(16 * sizeof *argv);
	size_t i;

	memset(r, 0, sizeof *r);
	for (i = 0; words[i] != NULL; i++)
		argv[i] = arena_str(&arena, slice_str(words[i]));
	r->opt = (struct options){ .term = '\n', .arena = &arena,
	    .diag = &diag, .input = format_find("text"), .event_time = true };
	if (chain_parse(&r->chain, argv, &r->opt) != OK)
		fail("the chain", 0, 1);
	free(argv);
	r->bad.tally = tally_new(&diag, &arena, "bad");
	r->opt.bad = &r->bad;
	r->chain.out = &r->out;
	shape_init(&r->shape, r->opt.input, NULL, 0);
	out_init(&r->out, fileno(tmpfile()), &r->opt);
	if (chain_bind(&r->chain, &r->shape, (struct slice){ NULL, 0 }) != OK)
		fail("bind", 0, 1);
	out_bind(&r->out, chain_shape(&r->chain, &r->shape),
	    (struct slice){ NULL, 0 });
	r->tail = instance_new(&r->chain, r->chain.head, r->chain.n, NULL);
	windows_init(&r->w, GRID(width), late, live, &r->opt);
	windows_bind(&r->w, &r->chain, r->tail);
	r->last_end = INT64_MIN;
}

static void
rig_close(struct rig *r)
{
	windows_free(&r->w);
	instance_free(r->tail);
	chain_free(&r->chain);
	close(r->out.fd);
	out_free(&r->out);
}

/* Takes all batches that are due, and holds them to the promises. */
static void
close_due(struct rig *r)
{
	const struct batch *b;

	for (;;) {
		if (windows_close(&r->w, &b) != OK)
			fail("close", 0, 1);
		if (b == NULL)
			return;
		if (b->number != ++r->batches)
			fail("number", (long long)b->number,
			    (long long)r->batches);
		if (b->reason != BY_FLUSH && r->last_end != INT64_MIN &&
		    b->opened != r->last_end)
			fail("window's start", b->opened, r->last_end);
		if (b->reason != BY_FLUSH)
			r->last_end = b->closed;
		r->reasons[b->reason]++;
		r->records += b->records;
		r->empty += b->records == 0;
		if (instance_flush(r->tail, b) != OK ||
		    out_batch(&r->out) != OK)
			fail("flush", 0, 1);
	}
}

static void
feed(struct rig *r, const int64_t *ns, size_t n, int64_t mono, int64_t clock)
{
	static struct slice rec[VEC_MAX];
	static uint64_t num[VEC_MAX], next;
	struct vec v = { .rec = rec, .num = num };
	bool close;
	size_t i;

	for (i = 0; i < n; i++) {
		rec[i] = SLICE("record");
		num[i] = ++next;
	}
	for (i = 0; i < n; i += v.n, v.rec = rec + i, v.num = num + i) {
		v.n = windows_cut(&r->w, ns + i, n - i, mono, clock, &close);
		if (v.n > 0 && windows_push(&r->w, &v, ns + i) != OK)
			fail("push", 0, 1);
		if (close)
			close_due(r);
		else if (v.n != n - i)
			fail("cut", (long long)v.n, (long long)(n - i));
	}
}

/* The output's bytes. */
static size_t
size_of(struct rig *r)
{
	return (size_t)lseek(r->out.fd, 0, SEEK_END);
}

/* Random walks with random lateness: all records in exactly one window, every
   window once and in order, late ones counted; the model is a plain count. */
static void
check_random(const char *const *words, bool streams)
{
	static const int64_t lates[] = { 0, 1, 3 * S, 10 * S, 100 * S,
		LATE_ALL };
	int64_t ns[300], now, late, width, newest, mark;
	uint64_t want_late, total;
	struct rig r;
	int round, k;
	size_t i, n;

	for (round = 0; round < 120; round++) {
		late = lates[below(6)];
		width = (int64_t)(1 + below(5)) * S;
		rig_open(&r, words, width, late, false);
		now = (int64_t)below(1000) * S - 500 * S;
		newest = INT64_MIN;
		want_late = total = 0;
		for (k = 0; k < 20; k++) {
			n = 1 + below(300);
			for (i = 0; i < n; i++) {
				now += (int64_t)below(S / 5);
				if (below(200) == 0)
					now += (int64_t)below(40) * S;
				ns[i] = now - (int64_t)below(
				    below(3) == 0 ? 12 * S : 1);
				if (ns[i] > newest)
					newest = ns[i];
				mark = newest - (late == LATE_ALL ? 0 : late);
				want_late += late != LATE_ALL && ns[i] <
				    time_floor(mark, GRID(width), false);
			}
			feed(&r, ns, n, 0, 0);
			total += n;
		}
		windows_end(&r.w, BY_EOF);
		close_due(&r);
		if (r.records != total)
			fail("records", (long long)r.records,
			    (long long)total);
		if (r.w.overdue->n != want_late)
			fail("late", (long long)r.w.overdue->n,
			    (long long)want_late);
		if (streams && size_of(&r) != total * 7)
			fail("bytes", (long long)size_of(&r),
			    (long long)total * 7);
		rig_close(&r);
	}
}

/* Silence closes windows by the monotonic clock, if the log is live. */
static void
check_silence(void)
{
	static const char *const none[] = { NULL };
	const int64_t t = 1700000000 * S;
	int64_t ns = t;
	struct rig r;

	rig_open(&r, none, 10 * S, 0, true);
	if (windows_deadline(&r.w) != INT64_MAX || windows_silent(&r.w, 5))
		fail("silence before the first record", 0, 1);
	feed(&r, &ns, 1, 7 * S, t + 59 * S);
	if (windows_deadline(&r.w) != 17 * S)
		fail("deadline", windows_deadline(&r.w), 17 * S);
	if (windows_silent(&r.w, 17 * S - 1))
		fail("silent too early", 1, 0);
	if (!windows_silent(&r.w, 17 * S))
		fail("silent", 0, 1);
	close_due(&r);
	if (r.batches != 1 || windows_deadline(&r.w) != 27 * S)
		fail("deadline", windows_deadline(&r.w), 27 * S);
	if (!windows_silent(&r.w, 48 * S))
		fail("silent", 0, 1);
	close_due(&r);
	if (r.batches != 4 || r.empty != 3)
		fail("empty windows", (long long)r.empty, 3);
	/* An hour of it closes no more than may be empty in a row. */
	if (!windows_silent(&r.w, 7 * S + 200000 * S))
		fail("silent", 0, 1);
	close_due(&r);
	if (r.empty != WINDOWS_EMPTY || windows_deadline(&r.w) != INT64_MAX)
		fail("empty in a row", (long long)r.empty, WINDOWS_EMPTY);
	/* A record of before that is late, and in the oldest. */
	ns = t + 20 * S;
	r.last_end = INT64_MIN;
	feed(&r, &ns, 1, 300000 * S, t + 300000 * S);
	windows_end(&r.w, BY_EOF);
	close_due(&r);
	if (r.records != 2 || r.w.overdue->n != 1)
		fail("late after silence", (long long)r.w.overdue->n, 1);
	rig_close(&r);

	rig_open(&r, none, 10 * S, 0, true);	/* an old log */
	ns = t;
	feed(&r, &ns, 1, 7 * S, t + 61 * S);
	if (windows_deadline(&r.w) != INT64_MAX)
		fail("an old log's deadline", 0, 1);
	rig_close(&r);
	rig_open(&r, none, 10 * S, 0, false);	/* a file */
	feed(&r, &ns, 1, 7 * S, t);
	if (windows_deadline(&r.w) != INT64_MAX)
		fail("a file's deadline", 0, 1);
	rig_close(&r);
	rig_open(&r, none, 10 * S, 5 * S, true);	/* lateness */
	feed(&r, &ns, 1, 7 * S, t);
	if (windows_deadline(&r.w) != 12 * S || !windows_silent(&r.w, 12 * S))
		fail("deadline", windows_deadline(&r.w), 12 * S);
	close_due(&r);			/* the one before has nothing */
	if (r.batches != 0 || windows_deadline(&r.w) != 22 * S)
		fail("deadline", windows_deadline(&r.w), 22 * S);
	rig_close(&r);
}

static void
check_flush(void)
{
	static const char *const words[] = { "count", NULL };
	int64_t ns[] = { 100 * S, 5 * S, 101 * S }, more[] = { 3 * S, 95 * S };
	struct rig r;

	rig_open(&r, words, 10 * S, 1000 * S, false);
	feed(&r, ns, 3, 0, 0);
	windows_flush(&r.w);
	close_due(&r);
	if (r.batches != 2 || r.reasons[BY_FLUSH] != 2 || r.records != 3)
		fail("flushed", (long long)r.batches, 2);
	windows_flush(&r.w);
	close_due(&r);
	if (r.batches != 2)
		fail("flushed again", (long long)r.batches, 2);
	feed(&r, more, 2, 0, 0);
	windows_end(&r.w, BY_SIGNAL);
	close_due(&r);
	if (r.records != 5 || r.reasons[BY_WINDOW] != 10 ||
	    r.reasons[BY_SIGNAL] != 0)
		fail("after the flush", (long long)r.reasons[BY_WINDOW], 10);
	rig_close(&r);
}

int
main(void)
{
	static const char *const none[] = { NULL },
	    *const count[] = { "count", NULL },
	    *const held[] = { "sort", "then", "head", "5000", "then", "stamp",
		"time", NULL };

	scan_init();
	/* What is told of late records is not looked at. */
	if (freopen("/dev/null", "w", stderr) == NULL)
		return 1;
	check_random(none, true);
	check_random(count, false);
	check_random(held, false);
	check_silence();
	check_flush();
	arena_free(&arena);
	return 0;
}
