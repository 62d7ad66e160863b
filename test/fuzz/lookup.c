/* lookup.c - tables of any bytes: they are read and looked up in, or refused */
#include <stdio.h>

#include "test/unit/rig.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Bytes: which line, the table.  What is looked for is in it now and then. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const char *const words[] = {
		"-n 4 lookup %s 1", "-n 4 lookup -k -N %s 2=1 2",
		"-n 4 lookup -v -N %s 2", "-n 4 lookup %s 1=net",
		"-n 4 lookup -N %s 1,2=1,2 3", "-n 4 lookup %s 2=key",
	};
	static char name[] = "fuzz.XXXXXX", line[128];
	static int fd = -1;
	struct rig r = { 0 };

	if (n < 1)
		return 0;
	if (fd < 0 && (fd = mkstemp(name)) < 0)
		abort();
	diag_mute(true);
	if (ftruncate(fd, 0) != 0 || pwrite(fd, p + 1, n - 1, 0) < 0)
		abort();
	snprintf(line, sizeof line, words[*p % (sizeof words /
	    sizeof *words)], name);
	if (rig_try(&r, line)) {
		rig_records(&r, "a 1\nb 2\n10.1.2.3 x\n::1 \n  \n");
		(void)feed_end(&r.feed, BY_EOF);
	}
	rig_close(&r);
	return 0;
}
