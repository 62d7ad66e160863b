/* logfmt.c - fuzzes the logfmt reader: see formats.h */
#define FORMAT_NAME	"logfmt"
#define FORMAT_PLAIN	0
#define FORMAT_SKIP	"\n\r"
#include "test/fuzz/formats.h"
