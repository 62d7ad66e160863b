/* clf.c - fuzzes the clf reader: see formats.h */
#define FORMAT_NAME	"clf"
#define FORMAT_PLAIN	0
#define FORMAT_SKIP	"\n"
/* A quote that is never closed is closed, lest it end in what comes later. */
#define FORMAT_MENDS(cells, i)	unclosed((cells)->c[i].val)

#include <stdbool.h>

#include "lib/base/slice.h"

static bool
unclosed(struct slice v)
{
	return v.n > 0 && v.p[0] == '"' && (v.n == 1 ||
	    v.p[v.n - 1] != '"' || v.p[v.n - 2] == '\\');
}

#include "test/fuzz/formats.h"
