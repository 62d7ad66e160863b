/* batcher.c - what time does to batches, by times made up */
#include <stdio.h>
#include <string.h>

#include "mbatch.h"
#include "lib/read/batcher.h"

#define S	INT64_C(1000000000)

static int
wrong(const char *what, int64_t got, int64_t want)
{
	printf("batch: %s: %lld, not %lld\n", what, (long long)got,
	    (long long)want);
	return 1;
}

static int
check_window(const struct batcher *b, int64_t opened, int64_t closed)
{
	if (!b->cur.window || b->cur.opened != opened)
		return wrong("opened", b->cur.opened, opened);
	return b->cur.closed == closed ? 0 :
	    wrong("closed", b->cur.closed, closed);
}

/* The clock goes on, stands still, jumps ahead, and is set back an hour. */
static int
clock_windows(void)
{
	const struct limits lim = { .window.width = 10 * S };
	const int64_t t = 1700000000 * S;
	static struct batcher b;

	batch_init(&b, &lim);
	batch_start(&b, t + 3 * S);
	if (check_window(&b, t, t + 10 * S) != 0)
		return 1;
	if (batch_expired(&b, 0, t + 10 * S - 1))
		return wrong("expired early", 1, 0);
	if (batch_deadline(&b, 100, t + 4 * S) != 100 + 6 * S)
		return wrong("deadline", batch_deadline(&b, 100, t + 4 * S),
		    100 + 6 * S);
	if (!batch_expired(&b, 0, t + 10 * S) || b.cur.reason != BY_WINDOW)
		return wrong("expired", 0, 1);
	batch_next(&b, t + 10 * S);
	if (check_window(&b, t + 10 * S, t + 20 * S) != 0)
		return 1;

	/* Windows pass while a write is blocked. */
	if (!batch_expired(&b, 0, t + 57 * S))
		return wrong("expired", 0, 1);
	batch_next(&b, t + 57 * S);
	if (check_window(&b, t + 50 * S, t + 60 * S) != 0)
		return 1;

	/* Set back: the window goes on until the clock is past it again. */
	if (batch_expired(&b, 0, t - 3600 * S))
		return wrong("expired by a clock set back", 1, 0);
	batch_add(&b, 1, 10, 1, 5, t - 3600 * S);
	if (check_window(&b, t + 50 * S, t + 60 * S) != 0)
		return 1;
	b.cur.reason = BY_WINDOW;	/* closed as the clock is set back */
	batch_next(&b, t - 3600 * S);
	return check_window(&b, t + 60 * S, t + 70 * S);
}

/* A batch cut by another limit leaves its window open. */
static int
cut_window(void)
{
	const struct limits lim = { .window.width = 10 * S, .records = 2 };
	const struct slice rec[3] = { SLICE("a"), SLICE("b"), SLICE("c") };
	static struct batcher b;
	bool close;

	batch_init(&b, &lim);
	batch_start(&b, 0);
	if (batch_cut(&b, rec, 3, &close) != 2 || !close ||
	    b.cur.reason != BY_RECORDS)
		return wrong("cut", 0, 2);
	batch_add(&b, 2, 4, 1, 0, 0);
	batch_next(&b, 3 * S);
	if (b.cur.number != 2 || b.cur.records != 0)
		return wrong("number", (int64_t)b.cur.number, 2);
	return check_window(&b, 0, 10 * S);
}

/* A limit of centuries closes nothing, however long the machine is up. */
static int
far_deadline(void)
{
	const struct limits lim = { .timeout = INT64_MAX, .gap = INT64_MAX };
	static struct batcher b;

	batch_init(&b, &lim);
	batch_add(&b, 1, 2, 1, 5 * S, 0);
	return batch_deadline(&b, 6 * S, 0) == INT64_MAX ? 0 :
	    wrong("far deadline", batch_deadline(&b, 6 * S, 0), INT64_MAX);
}

static int
spans(void)
{
	const int64_t ns[] = { 50, -7, 20 };
	const struct limits lim = { .all = true };
	static struct batcher b;

	batch_init(&b, &lim);
	batch_add(&b, 2, 4, 1, 0, 0);
	batch_times(&b.cur, ns, 2);
	batch_add(&b, 1, 4, 3, 0, 0);
	batch_times(&b.cur, ns + 2, 1);
	if (b.cur.from != -7 || b.cur.to != 50)
		return wrong("times", b.cur.to - b.cur.from, 57);
	batch_next(&b, 0);
	batch_add(&b, 1, 4, 4, 0, 0);
	batch_times(&b.cur, ns + 2, 1);
	return b.cur.from == 20 && b.cur.to == 20 ? 0 :
	    wrong("times", b.cur.to, 20);
}

int
main(void)
{
	return clock_windows() != 0 || cut_window() != 0 ||
	    far_deadline() != 0 || spans() != 0;
}
