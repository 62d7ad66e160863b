/* pack.c - values written as fields of a line are read back as they were */
#include <string.h>

#include "lib/format/pack.h"
#include "test/unit/check.h"

static const char *const broken[] = {
	"", "1", "x\t", "\t", "18446744073709551616\t", "-1\t", "1 \t"
};

int
main(void)
{
	struct buf b = { 0 };
	struct arena arena = { 0 };
	struct slice text = SLICE("a\tb\nc\\\0\r="), none = { NULL, 0 };
	struct unpack u = { .arena = &arena };
	double x;

	pack_u64(&b, 0);
	pack_u64(&b, UINT64_MAX);
	pack_i64(&b, INT64_MIN);
	pack_i64(&b, -1);
	pack_i64(&b, INT64_MAX);
	pack_double(&b, -0.1);
	pack_text(&b, text);
	pack_text(&b, none);
	pack_text(&b, (struct slice){ "", 0 });
	CHECK(memchr(b.p, '\n', b.n) == NULL, "not one line");
	u.left = (struct slice){ b.p, b.n };
	CHECK(unpack_u64(&u) == 0, "0");
	CHECK(unpack_u64(&u) == UINT64_MAX, "largest");
	CHECK(unpack_i64(&u) == INT64_MIN, "smallest");
	CHECK(unpack_i64(&u) == -1, "-1");
	CHECK(unpack_i64(&u) == INT64_MAX, "largest signed");
	x = unpack_double(&u);
	CHECK(x == -0.1, "%a", x);
	CHECK(slice_eq(unpack_text(&u), text), "text");
	CHECK(unpack_text(&u).p == NULL, "absent");
	CHECK(unpack_text(&u).p != NULL, "empty is not absent");
	CHECK(!u.bad && u.left.n == 0, "all was read");
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		u = (struct unpack){ .left = slice_str(broken[i]),
		    .arena = &arena };
		unpack_u64(&u);
		CHECK(u.bad, "%s", broken[i]);
		u = (struct unpack){ .left = slice_str(broken[i]),
		    .arena = &arena };
		unpack_text(&u);
		CHECK(u.bad, "%s as a text", broken[i]);
	}
	buf_free(&b);
	arena_free(&arena);
	return 0;
}
