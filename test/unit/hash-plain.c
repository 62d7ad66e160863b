/* hash-plain.c - without 128-bit integers the hashes are the same */
#define HASH_NO_INT128
#define hash_bytes	plain_hash_bytes
#define table_new	plain_table_new
#define table_free	plain_table_free
#define table_reset	plain_table_reset
#define table_count	plain_table_count
#define table_memory	plain_table_memory
#define table_keys	plain_table_keys
#define table_find	plain_table_find
#include "lib/run/hash.c"
#undef hash_bytes

#include <stdio.h>

uint64_t hash_bytes(const char *, size_t, uint64_t);

int
main(void)
{
	uint64_t seed = 1, state = 1;
	char p[200];
	size_t i, n;

	for (i = 0; i < 100000; i++) {
		n = i % sizeof p;
		state = state * 6364136223846793005 + 1442695040888963407;
		p[i * 7 % sizeof p] = (char)(state >> 56);
		seed = i % 3 == 0 ? state : i % 3 == 1 ? UINT64_MAX : 0;
		if (hash_bytes(p, n, seed) == plain_hash_bytes(p, n, seed))
			continue;
		fprintf(stderr, "hash-plain: differs for %zu bytes\n", n);
		return 1;
	}
	return 0;
}
