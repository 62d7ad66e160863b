/* saved.c - a state file, changed anywhere, is refused, or is what it says */
#include <stdlib.h>
#include <string.h>

#include "lib/base/diag.h"
#include "lib/base/hash.h"
#include "lib/format/pack.h"
#include "lib/state/saved.h"
#include "test/fuzz/edit.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A state of before a run, of after it, or of one that is tried. */
static void
example(struct buf *b, unsigned which)
{
	static struct stretch part[] = {
		{ 7, { 40, 1, 2, 3, 4 } }, { 0, { 90, 5, 6, 7, 8 } },
	};
	struct saved s = { .command = SLICE("=count\t=by\t=1\t"),
	    .begun = which > 0, .at = { 12, 1, 2, 3, 4 },
	    .left = { 6, 5, 6, 7, 8 }, .headed = true,
	    .columns = SLICE("=a\t=b\t"), .batches = 2, .records = 3,
	    .when = -1, .memory = SLICE("=mbatch1\t2\t\n=end\t3\t\n"),
	    .tried = which > 1, .length = 9, .outside = SLICE("X=1"),
	    .files = SLICE("=f\t8\t"), .part = part, .nparts = 2 };

	b->n = 0;
	saved_put(b, &s);
	while (b->p[--b->n - 1] != '\n')
		;
}

/* Bytes: the example, then what is changed in it but its last line, whose
   checksum is right. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct buf text, first, again;
	struct arena arena = { 0 };
	struct saved s = { 0 }, t = { 0 };
	uint64_t hash;

	if (n < 1)
		return 0;
	diag_mute(true);
	example(&text, *p % 3);
	edit(&text, p + 1, n - 1);
	hash = hash_bytes(text.p, text.n, 0x73746174);
	buf_str(&text, "end\t");
	pack_u64(&text, hash);
	buf_str(&text, "\n");
	if (saved_get(&s, (struct slice){ text.p, text.n }, &arena) == NULL) {
		first.n = again.n = 0;
		saved_put(&first, &s);
		if (saved_get(&t, (struct slice){ first.p, first.n },
		    &arena) != NULL)
			abort();
		saved_put(&again, &t);
		if (first.n != again.n ||
		    memcmp(first.p, again.p, first.n) != 0)
			abort();
	} else if (n < 5) {	/* it was as it should be */
		abort();
	}
	arena_free(&arena);
	return 0;
}
