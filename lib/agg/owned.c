/* owned.c - one text in memory of its own */
#include <stdlib.h>
#include <string.h>

#include "lib/agg/sketch-text.h"
#include "lib/agg/owned.h"
#include "lib/base/diag.h"
#include "lib/format/pack.h"

enum { KEPT = 256, LONGEST = 0x3fffffff };

void
owned_set(struct owned *h, struct slice s)
{
	char *p = h->cap > 0 ? h->at.far : h->at.near;

	if (s.n > LONGEST)
		diag_die(EXIT_RUN, "a value of more than a gigabyte");
	if (s.n > (h->cap > 0 ? h->cap : sizeof h->at.near)) {
		uint32_t cap = (uint32_t)s.n + (uint32_t)s.n / 2;

		p = mem_grow(h->cap > 0 ? h->at.far : NULL, cap);
		h->at.far = p;
		h->cap = cap & 0x7fffffff;	/* LONGEST is less */
	}
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	h->n = (uint32_t)s.n;
	h->there = 1;
}

void
owned_reset(struct owned *h)
{
	if (h->cap > KEPT)
		owned_free(h);
	h->there = 0;
	h->n = 0;
}

void
owned_free(struct owned *h)
{
	if (h->cap > 0)
		free(h->at.far);
	memset(h, 0, sizeof *h);
}

void
owned_both(struct owned *h, struct both *b)
{
	struct slice s = both_text(b, owned_get(h));

	if (both_reads(b))
		owned_set(h, s);
}

/* "-" is none; else its length and its bytes. */
void
owned_save(const struct owned *h, struct buf *b)
{
	size_t from = b->n;

	if (h->there) {
		text_number(b, h->n);
		text_bytes(b, owned_get(h));
		text_close(b, from);
	} else {
		buf_char(b, '-');
	}
}

bool
owned_load(struct owned *h, struct slice s)
{
	struct text_reader r;
	struct buf b = { 0 };

	if (slice_eq(s, SLICE("-")))
		return true;
	if (!text_open(&r, s))
		return false;
	s = text_get_text(&r, &b);
	if (text_done(&r))
		owned_set(h, s);
	buf_free(&b);
	return text_done(&r);
}
