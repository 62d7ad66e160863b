/* rig.h - a run in memory: what main() makes of a command line, whose records
   are given and whose output goes nowhere */
#ifndef MBATCH_RIG_H
#define MBATCH_RIG_H

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cli/options.h"
#include "lib/format/fmt.h"
#include "lib/format/lookup.h"
#include "lib/run/carry.h"
#include "lib/run/feed.h"
#include "lib/run/snapshot.h"
#include "lib/scan/scan.h"

struct rig {
	struct command cmd;
	struct arena arena;
	struct diag diag;
	struct chain chain;
	struct feed feed;
	struct out out;
	struct shape shape;
};

/* getopt keeps a place in the words it read last, which may be gone. */
static inline void
rig_words(void)
{
	char name[] = "mbatch";

	optind = 0;
	(void)getopt(1, (char *[]){ name, NULL }, "");
}

/* words: the command line, blanks between them.  Whether it can be run; what
   was made for it is there to be closed in any case. */
static inline bool
rig_try(struct rig *r, const char *words)
{
	const struct shape *out;
	char *argv[64] = { arena_str(&r->arena, SLICE("mbatch")) };
	char *w = arena_str(&r->arena, slice_str(words));
	struct slice none = { NULL, 0 };
	int n = 1;

	for (w = strtok(w, " "); w != NULL; w = strtok(NULL, " "))
		argv[n++] = w;
	rig_words();
	r->out.fd = -1;
	if (!scan_init() || command_read(&r->cmd, n, argv, &r->arena,
	    &r->diag) != COMMAND_RUN || chain_parse(&r->chain, r->cmd.chain,
	    &r->cmd.opt) != OK)
		return false;
	r->chain.out = &r->out;
	r->cmd.lim.regular = r->cmd.opt.regular = true;
	shape_init(&r->shape, r->cmd.opt.input, r->cmd.opt.sep,
	    r->cmd.opt.seplen);
	feed_init(&r->feed, &r->chain, &r->cmd.lim, r->cmd.late);
	r->feed.windows.hold = true;
	out_init(&r->out, open("/dev/null", O_WRONLY), &r->cmd.opt);
	if (feed_bind(&r->feed, &r->shape) != OK ||
	    chain_bind(&r->chain, &r->shape, none) != OK)
		return false;
	out = chain_shape(&r->chain, &r->shape);
	out_bind(&r->out, out, none);
	carry_out(&r->chain);
	feed_stages(&r->feed);
	feed_start(&r->feed);
	return true;
}

/* As rig_try; aborts if it is wrong. */
static inline void
rig_open(struct rig *r, const char *words)
{
	if (!rig_try(r, words))
		abort();
}

/* n records, side by side in text, a newline after each. */
static inline void
rig_records(struct rig *r, const char *text)
{
	struct slice rec[VEC_MAX];
	const char *end;
	size_t n = 0;

	for (; n < VEC_MAX && (end = strchr(text, '\n')) != NULL; n++) {
		rec[n] = (struct slice){ text, (size_t)(end - text) };
		text = end + 1;
	}
	if (n > 0)
		(void)feed_records(&r->feed, rec, n);
}

static inline void
rig_close(struct rig *r)
{
	feed_free(&r->feed);
	chain_free(&r->chain);
	(void)close(r->out.fd);
	out_free(&r->out);
	buf_free(&r->cmd.said);
	turn_free(&r->diag.turn);
	arena_free(&r->arena);
	memset(r, 0, sizeof *r);
}

/* What a chain may remember: a command line of each kind. */
static const char *const rig_remembers[] = {
	"-n 4 dedup 2",
	"-n 4 -T 1 dedup -t 1m 2",
	"-n 4 step delta 3 by 2",
	"-n 4 step ewma 3 by 2",
	"-n 4 step sum 3 by 2",
	"-n 4 step spark:3 3 by 2",
	"-n 4 step mean:3 3",
	"-n 4 step lag:2 3 by 2",
	"-n 4 fill 3,4 by 2",
	"-n 4 count by 2 over all",
	"-n 3 stats count,sum:3,stddev:3,min:3,p50:3,mode:2,list:3,last:2 by 2 "
	    "over 3",
	"-n 3 --max-groups 2 --approx stats distinct:3,p50:3,argmax:2@3 by 2 "
	    "over 2",
	"-n 3 --approx top 2 by 2 over 2",
	"-n 3 hist -l 3 over 2",
	"-n 3 template -r over 2",
	"-n 3 -T 1 rate by 2 over 2",
	"-n 3 movers by 2",
	"-n 3 count by 2 then missing by 1 over 2",
	"-n 4 -T 1 burst 2 1m by 2",
	"-n 4 -T 1 burst -d 3 2 1m by 2",
	"-n 4 -T 1 seq -u 1m $3>1 2 $3>2 by 2",
	"-n 4 -T 1 session 1m count,distinct:3,mode:3,p50:3 by 2",
	"-w 1m -T 1 --late 2m sort -n 3,2",
	"-w 1m -T 1 --late 2m sort",
	"-w 1m -T 1 --late 2m let x=$3*2 then sort x then cut x",
	"-w 1m -T 1 --late 2m top 2 3 then dedup 2",
	"-w 1m -T 1 --late 2m tail 2 by 2",
	"-w 1m -T 1 --late 2m tail 2",
	"-w 1m -T 1 --late 2m pivot 2 3 by 1 then reverse",
	"-w 1m -T 1 --late 2m pivot -c a,b 2 3 by 1 then reverse",
	"-w 1m -T 1 --late 2m head 1 by 2 then reverse",
	"-w 1m -T 1 --late 2m sample -s 1 -n 2 then join",
	"-w 1m -T 1 --late 2m uniq -c 2 then collect",
	"-w 1m -T 1 --late 2m uniq 2 then stamp",
	"-w 1m -T 1 --late 2m stats count,distinct:2,p50:3 by 2",
	"-w 1m -T 1 --late 2m template -r then alert -q",
};
enum { RIG_REMEMBERS = sizeof rig_remembers / sizeof *rig_remembers };

/* Records for them. */
static const char *const rig_text[] = {
	"1000 a 1\n1010 b 2.5\n1070 a x\n1020 c 1e300\n1030 a 3\n",
	"1100 b -1\n1120 a 7\n1180 d 0.1\n1090 a 12345678901234567890\n",
	"1200 a long_enough_for_its_own 2\n1210 b\n1250 a 4 4\n1190 c 2\n",
};


#endif
