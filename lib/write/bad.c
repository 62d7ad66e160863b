/* bad.c - what becomes of records that can't be read (--bad) */
#include "lib/write/bad.h"
#include "lib/write/out.h"

int
bad_record(const struct options *opt, struct slice rec, uint64_t num,
    const char *why, size_t at)
{
	const struct badness *bad = opt->bad;

	tally_add(bad->tally, 1, num, "%s at byte %zu", why, at + 1);
	if (bad->what == BAD_FAIL)
		return FAIL;
	if (bad->what == BAD_FILE &&
	    (out_write(bad->fd, rec.p, rec.n) != OK ||
	    out_write(bad->fd, &opt->term, 1) != OK)) {
		diag_errno("%s", bad->name);
		return FAIL;
	}
	return OK;
}
