/* clf.c - fuzzes the clf reader: see formats.h */
#define FORMAT_NAME	"clf"
#define FORMAT_PLAIN	0
#define FORMAT_SKIP	"\n"
#include "test/fuzz/formats.h"
