/* csv.c - fuzzes the csv reader: see formats.h */
#define FORMAT_NAME	"csv"
#define FORMAT_PLAIN	1
#define FORMAT_SKIP	"\n"
#include "test/fuzz/formats.h"
