/* options-set.c - the options, and what each does with its value */
#include <string.h>

#include "mbatch.h"
#include "lib/base/chars.h"
#include "lib/base/hash.h"
#include "lib/cli/options-inner.h"
#include "lib/number/number.h"
#include "lib/read/join.h"
#include "lib/regex/regex.h"
#include "lib/run/args.h"
#include "lib/run/table.h"
#include "lib/run/times.h"
#include "lib/run/window.h"
#include "lib/time/time.h"

/* The colon between a field and what follows it, or the end. */
static size_t
field_end(const char *s)
{
	size_t i;
	int depth = 0;

	for (i = 0; s[i] != '\0' && (s[i] != ':' || depth > 0); i++)
		depth += (s[i] == '{') - (s[i] == '}');
	return i;
}

static const char *
set_time(struct command *c, const char *val)
{
	struct field *f = arena_zero(c->opt.arena, sizeof *f);
	size_t n = field_end(val);
	const char *why = field_parse(f, (struct slice){ val, n }, false,
	    c->opt.arena);

	c->time = c->opt.time = f;
	c->opt.time_format = NULL;
	if (why != NULL || val[n] != ':')
		return why;
	c->opt.time_format = val + n + 1;
	return val[n + 1] == '\0' ? "a format follows the colon" :
	    time_format_error(c->opt.time_format);
}

static const char *
duration_or_all(int64_t *ns, const char *val, int64_t all)
{
	if (strcmp(val, "all") != 0)
		return number_duration(ns, slice_str(val));
	*ns = all;
	return NULL;
}

static const char *
set_late(struct command *c, const char *val)
{
	c->late_given = true;
	return duration_or_all(&c->late, val, LATE_ALL);
}

static const char *
set_ahead(struct command *c, const char *val)
{
	c->ahead_given = true;
	return duration_or_all(&c->opt.ahead, val, AHEAD_ALL);
}

/* What formats are called elsewhere; more than a word: what to do. */
static const struct instead formats_instead[] = {
	{ "access", "clf" }, { "apache", "clf" }, { "combined", "clf" },
	{ "common", "clf" }, { "dkvp", "logfmt" }, { "journal",
	    "journalctl -o json writes json" },
	{ "jsonl", "json" }, { "kv", "logfmt" }, { "lines", "text" },
	{ "ndjson", "json" }, { "nginx", "clf" }, { "nidx", "text" },
	{ "pprint", "table" }, { "pretty", "table" }, { "raw", "text" },
	{ "syslog", "its lines are text, -T 0 finds their time; fields by "
	    "parse '* * * *: *' month,day,time,host,what" },
	{ "xml", "it has no records that are lines" },
	{ NULL, NULL }
};

static const char *
set_format(struct command *c, const struct format **f, const char *val,
    unsigned traits)
{
	const char *names[32], *near, *list = "";
	struct arena *a = c->opt.arena;
	size_t i, n = 0;

	*f = format_find(val);
	if (*f != NULL && ((*f)->traits & traits) == traits)
		return NULL;
	for (i = 0; i < nformats && n < 31; i++)
		if ((formats[i]->traits & traits) == traits)
			names[n++] = formats[i]->name;
	if ((traits & FMT_OUTPUT) != 0)
		names[n++] = "table";
	for (i = 0; i < n; i++)
		list = arena_printf(a, "%s%s%s", list, i == 0 ? "" :
		    i + 1 < n ? ", " : " and ", names[i]);
	if (*f != NULL)
		return arena_printf(a, "%s is only read; there are %s", val,
		    list);
	near = instead_of(formats_instead, val);
	if (near != NULL && strchr(near, ' ') != NULL)
		return arena_printf(a, "there is no such format: %s", near);
	if (near == NULL || ((traits & FMT_OUTPUT) != 0) != (strcmp(near,
	    "table") == 0))
		near = diag_nearest(val, names, n);
	return near == NULL ? arena_printf(a, "there is no such format; there "
	    "are %s", list) : arena_printf(a, "there is no such format; did "
	    "you mean '%s'?", near);
}

static const char *
set_input(struct command *c, const char *val)
{
	return set_format(c, &c->opt.input, val, 0);
}

static const char *
set_output(struct command *c, const char *val)
{
	c->opt.table = strcmp(val, "table") == 0;
	return set_format(c, &c->opt.output, c->opt.table ? "tsv" : val,
	    FMT_OUTPUT);
}

