/* options-set.c - the options, and what each does with its value */
#include <string.h>

#include "lib/cli/options-inner.h"
#include "lib/number/number.h"
#include "lib/regex/regex.h"
#include "lib/run/args.h"
#include "lib/run/times.h"
#include "lib/run/window.h"
#include "lib/time/time.h"

static int
set_count(uint64_t *n, const char *val, const char **why)
{
	*why = number_count(n, val);
	return *why == NULL ? OK : FAIL;
}

static int
set_size(uint64_t *n, const char *val, const char **why)
{
	*why = number_size(n, val);
	return *why == NULL ? OK : FAIL;
}

static int
set_duration(int64_t *n, const char *val, const char **why)
{
	*why = number_duration(n, slice_str(val));
	return *why == NULL ? OK : FAIL;
}

static int
set_records(struct command *c, const char *val, const char **why)
{
	c->limited = true;
	return set_count(&c->lim.records, val, why);
}

static int
set_bytes(struct command *c, const char *val, const char **why)
{
	c->limited = true;
	return set_size(&c->lim.bytes, val, why);
}

static int
set_timeout(struct command *c, const char *val, const char **why)
{
	c->limited = true;
	return set_duration(&c->lim.timeout, val, why);
}

static int
set_gap(struct command *c, const char *val, const char **why)
{
	c->limited = true;
	return set_duration(&c->lim.gap, val, why);
}

static int
set_window(struct command *c, const char *val, const char **why)
{
	c->limited = true;
	return set_duration(&c->lim.window, val, why);
}

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

static int
set_time(struct command *c, const char *val, const char **why)
{
	struct field *f = arena_zero(c->opt.arena, sizeof *f);
	size_t n = field_end(val);

	c->time = c->opt.time = f;
	c->opt.time_format = NULL;
	*why = field_parse(f, (struct slice){ val, n }, false, c->opt.arena);
	if (*why == NULL && val[n] == ':') {
		c->opt.time_format = val + n + 1;
		*why = val[n + 1] == '\0' ? "a format follows the colon" :
		    time_format_error(c->opt.time_format);
	}
	return *why == NULL ? OK : FAIL;
}

static int
set_late(struct command *c, const char *val, const char **why)
{
	c->late_given = true;
	if (strcmp(val, "all") != 0)
		return set_duration(&c->late, val, why);
	c->late = LATE_ALL;
	return OK;
}

static int
set_ahead(struct command *c, const char *val, const char **why)
{
	c->ahead_given = true;
	if (strcmp(val, "all") != 0)
		return set_duration(&c->opt.ahead, val, why);
	c->opt.ahead = AHEAD_ALL;
	return OK;
}

static int
set_key(struct command *c, const char *val, const char **why)
{
	struct field *f = arena_zero(c->opt.arena, sizeof *f);

	c->limited = true;
	c->lim.key = f;
	*why = field_parse(f, slice_str(val), true, c->opt.arena);
	return *why == NULL ? OK : FAIL;
}

static int
set_regex(struct command *c, struct regex **re, const char *val,
    const char **why)
{
	size_t at;

	c->limited = true;
	regex_free(*re);
	*re = regex_new(slice_str(val), 0, c->opt.arena, why, &at);
	return *re == NULL ? FAIL : OK;
}

static int
set_start(struct command *c, const char *val, const char **why)
{
	return set_regex(c, &c->lim.start, val, why);
}

static int
set_end(struct command *c, const char *val, const char **why)
{
	return set_regex(c, &c->lim.end, val, why);
}

static int
set_all(struct command *c, const char *val, const char **why)
{
	(void)val;
	(void)why;
	c->limited = c->lim.all = true;
	return OK;
}

static int
set_format(const struct format **f, const char *val, unsigned traits,
    const char **why)
{
	const char *names[32], *near;
	size_t i, n = 0;

	*f = format_find(val);
	if (*f != NULL && ((*f)->traits & traits) == traits)
		return OK;
	for (i = 0; i < nformats && n < 31; i++)
		if ((formats[i]->traits & traits) == traits)
			names[n++] = formats[i]->name;
	if ((traits & FMT_OUTPUT) != 0)
		names[n++] = "table";
	near = diag_nearest(val, names, n);
	*why = near == NULL ? "" : near;
	return FAIL;
}

static int
set_input(struct command *c, const char *val, const char **why)
{
	return set_format(&c->opt.input, val, 0, why);
}

static int
set_output(struct command *c, const char *val, const char **why)
{
	c->opt.table = strcmp(val, "table") == 0;
	return set_format(&c->opt.output, c->opt.table ? "tsv" : val,
	    FMT_OUTPUT, why);
}

static int
set_separator(struct command *c, const char *val, const char **why)
{
	struct slice sep;

	*why = args_unescape(val, c->opt.arena, &sep);
	c->opt.sep = sep.p;
	c->opt.seplen = sep.n;
	if (*why == NULL && c->opt.seplen == 0)
		*why = "it must not be empty";
	return *why == NULL ? OK : FAIL;
}

static int
set_batch_end(struct command *c, const char *val, const char **why)
{
	struct slice text;

	*why = args_unescape(val, c->opt.arena, &text);
	c->batch_end = text.p;
	c->batch_endlen = text.n;
	return *why == NULL ? OK : FAIL;
}

