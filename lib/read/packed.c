/* packed.c - compressed input, told by its first bytes */

#include "lib/read/packed.h"

/* As many of them as neither a newline nor a NUL can cut off. */
static const struct packed kinds[] = {
	{ "gzip", "zcat", "\x1f\x8b\x08", 3 },			/* RFC 1952 */
	{ "zstd", "zstdcat", "\x28\xb5\x2f\xfd", 4 },		/* RFC 8878 */
	{ "xz", "xzcat", "\xfd" "7zXZ", 5 },
	{ "bzip2", "bzcat", "BZh91AY&SY", 10 },
	{ "lz4", "lz4cat", "\x04\x22\x4d\x18", 4 }
};

const struct packed *
packed_find(struct slice first)
{
	size_t i;

	for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (first.n >= kinds[i].n &&
		    memcmp(first.p, kinds[i].magic, kinds[i].n) == 0)
			return &kinds[i];
	return NULL;
}