static const char *
set_separator(struct command *c, const char *val)
{
	struct slice sep;
	const char *why = args_unescape(val, c->opt.arena, &sep);

	c->opt.sep = sep.p;
	c->opt.seplen = sep.n;
	return why == NULL && sep.n == 0 ? "it must not be empty" : why;
}

static const char *
set_batch_end(struct command *c, const char *val)
{
	struct slice text;
	const char *why = args_unescape(val, c->opt.arena, &text);

	c->batch_end = text.p;
	c->batch_endlen = text.n;
	return why;
}

static const char *
set_null(struct command *c, const char *val)
{
	c->opt.term = '\0';
	return NULL;
}

/* Cut at commas; nothing between two is the empty text. */
static const char *
set_null_words(struct command *c, const char *val)
{
	struct nulls *nulls = arena_zero(c->opt.arena, sizeof *nulls);
	struct slice *word = arena_zero(c->opt.arena,
	    (strlen(val) + 1) * sizeof *word);
	size_t n;

	c->reads = hash_bytes(val, strlen(val), c->reads);
	for (;; val += n + 1) {
		n = strcspn(val, ",");
		word[nulls->n++] = (struct slice){ val, n };
		nulls->lengths |= UINT64_C(1) << n % 64;
		if (val[n] == '\0')
			break;
	}
	nulls->word = word;
	c->opt.nulls = nulls;
	return NULL;
}

/* All patterns go by lines, also those that were given before. */
static const char *
set_multiline(struct command *c, const char *val)
{
	const char *known = join_known(val), *why = NULL, *p = val;
	struct limits *lim = &c->lim;
	struct arena *a = c->opt.arena;
	size_t at;

	while (is_letter(*p))
		p++;
	if (known == NULL && *p == '\0')
		return arena_printf(a, "there are " JOIN_NAMES "; as a pattern "
		    "it is ^%s", val);
	c->reads = hash_bytes(val, strlen(val), c->reads);
	regex_by_lines();
	lim->start = regex_copy(lim->start, a);
	lim->end = regex_copy(lim->end, a);
	c->opt.lines = true;
	c->others = known != NULL;
	c->first = regex_new(slice_str(c->others ? known : val), 0, a, &why,
	    &at);
	return why;
}

static const char *
set_bad(struct command *c, const char *val)
{
	c->bad.given = true;
	c->bad.name = val;
	c->bad.what = strcmp(val, "skip") == 0 ? BAD_SKIP :
	    strcmp(val, "fail") == 0 ? BAD_FAIL : BAD_FILE;
	return *val == '\0' ? "skip, fail or the name of a file is missing" :
	    NULL;
}

/* What a shell tells apart from a command that was not found or was killed. */
static const char *
set_none(struct command *c, const char *val)
{
	return number_count(&c->none, val) != NULL || c->none < 1 ||
	    c->none > 125 ? "a status is from 1 to 125" : NULL;
}

static const char *
set_range(struct command *c, const char *val)
{
	const char *slash = strchr(val, '/');
	const char *k = slash == NULL ? "" : arena_str(c->opt.arena,
	    slice_to(val, slash));
	struct run_part *p = &c->runs.part;

	return slash == NULL || number_count(&p->k, k) != NULL ||
	    number_count(&p->n, slash + 1) != NULL || p->k == 0 ||
	    p->k > p->n || p->n > INT32_MAX ?
	    "it is K/N, the K-th of N parts, from 1/N to N/N" : NULL;
}

static const char *
set_run(struct command *c, const char *val)
{
	c->runs.name = val;
	return *val == '\0' || strlen(val) > 64 ?
	    "a name has from 1 to 64 bytes" : NULL;
}

static const char *
set_runs(struct command *c, const char *val)
{
	return number_count(&c->runs.want, val) != NULL || c->runs.want == 0 ?
	    "how many runs is a number from 1 on" : NULL;
}

static const char *
not_empty(const char *val)
{
	return *val == '\0' ? "the name of a file is missing" : NULL;
}

static const char *
set_state(struct command *c, const char *val)
{
	c->opt.kept = true;
	c->opt.outside = &c->outside;
	c->state.file = val;
	return not_empty(val);
}

static const char *
set_state_from(struct command *c, const char *val)
{
	c->state.end = strcmp(val, "end") == 0;
	return c->state.end || strcmp(val, "start") == 0 ? NULL :
	    "it is start or end";
}

