/* out.h - results to standard output: one write a batch */
#ifndef MBATCH_OUT_H
#define MBATCH_OUT_H

#include "mbatch.h"

struct convert;
struct grid;

struct out {
	int fd;
	const struct options *opt;
	const char *batch_end;		/* -S, NULL: none */
	size_t batch_endlen;
	bool streaming;			/* may write each full MiB */
	bool failed;			/* told: nothing more is written */
	struct buf buf;
	uint64_t bytes;			/* written */
	struct slice header;		/* line to write before all, n 0: none */
	bool headed;
	struct convert *convert;	/* -o, or the default for made records;
					   NULL: bytes as they are */
	struct grid *grid;		/* aligns what convert writes to rows */
	struct buf rows;
	size_t nrows;
};

void out_init(struct out *, int fd, const struct options *);
/* What comes last in the chain is known.  header: the input's own header
   record where it stands for these records too, else p NULL. */
void out_bind(struct out *, const struct shape *, struct slice header);
void out_free(struct out *);

/* Adds records.  OK or FAIL (told). */
int out_vec(struct out *, const struct vec *);
/* The batch is over: writes all, with -S's line. */
int out_batch(struct out *);
/* Writes what is there (the end of the run: a header without records). */
int out_end(struct out *);

/* All of it, through short writes and EAGAIN; OK or FAIL with errno. */
int out_write(int fd, const char *p, size_t n);

#endif
