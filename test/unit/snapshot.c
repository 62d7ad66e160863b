/* snapshot.c - what is remembered is read as it was written, and nothing else
   is */
#include "lib/base/hash.h"
#include "test/unit/check.h"
#include "test/unit/rig.h"

static struct rig rig;

static const char *
restore(const char *words, const struct buf *b, size_t n)
{
	rig_open(&rig, words);
	return chain_restore(&rig.feed, (struct slice){ b->p, n });
}

static void
same(const char *words, struct buf *b)
{
	struct buf again = { 0 };
	const char *why = restore(words, b, b->n);

	CHECK(why == NULL, "%s: %s:\n%.*s", words, why, (int)b->n, b->p);
	chain_snapshot(&rig.feed, &again);
	CHECK(b->n == again.n && memcmp(b->p, again.p, b->n) == 0,
	    "%s: written:\n%.*sread:\n%.*s", words, (int)b->n, b->p,
	    (int)again.n, again.p);
	rig_records(&rig, rig_text[2]);
	CHECK(feed_end(&rig.feed, BY_EOF) == OK, "%s", words);
	rig_close(&rig);
	buf_free(&again);
}

/* Cut, or with a byte changed, it is told; with the check put right again it
   may be taken, and then works. */
static void
damaged(const char *words, struct buf *b)
{
	size_t at, i, from;
	char was;

	for (i = 0; i < 60; i++) {
		at = i == 0 ? 0 : i == 1 ? b->n - 1 : chance((unsigned)b->n);
		CHECK(restore(words, b, at) != NULL, "%s: cut at %zu", words,
		    at);
		rig_close(&rig);
		was = b->p[at];
		b->p[at] ^= 1;
		CHECK(restore(words, b, b->n) != NULL, "%s: changed at %zu",
		    words, at);
		rig_close(&rig);
		b->p[at] = was;
	}
	for (from = b->n - 1; b->p[from - 1] != '\n'; from--)
		;
	for (i = 0; i < 200; i++) {
		at = chance((unsigned)from);
		was = b->p[at];
		b->p[at] = i % 2 == 0 ? "0129\t\n-="[chance(8)] :
		    (char)(b->p[at] ^ 1 << chance(7));
		b->n = from;
		snapshot_check(b, 0);
		if (restore(words, b, b->n) == NULL) {
			rig_records(&rig, rig_text[2]);
			(void)feed_end(&rig.feed, BY_EOF);
		}
		rig_close(&rig);
		b->p[at] = was;
	}
	b->n = from;
	snapshot_check(b, 0);
}

/* Of b the n bytes at from are put instead, its check put right. */
static void
refused(const char *words, const struct buf *b, size_t from, size_t n,
    const char *put)
{
	struct buf other = { 0 };
	size_t end = b->n - 1;

	while (b->p[end - 1] != '\n')
		end--;
	buf_add(&other, b->p, from);
	buf_str(&other, put);
	buf_add(&other, b->p + from + n, end - from - n);
	snapshot_check(&other, 0);
	CHECK(restore(words, &other, other.n) != NULL, "%s: taken:\n%.*s",
	    words, (int)other.n, other.p);
	rig_close(&rig);
	buf_free(&other);
}

/* A stage's line is missing; a window's is where there are none. */
static void
odd_lines(const char *words, const struct buf *b)
{
	const char *p, *next, *end = b->p + b->n;

	for (p = b->p; p < end; p = next) {
		next = (const char *)memchr(p, '\n', (size_t)(end - p)) + 1;
		if (strncmp(p, "=stage", 6) == 0)
			refused(words, b, (size_t)(p - b->p),
			    (size_t)(next - p), "");
		if (strncmp(p, "=end", 4) == 0 && strstr(words, "-w") == NULL)
			refused(words, b, (size_t)(p - b->p), 0, "=window\t"
			    "60000000000\t1\t0\t0\t0\t0\t0\t0\t0\t\n");
	}
}

int
main(void)
{
	struct buf text[RIG_REMEMBERS] = { 0 };
	size_t i, k;

	diag_mute(true);
	for (i = 0; i < RIG_REMEMBERS; i++) {
		rig_open(&rig, rig_remembers[i]);
		for (k = 0; k < 2; k++)
			rig_records(&rig, rig_text[k]);
		chain_snapshot(&rig.feed, &text[i]);
		rig_close(&rig);
		same(rig_remembers[i], &text[i]);
		if (i > 0)
			CHECK(restore(rig_remembers[i], &text[i - 1],
			    text[i - 1].n) != NULL, "%s: of another chain",
			    rig_remembers[i]);
		if (i > 0)
			rig_close(&rig);
		odd_lines(rig_remembers[i], &text[i]);
		damaged(rig_remembers[i], &text[i]);
	}
	for (i = 0; i < RIG_REMEMBERS; i++)
		buf_free(&text[i]);
	return 0;
}