static const char *
set_rotated(struct command *c, const char *val)
{
	struct state_options *s = &c->state;
	const char **name = arena_alloc(c->opt.arena,
	    (s->nrotated + 1) * sizeof *name);

	if (s->nrotated > 0)
		memcpy(name, s->rotated, s->nrotated * sizeof *name);
	name[s->nrotated++] = val;
	s->rotated = name;
	return not_empty(val);
}

const char *
option_set(struct command *c, const struct option_row *r, const char *val)
{
	void *to = (char *)c + r->at;
	struct arena *a = c->opt.arena;
	const char *why = NULL;
	struct field *f;
	size_t at;

	c->limited |= r->limit;
	switch (r->kind) {
	case OPTION_ON:
	case OPTION_OFF:
		*(bool *)to = r->kind == OPTION_ON;
		return NULL;
	case OPTION_COUNT:
		return number_count(to, val);
	case OPTION_SIZE:
		return number_size(to, val);
	case OPTION_DURATION:
		return number_duration(to, slice_str(val));
	case OPTION_WINDOW:
		return time_grid_parse(to, slice_str(val));
	case OPTION_FILE:
		*(const char **)to = val;
		return not_empty(val);
	case OPTION_KEY:
		f = arena_zero(a, sizeof *f);
		*(const struct field **)to = f;
		return field_parse(f, slice_str(val), true, a);
	case OPTION_ERE:
		*(struct regex **)to = regex_new(slice_str(val), 0, a, &why,
		    &at);
		return why;
	case OPTION_CODE:
		break;
	}
	return r->set(c, val);
}

#define AT(member) .at = offsetof(struct command, member),		\
	.size = sizeof ((struct command *)0)->member

