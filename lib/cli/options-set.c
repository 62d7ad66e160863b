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
set_late(struct command *c, const char *val)
{
	c->late_given = true;
	if (strcmp(val, "all") != 0)
		return number_duration(&c->late, slice_str(val));
	c->late = LATE_ALL;
	return NULL;
}

static const char *
set_ahead(struct command *c, const char *val)
{
	c->ahead_given = true;
	if (strcmp(val, "all") != 0)
		return number_duration(&c->opt.ahead, slice_str(val));
	c->opt.ahead = AHEAD_ALL;
	return NULL;
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
	if (lim->start != NULL)
		lim->start = regex_again(lim->start, a);
	if (lim->end != NULL)
		lim->end = regex_again(lim->end, a);
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
	    (struct slice){ val, (size_t)(slash - val) });
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
set_idle(struct command *c, const char *val)
{
	return number_duration(&c->runs.idle, slice_str(val));
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
set_state_to(struct command *c, const char *val)
{
	c->state.to = val;
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
	{ .letter = 'n', .name = "records", .value = "N",
	    .help = "close the batch at N records",
	    .kind = OPTION_COUNT, .limit = true, AT(lim.records) },
	{ .letter = 'b', .name = "bytes", .value = "SIZE",
	    .help = "close it before it has more than SIZE of input",
	    .kind = OPTION_SIZE, .limit = true, AT(lim.bytes) },
	{ .letter = 't', .name = "timeout", .value = "DUR",
	    .help = "close it when its oldest record has waited DUR",
	    .kind = OPTION_DURATION, .limit = true, AT(lim.timeout) },
	{ .letter = 'g', .name = "gap", .value = "DUR",
	    .help = "close it when no record has come for DUR",
	    .kind = OPTION_DURATION, .limit = true, AT(lim.gap) },
	{ .letter = 'w', .name = "window", .value = "DUR",
	    .help = "aligned windows of DUR, empty ones too",
	    .kind = OPTION_WINDOW, .limit = true, AT(lim.window) },
	{ .letter = 'T', .name = "time", .value = "FIELD[:FORMAT]",
	    .help = "where the records' own time is (0: the first one)",
	    .set = set_time },
	{ .name = "late", .value = "DUR|all",
	    .help = "hold windows of -T open for late records",
	    .set = set_late },
	{ .name = "ahead", .value = "DUR|all",
	    .help = "how far ahead of now a record's time may be (1d)",
	    .set = set_ahead },
	{ .letter = 'k', .name = "key", .value = "FIELD",
	    .help = "close it when the field's value changes",
	    .kind = OPTION_KEY, .limit = true, AT(lim.key) },
	{ .letter = 'p', .name = "per", .value = "FIELD",
	    .help = "each value of the field has batches of its own",
	    .kind = OPTION_KEY, AT(lim.per) },
	{ .name = "max-open", .value = "N",
	    .help = "-p: the most batches open at a time (10000)",
	    .kind = OPTION_COUNT, AT(lim.max_open) },
	{ .letter = 's', .name = "start", .value = "ERE",
	    .help = "a matching record starts a batch",
	    .kind = OPTION_ERE, .limit = true, AT(lim.start) },
	{ .letter = 'e', .name = "end", .value = "ERE",
	    .help = "a matching record ends the batch",
	    .kind = OPTION_ERE, .limit = true, AT(lim.end) },
	{ .letter = 'a', .name = "all",
	    .help = "one batch, to the end of input",
	    .kind = OPTION_ON, .limit = true, AT(lim.all) },
	{ .letter = 'i', .name = "input", .value = "FORMAT",
	    .help = "the format of the records (auto)", .set = set_input },
	{ .letter = 'o', .name = "output", .value = "FORMAT",
	    .help = "the format of the results; table: aligned columns",
	    .set = set_output },
	{ .letter = 'F', .name = "separator", .value = "STR",
	    .help = "fields are separated by exactly STR",
	    .set = set_separator },
	{ .letter = 'H', .name = "header",
	    .help = "text: the first record names the fields",
	    .kind = OPTION_ON, AT(opt.text_header) },
	{ .letter = 'N', .name = "no-header",
	    .help = "csv, tsv: no header in or out",
	    .kind = OPTION_OFF, AT(opt.header) },
	{ .letter = '0', .name = "null",
	    .help = "records end in NUL, in and out", .set = set_null },
	{ .name = "null-words", .value = "WORDS",
	    .help = "texts that count as absent: -,NA",
	    .set = set_null_words },
	{ .letter = 'm', .name = "multiline", .value = "WORD|ERE",
	    .help = "records of several lines: kind, or how they begin",
	    .set = set_multiline },
	{ .letter = 'S', .name = "batch-end", .value = "STR",
	    .help = "write STR as a line after each batch",
	    .set = set_batch_end },
	{ .name = "live",
	    .help = "on a terminal: redraw the last batch's table in place",
	    .kind = OPTION_ON, AT(opt.live) },
	{ .name = "bad", .value = "skip|fail|FILE",
	    .help = "what becomes of records that can't be read (skip)",
	    .set = set_bad },
	{ .name = "max-record", .value = "SIZE",
	    .help = "the longest record taken (64M)",
	    .kind = OPTION_SIZE, AT(max_record) },
	{ .letter = 'j', .name = "jobs", .value = "N",
	    .help = "processors to use (all)",
	    .kind = OPTION_COUNT, .free = true, AT(jobs) },
	{ .name = "none", .value = "STATUS",
	    .help = "the exit status of a run from which no record came (0)",
	    .free = true, .set = set_none },
	{ .name = "state", .value = "FILE",
	    .help = "go on where the last run with FILE ended",
	    .free = true, .set = set_state },
	{ .name = "state-to", .value = "NEW",
	    .help = "put the new state there, for a reader of the output to "
	    "install", .free = true, .set = set_state_to },
	{ .name = "state-from", .value = "start|end",
	    .help = "where the first run begins (start)",
	    .free = true, .set = set_state_from },
	{ .name = "state-rotated", .value = "FILE",
	    .help = "where the input's older part may lie",
	    .free = true, .set = set_rotated },
	{ .name = "state-skip",
	    .help = "go on with what there is",
	    .kind = OPTION_ON, .free = true, AT(state.skip) },
	{ .name = "state-reset",
	    .help = "begin anew",
	    .kind = OPTION_ON, .free = true, AT(state.reset) },
	{ .name = "state-wait", .value = "DUR",
	    .help = "wait so long for another run that holds FILE (0)",
	    .kind = OPTION_DURATION, .free = true, AT(state.wait) },
	{ .name = "local",
	    .help = "windows, buckets and times are in TZ, not UTC",
	    .kind = OPTION_ON, AT(opt.local) },
	{ .name = "approx",
	    .help = "quantiles, distinct counts and top by in fixed memory",
	    .kind = OPTION_ON, AT(opt.approx) },
	{ .name = "max-groups", .value = "N",
	    .help = "further groups become one, (other)",
	    .kind = OPTION_COUNT, AT(opt.max_groups) },
	{ .name = "partial",
	    .help = "write the first aggregate's states instead of results",
	    .kind = OPTION_ON, AT(opt.partial) },
	{ .name = "merge",
	    .help = "read such states instead of records",
	    .kind = OPTION_ON, AT(opt.merge) },
	{ .name = "run", .value = "NAME",
	    .help = "--partial: what this run is called, a retry too",
	    .set = set_run },
	{ .name = "runs", .value = "N",
	    .help = "--merge: the states of N runs are to come, no fewer",
	    .set = set_runs },
	{ .name = "idle", .value = "DUR",
	    .help = "--merge -w --runs: then windows don't wait for a run",
	    .set = set_idle },
	{ .name = "range", .value = "K/N",
	    .help = "of the input, a file, only the K-th of N parts",
	    .set = set_range },
	{ .name = "sorted",
	    .help = "--merge: the lines are sorted, and a group is done as it "
	    "has passed",
	    .kind = OPTION_ON, AT(runs.sorted) },
	{ .name = "part",
	    .help = "--merge: other mergers have the other keys",
	    .kind = OPTION_ON, AT(opt.part) },
	{ .letter = 'v', .name = "stats",
	    .help = "at the end, tell what was done",
	    .kind = OPTION_ON, .free = true, AT(stats) },
	{ .name = "progress",
	    .help = "on a terminal: tell once a second how far it is",
	    .kind = OPTION_ON, AT(progress) },
	{ .name = "explain",
	    .help = "tell what would be done, and do nothing",
	    .kind = OPTION_ON, .free = true, AT(explain) },
	{ .letter = 'h', .name = "help", .value = "[OP]",
	    .help = "this help, or an operator's" },
	{ .letter = 'l', .name = "list",
	    .help = "the operators, one a line" },
	{ .letter = 'V', .name = "version",
	    .help = "the version" }
};
const size_t noptions = sizeof option_rows / sizeof *option_rows;
