/* logfmt.c - fuzzes the logfmt reader: see formats.h */
#include <string.h>

#define FORMAT_NAME	"logfmt"
#define FORMAT_PLAIN	0
#define FORMAT_SKIP	"\n\r"
/* A NUL in a key is written as '_'. */
#define FORMAT_MENDS(cells, i)						\
	((cells)->c[i].name.n > 0 &&					\
	memchr((cells)->c[i].name.p, '\0', (cells)->c[i].name.n) != NULL)
#include "test/fuzz/formats.h"
