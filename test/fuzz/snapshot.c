/* snapshot.c - what is remembered, written and changed anywhere: it is refused,
   or works */
#include "test/unit/rig.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct rig rig;

/* What a chain remembers, without the last line. */
static const struct buf *
remembered(unsigned chain)
{
	static struct buf text[RIG_REMEMBERS];
	struct buf *b = &text[chain];

	if (b->n > 0)
		return b;
	rig_open(&rig, rig_remembers[chain]);
	rig_records(&rig, rig_text[0]);
	rig_records(&rig, rig_text[1]);
	chain_snapshot(&rig.feed, b);
	rig_close(&rig);
	while (b->p[--b->n - 1] != '\n')
		;
	return b;
}

/* Bytes: the chain, then places, each of two, with how many bytes are taken
   out and the one that is put in. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct buf b, again;
	const char *words;
	size_t at, out;

	if (n < 1)
		return 0;
	diag_mute(true);
	words = rig_remembers[*p % RIG_REMEMBERS];
	b.n = 0;
	buf_add(&b, remembered(*p % RIG_REMEMBERS)->p,
	    remembered(*p % RIG_REMEMBERS)->n);
	for (p++, n--; n >= 4; p += 4, n -= 4) {
		at = (size_t)(p[0] | p[1] << 8) % b.n;
		out = p[2] < b.n - at ? p[2] : b.n - at - 1;
		b.p[at] = (char)p[3];
		memmove(b.p + at + 1, b.p + at + 1 + out,
		    b.n - at - 1 - out);
		b.n -= out;
	}
	snapshot_check(&b, 0);
	rig_open(&rig, words);
	if (chain_restore(&rig.feed, (struct slice){ b.p, b.n }) == NULL) {
		again.n = 0;
		chain_snapshot(&rig.feed, &again);
		rig_records(&rig, rig_text[2]);
		(void)feed_end(&rig.feed, BY_EOF);
	}
	rig_close(&rig);
	return 0;
}
