/* saved.c - a state file of any text is refused, or is what it says */
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/diag.h"
#include "lib/base/hash.h"
#include "lib/format/pack.h"
#include "lib/state/saved.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Bytes: what stands between the first line and the last, whose checksum is
   right. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct buf text, first, again;
	struct arena arena = { 0 };
	struct saved s = { 0 }, t = { 0 };
	uint64_t hash;

	diag_mute(true);
	text.n = 0;
	buf_str(&text, "mbatch state 1\n");
	buf_add(&text, (const char *)p, n);
	buf_str(&text, "\n");
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
	}
	arena_free(&arena);
	return 0;
}
