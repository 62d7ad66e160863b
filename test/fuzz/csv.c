/* csv.c - fuzzes the csv reader: see formats.h */
#define FORMAT_NAME	"csv"
#define FORMAT_PLAIN	1
#define FORMAT_SKIP	"\n"
/* A lone empty value is written in quotes: an empty line is no record. */
#define FORMAT_MENDS(cells, i)	((cells)->n == 1 && \
				    (cells)->c[i].val.n == 0)
#include "test/fuzz/formats.h"
