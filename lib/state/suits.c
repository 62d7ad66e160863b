/* suits.c - what can't be done again exactly */
#include "lib/base/diag.h"
#include "lib/format/bad.h"
#include "lib/read/batcher.h"
#include "lib/run/chain.h"
#include "lib/run/snapshot.h"
#include "lib/state/state.h"
#include "lib/write/files.h"

/* What -t and -g, and the clock that operators look at, decide anew. */
static int
by_clock(const struct chain *c, const struct limits *lim)
{
	size_t k;

	if (lim->timeout > 0 || lim->gap > 0)
		return diag_warn("--state: %s goes by the clock, and a file is "
		    "all there: it closes no batch",
		    lim->timeout > 0 ? "-t" : "-g");
	for (k = c->from; k < c->n && c->opt->time == NULL; k++)
		if ((c->stage[k].op.traits & OP_TIME) != 0)
			return diag_warn("--state: %s goes by the clock; -T "
			    "makes it go by the records' own time",
			    c->stage[k].op.name);
	return OK;
}

int
state_suits(const struct state_options *o, const struct chain *c,
    const struct limits *lim, bool limited)
{
	const struct options *opt = c->opt;
	const struct op *forgets = chain_forgets(c);

	if (forgets != NULL)
		return diag_warn("--state: what %s remembers can't be kept",
		    forgets->name);
	if (opt->merge || opt->table)
		return diag_warn("--state can't be combined with %s", opt->merge
		    ? "--merge: states are merged once" : "-o table: its "
		    "columns are aligned anew by each run");
	if (!opt->exact && (o->nrotated > 0 || o->end || o->skip))
		return diag_warn("%s: %s, and has no position", o->nrotated > 0
		    ? "--state-rotated" : o->end ? "--state-from" :
		    "--state-skip", opt->regular ? "where the state is a "
		    "descriptor standard input is a whole piece" : "standard "
		    "input is no regular file");
	if (!opt->exact)
		return OK;
	if (o->to != NULL && opt->claims->names != NULL)
		return diag_warn("--state-to: the files of tee don't wait for "
		    "who reads the output");
	if (opt->bad->what == BAD_FILE)
		return diag_warn("--state: what --bad adds to a file can't be "
		    "done again exactly");
	return limited ? by_clock(c, lim) : OK;
}
