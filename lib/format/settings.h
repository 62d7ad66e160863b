/* settings.h - what the command line says of the whole run */
#ifndef MBATCH_SETTINGS_H
#define MBATCH_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/diag.h"
#include "lib/time/time.h"

struct field;
struct format;
struct nulls;
struct claim;
struct runs;

/* Options of the whole run that operators may look at. */
struct options {
	const char *sep;	/* -F, NULL: none given */
	size_t seplen;
	const struct nulls *nulls;	/* --null-words; NULL: none */
	char term;		/* the record terminator: '\n' or NUL */
	bool lines;		/* -m: a record may be several lines */
	bool local;		/* --local: times in TZ, not UTC */
	bool approx;		/* --approx */
	const struct field *time;	/* -T, or what the format has; NULL:
				   none */
	bool time_implied;	/* the format's: -T wasn't given */
	const char *time_format;	/* NULL: the known forms */
	int64_t time_hint;	/* a missing year is near this: the input
				   file's last change; 0: the clock */
	bool regular;		/* the input is a regular file */
	bool kept;		/* --state: another run goes on behind the end,
				   */
	bool exact;		/* and, as the input has places, does it again
				   exactly if this one is killed */
	struct buf *outside;	/* what it must find as it was: see
				   options_need */
	int64_t ahead;		/* --ahead, ns: how far ahead of that or of the
				   clock a record's time may be */
	struct tally *doubted;	/* those that were further */
	bool event_time;	/* -w goes by the records' time */
	struct time_grid window;	/* and these are they */
	bool per;		/* -p: values have batches of their own */
	bool keyed;		/* -k, -p: batches have a key */
	bool interleaved;	/* several batches are open at a time: one of
				   these two */
	bool partial, merge;	/* --partial, --merge: what is read are states
				   of records as the other options say */
	bool part;		/* --part: other mergers have other keys; -k */
	struct runs *runs;	/* of these: lib/agg/runs.h */
	bool header;		/* csv, tsv: there is a header line (no -N) */
	bool text_header;	/* -H: text has one */
	uint64_t max_groups;	/* --max-groups, 0: no limit */
	unsigned jobs;		/* threads that an operator may have as a batch
				   is flushed, */
	size_t step;		/* for so many bytes each; 0: as it likes */
	uint64_t seed;		/* of hash tables; must never show */
	const struct format *input;	/* -i */
	const struct format *output;	/* -o, NULL: the records' own format */
	bool table;		/* -o table: aligned columns */
	bool live;		/* --live: redrawn in place */
	struct arena *arena;	/* lives until the end of the run */
	struct diag *diag;	/* where tallies are kept */
	struct badness *bad;	/* --bad: lib/format/bad.h */
	struct claims *claims;	/* what operators write: lib/write/files.h */
	bool (*is_option)(const char *word);	/* whether it is one that
				   stands before the chain, for messages */
};

/* Results depend on what has this name and hash, outside of command line and
   input. */
void options_need(const struct options *, const char *name, uint64_t hash);

#endif