const struct option_row option_rows[] = {
	{ 'n', "records", "N", "close the batch at N records",
	    OPTION_COUNT, .limit = true, AT(lim.records) },
	{ 'b', "bytes", "SIZE",
	    "close it before it has more than SIZE of input",
	    OPTION_SIZE, .limit = true, AT(lim.bytes) },
	{ 't', "timeout", "DUR",
	    "close it when its oldest record has waited DUR",
	    OPTION_DURATION, .limit = true, AT(lim.timeout) },
	{ 'g', "gap", "DUR", "close it when no record has come for DUR",
	    OPTION_DURATION, .limit = true, AT(lim.gap) },
	{ 'w', "window", "DUR", "aligned windows of DUR, empty ones too",
	    OPTION_WINDOW, .limit = true, AT(lim.window) },
	{ 'T', "time", "FIELD[:FORMAT]",
	    "where the records' own time is (0: the first one)",
	    .set = set_time },
	{ 0, "late", "DUR|all", "hold windows of -T open for late records",
	    .set = set_late },
	{ 0, "ahead", "DUR|all",
	    "how far ahead of now a record's time may be (1d)",
	    .set = set_ahead },
	{ 'k', "key", "FIELD", "close it when the field's value changes",
	    OPTION_KEY, .limit = true, AT(lim.key) },
	{ 'p', "per", "FIELD", "each value of the field has batches of its own",
	    OPTION_KEY, AT(lim.per) },
	{ 0, "max-open", "N", "-p: the most batches open at a time (10000)",
	    OPTION_COUNT, AT(lim.max_open) },
	{ 's', "start", "ERE", "a matching record starts a batch",
	    OPTION_ERE, .limit = true, AT(lim.start) },
	{ 'e', "end", "ERE", "a matching record ends the batch",
	    OPTION_ERE, .limit = true, AT(lim.end) },
	{ 'a', "all", NULL, "one batch, to the end of input",
	    OPTION_ON, .limit = true, AT(lim.all) },
	{ 'i', "input", "FORMAT", "the format of the records (auto)",
	    .set = set_input },
	{ 'o', "output", "FORMAT",
	    "the format of the results; table: aligned columns",
	    .set = set_output },
	{ 'F', "separator", "STR", "fields are separated by exactly STR",
	    .set = set_separator },
	{ 'H', "header", NULL, "text: the first record names the fields",
	    OPTION_ON, AT(opt.text_header) },
	{ 'N', "no-header", NULL, "csv, tsv: no header in or out",
	    OPTION_OFF, AT(opt.header) },
	{ '0', "null", NULL, "records end in NUL, in and out",
	    .set = set_null },
	{ 0, "null-words", "WORDS", "texts that count as absent: -,NA",
	    .set = set_null_words },
	{ 'm', "multiline", "WORD|ERE",
	    "records of several lines: kind, or how they begin",
	    .set = set_multiline },
	{ 'S', "batch-end", "STR", "write STR as a line after each batch",
	    .set = set_batch_end },
	{ 0, "live", NULL,
	    "on a terminal: redraw the last batch's table in place",
	    OPTION_ON, AT(opt.live) },
	{ 0, "bad", "skip|fail|FILE",
	    "what becomes of records that can't be read (skip)",
	    .set = set_bad },
	{ 0, "max-record", "SIZE", "the longest record taken (64M)",
	    OPTION_SIZE, AT(max_record) },
	{ 'j', "jobs", "N", "processors to use (all)",
	    OPTION_COUNT, .free = true, AT(jobs) },
	{ 0, "none", "STATUS",
	    "the exit status of a run from which no record came (0)",
	    .free = true, .set = set_none },
	{ 0, "state", "FILE", "go on where the last run with FILE ended",
	    .free = true, .set = set_state },
	{ 0, "state-to", "NEW",
	    "put the new state there, for a reader of the output to install",
	    OPTION_FILE, .free = true, AT(state.to) },
	{ 0, "state-from", "start|end", "where the first run begins (start)",
	    .free = true, .set = set_state_from },
	{ 0, "state-rotated", "FILE", "where the input's older part may lie",
	    .free = true, .set = set_rotated },
	{ 0, "state-skip", NULL, "go on with what there is",
	    OPTION_ON, .free = true, AT(state.skip) },
	{ 0, "state-reset", NULL, "begin anew",
	    OPTION_ON, .free = true, AT(state.reset) },
	{ 0, "state-wait", "DUR",
	    "wait so long for another run that holds FILE (0)",
	    OPTION_DURATION, .free = true, AT(state.wait) },
	{ 0, "local", NULL, "windows, buckets and times are in TZ, not UTC",
	    OPTION_ON, AT(opt.local) },
	{ 0, "approx", NULL,
	    "quantiles, distinct counts and top by in fixed memory",
	    OPTION_ON, AT(opt.approx) },
	{ 0, "max-groups", "N", "further groups become one, (other)",
	    OPTION_COUNT, AT(opt.max_groups) },
	{ 0, "partial", NULL,
	    "write the first aggregate's states instead of results",
	    OPTION_ON, AT(opt.partial) },
	{ 0, "merge", NULL, "read such states instead of records",
	    OPTION_ON, AT(opt.merge) },
	{ 0, "run", "NAME", "--partial: what this run is called, a retry too",
	    .set = set_run },
	{ 0, "runs", "N", "--merge: the states of N runs are to come, no fewer",
	    .set = set_runs },
	{ 0, "idle", "DUR",
	    "--merge -w --runs: then windows don't wait for a run",
	    OPTION_DURATION, AT(runs.idle) },
	{ 0, "range", "K/N", "of the input, a file, only the K-th of N parts",
	    .set = set_range },
	{ 0, "sorted", NULL,
	    "--merge: the lines are sorted, and a group is done as it has "
	    "passed", OPTION_ON, AT(runs.sorted) },
	{ 0, "part", NULL, "--merge: other mergers have the other keys",
	    OPTION_ON, AT(opt.part) },
	{ 'v', "stats", NULL, "at the end, tell what was done",
	    OPTION_ON, .free = true, AT(stats) },
	{ 0, "progress", NULL,
	    "on a terminal: tell once a second how far it is",
	    OPTION_ON, AT(progress) },
	{ 0, "explain", NULL, "tell what would be done, and do nothing",
	    OPTION_ON, .free = true, AT(explain) },
	{ 'h', "help", "[OP]", "this help, or an operator's", .set = NULL },
	{ 'l', "list", NULL, "the operators, one a line", .set = NULL },
	{ 'V', "version", NULL, "the version", .set = NULL }
};
const size_t noptions = sizeof option_rows / sizeof *option_rows;

const struct option_row *
option_find(const char *name, size_t n, char letter)
{
	const struct option_row *r;

	for (r = option_rows; r < option_rows + noptions; r++)
		if (letter != 0 ? r->letter == letter : strlen(r->name) == n &&
		    memcmp(r->name, name, n) == 0)
			return r;
	return NULL;
}
