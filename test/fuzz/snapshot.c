/* snapshot.c - what is remembered, written and changed anywhere: it is refused,
   or works */
#include "test/fuzz/edit.h"
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

/* Bytes: the chain, then what is changed. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct buf b, again;
	const char *words;

	if (n < 1)
		return 0;
	diag_mute(true);
	words = rig_remembers[*p % RIG_REMEMBERS];
	b.n = 0;
	buf_add(&b, remembered(*p % RIG_REMEMBERS)->p,
	    remembered(*p % RIG_REMEMBERS)->n);
	edit(&b, p + 1, n - 1);
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