static int
set_no_header(struct command *c, const char *val, const char **why)
{
	(void)val;
	(void)why;
	c->opt.header = false;
	return OK;
}

static int
set_null(struct command *c, const char *val, const char **why)
{
	(void)val;
	(void)why;
	c->opt.term = '\0';
	return OK;
}

static int
set_bad(struct command *c, const char *val, const char **why)
{
	struct badness *b = &c->bad;

	b->given = true;
	b->name = val;
	if (strcmp(val, "skip") == 0)
		b->what = BAD_SKIP;
	else if (strcmp(val, "fail") == 0)
		b->what = BAD_FAIL;
	else
		b->what = BAD_FILE;
	if (*val == '\0')
		*why = "skip, fail or the name of a file is missing";
	return *val == '\0' ? FAIL : OK;
}

static int
set_max_record(struct command *c, const char *val, const char **why)
{
	if (set_size(&c->max_record, val, why) != OK)
		return FAIL;
	if (c->max_record == 0 || c->max_record > SIZE_MAX / 4)
		c->max_record = SIZE_MAX / 4;
	return OK;
}

/* What a shell tells apart from a command that was not found or was killed. */
static int
set_none(struct command *c, const char *val, const char **why)
{
	if (number_count(&c->none, val) != NULL || c->none < 1 ||
	    c->none > 125) {
		*why = "a status is from 1 to 125";
		return FAIL;
	}
	return OK;
}

static int
set_max_groups(struct command *c, const char *val, const char **why)
{
	return set_count(&c->opt.max_groups, val, why);
}

const struct option_row option_rows[OPTIONS] = {
	{ .letter = 'n', .name = "records", .value = "N",
	    .help = "close the batch at N records", .set = set_records },
	{ .letter = 'b', .name = "bytes", .value = "SIZE",
	    .help = "close it at SIZE of input, or before a record that would "
	    "exceed it", .set = set_bytes },
	{ .letter = 't', .name = "timeout", .value = "DUR",
	    .help = "close it when its oldest record has waited DUR",
	    .set = set_timeout },
	{ .letter = 'g', .name = "gap", .value = "DUR",
	    .help = "close it when no record has come for DUR",
	    .set = set_gap },
	{ .letter = 'w', .name = "window", .value = "DUR",
	    .help = "aligned windows of DUR, empty ones too",
	    .set = set_window },
	{ .letter = 'T', .name = "time", .value = "FIELD[:FORMAT]",
	    .help = "-w goes by the records' own time (0: the first timestamp)",
	    .set = set_time },
	{ .name = "late", .value = "DUR|all",
	    .help = "hold windows of -T open for late records",
	    .set = set_late },
	{ .name = "ahead", .value = "DUR|all",
	    .help = "how far ahead of now a record's time may be (1d)",
	    .set = set_ahead },
	{ .letter = 'k', .name = "key", .value = "FIELD",
	    .help = "close it when the field's value changes", .set = set_key },
	{ .letter = 's', .name = "start", .value = "ERE",
	    .help = "a matching record starts a batch", .set = set_start },
	{ .letter = 'e', .name = "end", .value = "ERE",
	    .help = "a matching record ends the batch", .set = set_end },
	{ .letter = 'a', .name = "all",
	    .help = "one batch, to the end of input", .set = set_all },
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
	    .flag = offsetof(struct command, opt.text_header) },
	{ .letter = 'N', .name = "no-header",
	    .help = "csv, tsv: no header in or out", .set = set_no_header },
	{ .letter = '0', .name = "null",
	    .help = "records end in NUL, in and out", .set = set_null },
	{ .letter = 'S', .name = "batch-end", .value = "STR",
	    .help = "write STR as a line after each batch",
	    .set = set_batch_end },
	{ .name = "bad", .value = "skip|fail|FILE",
	    .help = "what becomes of records that can't be read (skip)",
	    .set = set_bad },
	{ .name = "max-record", .value = "SIZE",
	    .help = "the longest record taken (64M)", .set = set_max_record },
	{ .name = "none", .value = "STATUS",
	    .help = "the exit status of a run from which no record came (0)",
	    .set = set_none },
	{ .name = "local",
	    .help = "windows, buckets and times are in TZ, not UTC",
	    .flag = offsetof(struct command, opt.local) },
	{ .name = "approx",
	    .help = "quantiles, distinct counts and top by in fixed memory",
	    .flag = offsetof(struct command, opt.approx) },
	{ .name = "max-groups", .value = "N",
	    .help = "further groups become one, (other)",
	    .set = set_max_groups },
	{ .name = "partial",
	    .help = "write the first aggregate's states instead of results",
	    .flag = offsetof(struct command, opt.partial) },
	{ .name = "merge",
	    .help = "read such states instead of records",
	    .flag = offsetof(struct command, opt.merge) },
	{ .letter = 'v', .name = "stats",
	    .help = "at the end, tell what was done",
	    .flag = offsetof(struct command, stats) },
	{ .letter = 'h', .name = "help", .value = "[OP]",
	    .help = "this help, or an operator's" },
	{ .letter = 'l', .name = "list",
	    .help = "the operators, one a line" },
	{ .letter = 'V', .name = "version",
	    .help = "the version" }
};
