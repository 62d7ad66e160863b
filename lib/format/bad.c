/* bad.c - what becomes of records that can't be read (--bad) */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/format/bad.h"

static int
fail(const struct badness *bad)
{
	diag_errno("--bad %s", diag_quote(bad->name, strlen(bad->name)));
	return FAIL;
}

int
bad_open(struct badness *bad)
{
	struct stat st;

	if (bad->what != BAD_FILE)
		return OK;
	bad->fd = fd_open(bad->name, O_CREAT | O_APPEND);
	if (bad->fd < 0)
		return fail(bad);
	if (fstat(bad->fd, &st) != 0 || !fd_is_input(&st))
		return OK;
	diag_warn("--bad %s: that is the input file", diag_quote(bad->name,
	    strlen(bad->name)));
	return FAIL;
}

int
bad_close(struct badness *bad)
{
	int fd = bad->fd;

	buf_free(&bad->line);
	bad->fd = -1;
	return fd < 0 || close(fd) == 0 || errno == EINTR ? OK : fail(bad);
}

static int
keep(const void *options, struct slice rec)
{
	const struct options *opt = options;
	struct badness *bad = opt->bad;

	bad->line.n = 0;
	buf_slice(&bad->line, rec);
	buf_char(&bad->line, opt->term);
	return fd_write(bad->fd, bad->line.p, bad->line.n) == OK ? OK :
	    fail(bad);
}

int
bad_record(const struct options *opt, struct slice rec, uint64_t num,
    const char *why, size_t at)
{
	struct badness *bad = opt->bad;
	struct turn *turn = &opt->diag->turn;

	if (why != NULL)
		tally_add(bad->tally, 1, num, "%s at byte %zu", why, at + 1);
	else
		bad->told++;
	if (bad->what == BAD_FAIL)
		return turn_end(turn, num, EXIT_RUN) ? DONE : FAIL;
	if (bad->what == BAD_FILE && !turn_keep(turn, keep, opt, rec, num))
		return keep(opt, rec);
	return OK;
}
