/* out.h - results to standard output: one write a batch */
#ifndef MBATCH_OUT_H
#define MBATCH_OUT_H

#include "lib/format/settings.h"
#include "lib/format/vec.h"
#include "lib/write/encode.h"
#include "lib/write/live.h"
#include "lib/write/stands.h"

struct out {
	int fd;
	const struct options *opt;
	const char *batch_end;		/* -S, NULL: none */
	size_t batch_endlen;
	bool streaming;			/* may write each full MiB */
	bool sink;			/* the last operator writes itself, by
					   out_raw, and -S's lines too */
	bool failed;			/* told: nothing more is written */
	bool dead;			/* failed as the reader went away */
	struct buf buf;
	bool holds;			/* what is due stays there, */
	struct due {			/* up to these bytes of it */
		size_t *end, n, cap;
	} due;
	uint64_t bytes;			/* written, or there already */
	struct stands stands;
	struct encode encode;
	struct live *live;		/* draws each batch's rows; or NULL */
};

void out_init(struct out *, int fd, const struct options *);
/* What comes last in the chain is known.  header: the input's own header
   record where it stands for these records too, else p NULL. */
void out_bind(struct out *, const struct shape *, struct slice header);
void out_free(struct out *);

/* Adds records.  OK, DONE if one can't be read and the run ends at it, or FAIL
   (told). */
int out_vec(struct out *, const struct vec *);
/* Writes so many records as an encoder gave them that follows this one's. */
int out_join(struct out *, struct slice text, uint64_t records);
/* Whether records leave as they are.  Then out_text adds the text of some, a
   terminator behind each, or takes it and leaves another buffer; once there is
   a MiB it may be written.  OK or FAIL (told). */
bool out_plain(const struct out *);
int out_text(struct out *, struct buf *text, uint64_t records);
/* The batch is over: writes all, with -S's line. */
int out_batch(struct out *);
/* The run fails within the batch: writes what a streaming chain has of it. */
int out_cut(struct out *);
/* Writes what is there (the end of the run: a header without records). */
int out_end(struct out *);
/* Writes these bytes at once.  OK or FAIL (told). */
int out_raw(struct out *, const char *p, size_t n);
/* --live: draws what is due; end: no more will be. */
int out_time(struct out *, bool end);
/* What was written to a file is safe.  OK or FAIL (told). */
int out_sync(struct out *);
/* Nothing more comes: what is found out only now is told, too. */
int out_close(struct out *);

#endif
