/* mask.c - what masks are, and what they do not depend on */
#include <stdlib.h>
#include <string.h>

#include "lib/base/chars.h"
#include "lib/format/mask.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* In memory of its own size, n bytes of which a mask may have MASK_MAX. */
static struct slice
mask(struct slice text)
{
	char *out = malloc(MASK_MAX(text.n));
	struct slice m = { out, mask_put(out, text) };
	size_t i;

	must(m.n <= MASK_MAX(text.n));
	for (i = 0; i < m.n; i++) {
		must(!is_digit(m.p[i]) || memchr(m.p + i, '=', m.n - i));
		must(!is_space(m.p[i]) || (m.p[i] == ' ' && i > 0 &&
		    i + 1 < m.n && m.p[i - 1] != ' '));
	}
	return m;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = malloc(n), *other = malloc(2 * n + 2), *to = other;
	struct slice m, same;
	size_t i;

	if (n > 0)
		memcpy(text, data, n);
	m = mask((struct slice){ text, n });
	/* Other digits, but in keys, and more blanks. */
	*to++ = '\t';
	for (i = 0; i < n; i++) {
		*to++ = is_digit(text[i]) && !memchr(text, '=', n) ?
		    (char)('9' - (i & 7)) : text[i];
		if (is_space(text[i]))
			*to++ = '\r';
	}
	*to++ = ' ';
	same = mask((struct slice){ other, (size_t)(to - other) });
	must(slice_eq(m, same));
	free((char *)(uintptr_t)same.p);
	free((char *)(uintptr_t)m.p);
	free(other);
	free(text);
	return 0;
}
