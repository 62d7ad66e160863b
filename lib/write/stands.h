/* stands.h - output that an earlier run has written already */
#ifndef MBATCH_STANDS_H
#define MBATCH_STANDS_H

#include <stddef.h>
#include <sys/types.h>

struct stands {
	const char *name;	/* what it is called; NULL: standard output */
	int fd;			/* where output goes, to read; 0: what stands
				   there is of no account */
	off_t at;		/* what comes next may stand here */
};

/* How many of these bytes stand there, at the front; the next ones come behind
   them.  Where others stand (told) none do, nor of all that comes later. */
size_t stands_skip(struct stands *, const char *p, size_t n);

#endif
