/* options.c - the command line before the chain */
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mbatch.h"
#include "lib/base/fd.h"
#include "lib/base/hash.h"
#include "lib/cli/help.h"
#include "lib/cli/options-inner.h"
#include "lib/format/fmt.h"
#include "lib/format/pack.h"
#include "lib/run/args.h"
#include "lib/run/table.h"
#include "lib/run/window.h"
#include "lib/write/out.h"

enum { LONG = 256 };		/* options without a letter: LONG + row */

/* getopt's two tables, from ours. */
static void
fill_tables(char *letters, struct option *longs)
{
	size_t i;

	*letters++ = '+';		/* stop at the first operator */
	*letters++ = ':';
	for (i = 0; i < noptions; i++) {
		const struct option_row *h = &option_rows[i];
		bool value = h->value != NULL && h->letter != 'h';

		longs[i] = (struct option){ h->name, value ? required_argument :
		    h->value != NULL ? optional_argument : no_argument, NULL,
		    h->letter != 0 ? h->letter : LONG + (int)i };
		if (h->letter == 0)
			continue;
		*letters++ = h->letter;
		if (value)
			*letters++ = ':';
	}
	*letters = '\0';
	longs[noptions] = (struct option){ 0 };
}

static const struct option_row *
row_of(int c)
{
	return c >= LONG ? &option_rows[c - LONG] :
	    option_find(NULL, 0, (char)c);
}

static enum command_status wrong(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));

static enum command_status
wrong(const char *fmt, ...)
{
	char msg[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof msg, fmt, ap);
	va_end(ap);
	diag_warn("%s", msg);
	diag_warn("usage: mbatch [OPTION]... [OP [ARG]... [then OP "
	    "[ARG]...]...]; see mbatch --help");
	return COMMAND_WRONG;
}

/* Whether word is -x..., --NAME or --NAME=VALUE of a row. */
static bool
is_option(const char *word)
{
	if (word[0] != '-' || word[1] == '\0')
		return false;
	return (word[1] != '-' ? option_find(NULL, 0, word[1]) :
	    option_find(word + 2, strcspn(word + 2, "="), 0)) != NULL;
}

/* Other tools' options: a letter, or a name. */
static const struct instead options_instead[] = {
	{ "batch", "-n N closes a batch at N records, -b SIZE at bytes" },
	{ "batch-size", "-n N closes a batch at N records, -b SIZE at bytes" },
	{ "csv", "-i csv reads it, -o csv writes it" },
	{ "d", "-F separates fields" },
	{ "delimiter", "-F separates fields" },
	{ "f", "fields are an operator's: cut 1,3; files come by < FILE" },
	{ "field-separator", "-F separates fields" },
	{ "file", "records come from standard input: mbatch ... < FILE" },
	{ "follow", "tail -F FILE | mbatch ..." },
	{ "format", "-i says what is read, -o what is written" },
	{ "interval", "-w DUR makes windows, -t DUR limits the wait" },
	{ "json", "-i json reads it, -o json writes it" },
	{ "lines", "-n N closes a batch at N records" },
	{ "max-args", "-n N closes a batch at N records" },
	{ "parallel", "-j N limits processors, into -P N runs commands" },
	{ "quiet", "an operator that prints nothing is none: --none STATUS" },
	{ "size", "-n N closes a batch at N records, -b SIZE at bytes" },
	{ "threads", "-j N limits processors" },
	{ "tsv", "-i tsv reads it, -o tsv writes it" },
	{ "utc", "times are UTC without --local" },
	{ "zero", "-0 ends records by NUL" },
	{ NULL, NULL }
};

/* --NAME, without its value, that is no option or the front of several. */
static enum command_status
unknown_long(const char *word, struct arena *a)
{
	const char **names = arena_alloc(a, noptions * sizeof *names), *near;
	const char *list = "", *name, *here;
	size_t i, n = strcspn(word, "="), found = 0;

	n = n < 64 ? n : 63;
	name = arena_str(a, (struct slice){ word, n });
	for (i = 0; i < noptions; i++) {
		names[i] = option_rows[i].name;
		if (n > 0 && strncmp(names[i], name, n) == 0)
			list = arena_printf(a, "%s%s--%s", list,
			    found++ == 0 ? "" : ", ", names[i]);
	}
	near = diag_nearest(name, names, noptions);
	here = instead_of(options_instead, name);
	if (here != NULL)
		return wrong("there is no option --%s: %s", name, here);
	if (found > 1)
		return wrong("--%s may be one of %s", name, list);
	if (near != NULL)
		return wrong("there is no option --%s; did you mean --%s?",
		    name, near);
	return wrong("there is no option --%s", name);
}

/* An option that getopt did not take, in word. */
static enum command_status
unknown_option(const char *word, struct arena *a)
{
	const struct option_row *r = optopt == 0 ? NULL : row_of(optopt);
	const char letter[] = { (char)optopt, '\0' };
	const char *here = instead_of(options_instead, letter);

	if (optopt == 0)
		return unknown_long(word + 2, a);
	if (r != NULL)
		return wrong("--%s takes no value", r->name);
	if (args_is_number(word + 1))
		return wrong("there is no option %s; did you mean -n %s "
		    "(batches of so many records), or the operator 'head %s'?",
		    word, word + 1, word + 1);
	return wrong("there is no option -%s%s%s", letter, here != NULL ? ": " :
	    "; ", here != NULL ? here : "an operator's flags stand after its "
	    "name");
}

/* Whether word is the front of an option's name that means something else to
   who comes from other tools. */
static bool
misleads(const char *word, struct arena *a)
{
	const char *name;

	if (word == NULL || strncmp(word, "--", 2) != 0 || is_option(word))
		return false;
	name = arena_str(a, (struct slice){ word + 2, strcspn(word + 2, "=") });
	return instead_of(options_instead, name) != NULL;
}

/* word: the last one; NULL after a letter with musl's getopt. */
static enum command_status
missing_value(const char *word)
{
	const struct option_row *h = row_of(optopt);

	if (word != NULL && strncmp(word, "--", 2) == 0)
		return wrong("--%s needs a value: --%s %s", h->name, h->name,
		    h->value);
	return wrong("-%c needs a value: -%c %s", h->letter, h->letter,
	    h->value);
}

/* One option, as getopt gave it. */
static enum command_status
take_option(struct command *c, int letter, char **argv)
{
	const struct option_row *r = row_of(letter);
	const char *why, *val = optarg == NULL ? "" : optarg;
	const char *op = optarg != NULL ? optarg : argv[optind];

	if (optarg == NULL && op != NULL && (strcmp(op, "--") == 0 ||
	    (*op == '-' && strcmp(argv[optind - 1], "--help") != 0)))
		op = NULL;
	if (letter == 'h' && op != NULL)
		return help_about(op);
	if (letter == 'h')
		return help(strncmp(argv[optind - 1], "--", 2) == 0);
	if (letter == 'l')
		return help_list();
	if (letter == 'V')
		return help_version();
	why = option_set(c, r, optarg);
	if (!r->free) {
		pack_text(&c->said, slice_str(arena_printf(c->opt.arena, "--%s",
		    r->name)));
		if (optarg != NULL)
			pack_text(&c->said, slice_str(optarg));
	}
	if (why == NULL)
		return COMMAND_RUN;
	if (*val == '=' && r->letter != 0)
		why = "a letter's value stands behind it, without =";
	return wrong("--%s %s: %s", r->name, diag_quote(val, strlen(val)), why);
}

/* The option that would close a batch beside a window, 0 if none does. */
static char
other_limit(const struct command *c)
{
	static const char zero[sizeof(uint64_t)];
	const struct option_row *r;

	for (r = option_rows; r < option_rows + noptions; r++)
		if (r->limit && r->letter != 'w' &&
		    memcmp((const char *)c + r->at, zero, r->size) != 0)
			return r->letter;
	return 0;
}

/* Where the records' own time is, if it isn't said: where the format has it,
   and in states, whose first key is the window. */
static void
imply_time(struct command *c)
{
	static const struct field key = { .text = "1", .kind = FIELD_POS,
	    .name = { "1", 1 }, .pos = 1 };

	if (c->opt.time != NULL)
		return;
	c->opt.time = c->opt.input->time;
	if (c->opt.time == NULL && c->opt.merge && c->lim.window.width > 0)
		c->opt.time = &key;
	c->opt.time_implied = c->opt.time != NULL;
}

/* -T, or what it is by itself; what it can't go with. */
static enum command_status
settle_time(struct command *c)
{
	char other = other_limit(c);

	imply_time(c);
	c->opt.event_time = c->lim.window.width > 0 && c->opt.time != NULL;
	c->opt.window = c->lim.window;
	if (time_grid_thursdays(&c->lim.window))
		diag_warn("-w: weeks that begin on Thursdays, as the epoch "
		    "did; -w 1w are those from Monday on");
	c->opt.interleaved = c->opt.event_time || c->opt.per;
	if (c->opt.event_time && other != 0)
		return wrong("-%c can't be combined with -w %s: a window of "
		    "the records' own time closes by time alone, as several "
		    "may be open", other, c->opt.merge ? "and --merge" :
		    c->time != NULL ? "-T" : arena_printf(c->opt.arena,
		    "of -i %s", c->opt.input->name));
	if (c->opt.partial && c->lim.window.width > 0 && !c->opt.event_time)
		return wrong("--partial with -w needs the records' own time, "
		    "-T FIELD: windows by the clock say when records were "
		    "read, here");
	c->lim.all &= c->lim.window.width == 0;
	if (c->late_given && !c->opt.event_time)
		return wrong("--late is for windows of the records' own time: "
		    "it needs -w and -T");
	return COMMAND_RUN;
}

int
command_check(const struct command *c, const struct chain *chain, bool regular)
{
	if (c->state.file != NULL && c->runs.part.n > 0)
		return diag_warn("--state can't be combined with --range");
	if (c->state.file != NULL && state_suits(&c->state, chain, &c->lim,
	    c->limited) != OK)
		return FAIL;
	if (regular && c->lim.window.width > 0 && !c->opt.event_time)
		return diag_warn("-w on a regular file needs the records' own "
		    "time: -T FIELD");
	if (c->runs.part.n > 0 && !regular)
		return diag_warn("--range is of a regular file, and standard "
		    "input is none: mbatch --range %" PRIu64 "/%" PRIu64
		    " ... < FILE", c->runs.part.k, c->runs.part.n);
	if (regular && fd_feeds_input(STDOUT_FILENO) &&
	    (!chain_has(chain, OP_HOLD) || !c->lim.all))
		return diag_warn("the input file is also standard output: "
		    "there would be no end of it");
	if (c->time != NULL && !c->opt.event_time &&
	    !chain_names(chain, OP_TIME))
		return diag_warn("-T is used by -w, %s, first and last of "
		    "stats, and none of them is there", op_list(OP_TIME, ", ",
		    c->opt.arena));
	if (c->ahead_given && (c->opt.time == NULL ||
	    (!c->opt.event_time && !chain_names(chain, OP_TIME))))
		return diag_warn("--ahead is about the records' own time: it "
		    "needs -T and what uses it, -w, %s", op_list(OP_TIME,
		    " or ", c->opt.arena));
	if (c->opt.live && chain_sinks(chain))
		return diag_warn("--live draws what reaches standard output, "
		    "and %s writes elsewhere",
		    chain->stage[chain->n - 1].op.name);
	if ((c->opt.approx || c->opt.max_groups > 0) &&
	    !chain_names(chain, OP_GROUPS))
		return diag_warn("%s is for aggregates (%s), and none of them "
		    "is there", c->opt.approx ? "--approx" : "--max-groups",
		    op_list(OP_GROUPS, ", ", c->opt.arena));
	return OK;
}

/* Whether -F separates something that is read or written; lines of states are
   the same on every side, whatever is done there. */
static bool
separates(const struct options *o, const struct shape *out)
{
	if ((o->input->traits & FMT_SEPARATOR) != 0 || o->partial || o->merge)
		return true;
	return o->output == NULL ? out->made :
	    (o->output->traits & FMT_OPEN) != 0;
}

int
command_suits(const struct command *c, const struct shape *out)
{
	const struct options *o = &c->opt;

	if (out->arrays && o->output != NULL && o->output != out->format)
		return diag_warn("collect: its arrays are JSON, and can't be "
		    "written as -o %s", o->table ? "table" : o->output->name);
	if (o->sep != NULL && !separates(o, out))
		return diag_warn("-F is used by text, csv and tsv that are "
		    "read, by text that is written and by records that "
		    "operators make, and none of them is there");
	return OK;
}

/* States are written in a form of their own.  They come in any order, and none
   is passed over unless that is asked for. */
static void
settle_states(struct command *c)
{
	if (c->opt.partial) {
		c->opt.output = NULL;
		c->batch_end = NULL;
	}
	if (c->opt.merge && !c->bad.given)
		c->bad.what = BAD_FAIL;
	if (c->opt.merge && c->lim.window.width > 0)
		c->late = c->runs.sorted ? 0 : LATE_ALL;
}

/* -p: what closes a value's batch, and where there is none. */
static enum command_status
settle_per(struct command *c)
{
	const char *other = c->opt.partial ? "--partial" :
	    c->opt.merge ? "--merge" : c->lim.window.width > 0 ? "-w" :
	    c->lim.key != NULL ? "-k" : c->lim.start != NULL ? "-s" :
	    c->lim.end != NULL ? "-e" : NULL;

	c->opt.per = c->lim.per != NULL;
	c->opt.keyed = c->opt.per || c->lim.key != NULL;
	if (!c->opt.per && c->lim.max_open > 0)
		return wrong("--max-open is for batches by key: it needs -p");
	if (c->opt.per && other != NULL)
		return wrong("-p can't be combined with %s: each value's batch "
		    "closes by -n, -b, -t, -g, or at the end of input", other);
	if (c->lim.max_open == 0)
		c->lim.max_open = 10000;
	return COMMAND_RUN;
}

uint64_t
command_reads(const struct command *c)
{
	const struct options *o = &c->opt;
	const char *zone = o->local ? getenv("TZ") : "UTC";
	const char *text = arena_printf(o->arena, "%s %s %s %d %d %d %" PRId64
	    " %" PRId64 " %" PRIu64 " %s", o->input->name,
	    c->time == NULL ? "-" : c->time->text,
	    o->time_format == NULL ? "-" : o->time_format,
	    o->term, o->header, o->text_header, c->late, o->ahead,
	    c->max_record, zone == NULL ? "-" : zone);
	uint64_t hash = hash_bytes(text, strlen(text), c->reads);

	return o->sep == NULL ? hash : hash_bytes(o->sep, o->seplen, hash);
}

/* What a run's states need to belong together is asked for where they are. */
static enum command_status
settle_runs(struct command *c)
{
	struct runs *r = &c->runs;

	if (r->name != NULL && !c->opt.partial)
		return wrong("--run names a run of --partial");
	if ((r->want > 0 || c->opt.part || r->sorted) && !c->opt.merge)
		return wrong("--%s is for --merge", c->opt.part ? "part" :
		    r->sorted ? "sorted" : "runs");
	if (r->sorted && !c->lim.all && c->lim.window.width == 0)
		return wrong("--sorted is for --merge of all or with -w");
	if (r->want > 0 && c->opt.part)
		return wrong("--runs wants all of the runs' states, and --part "
		    "says that they are not all here");
	r->live = c->opt.merge && !c->opt.partial && !r->sorted &&
	    r->want > 0 && c->lim.window.width > 0;
	if (r->idle > 0 && !r->live)
		return wrong("--idle is for --merge -w --runs N");
	/* sorted by key they may be those of some keys */
	c->opt.part |= c->lim.key != NULL && r->want == 0;
	r->key = c->lim.key;
	r->max = (size_t)c->max_record;
	return COMMAND_RUN;
}

/* Headers and separators go with some formats only. */
static enum command_status
settle_formats(struct command *c)
{
	const struct format *f = c->opt.input, *to = c->opt.output;
	bool text = (f->traits & FMT_OPEN) != 0;

	if (c->opt.text_header && !text)
		return wrong("-H is for text: %s %s", f->name,
		    (f->traits & FMT_HEADER) != 0 ? "has a header anyway" :
		    "has its own names");
	if (!c->opt.header && (f->traits & FMT_HEADER) == 0 &&
	    (to == NULL || (to->traits & FMT_HEADER) == 0))
		return wrong("-N is for csv and tsv, and neither is read or "
		    "written: see -i and -o");
	if (c->opt.sep != NULL && f->quote != '\0' &&
	    memchr(c->opt.sep, f->quote, c->opt.seplen) != NULL)
		return wrong("-F: a quote can't separate the fields of %s, "
		    "whose values may stand in quotes", f->name);
	if (c->opt.lines && (f->open != NULL || c->opt.merge))
		return wrong(c->opt.merge ? "-m can't be combined with "
		    "--merge: states are lines" : "-m can't be combined with "
		    "-i %s, where values in quotes may have several lines "
		    "anyway", f->name);
	if (text && (c->opt.text_header || c->opt.sep != NULL))
		c->opt.input = &format_text;
	return COMMAND_RUN;
}

/* --live: what is drawn is a table, on a terminal. */
static enum command_status
settle_live(const struct command *c)
{
	const struct options *o = &c->opt;

	if (!o->live)
		return COMMAND_RUN;
	if (o->output != NULL && !o->table)
		return wrong("--live draws tables, and -o %s is none",
		    o->output->name);
	if (o->partial || c->batch_end != NULL)
		return wrong("--live can't be combined with %s: it redraws a "
		    "table in place", o->partial ? "--partial" : "-S");
	if (!isatty(STDOUT_FILENO) && !c->explain)
		return wrong("--live draws on a terminal, and standard output "
		    "is none; without it each batch's result is written");
	return COMMAND_RUN;
}

/* The words that a state is for. */
static enum command_status
settle_state(struct command *c)
{
	const char *tz = c->opt.local ? getenv("TZ") : NULL;
	const struct state_options *s = &c->state;
	char **word;

	if (s->file == NULL && (s->to != NULL || s->nrotated > 0 || s->end ||
	    s->skip || s->reset || s->wait > 0))
		return wrong("--state-to and what else begins so need --state "
		    "FILE");
	if (tz != NULL)
		pack_text(&c->said, slice_str(arena_printf(c->opt.arena,
		    "TZ=%s", tz)));
	for (word = c->chain; *word != NULL; word++)
		pack_text(&c->said, slice_str(*word));
	c->words = arena_copy(c->opt.arena, buf_text(&c->said));
	buf_free(&c->said);
	return COMMAND_RUN;
}

/* What the options say together. */
static enum command_status
settle(struct command *c)
{
	if (settle_formats(c) != COMMAND_RUN || settle_per(c) != COMMAND_RUN ||
	    settle_live(c) != COMMAND_RUN || settle_state(c) != COMMAND_RUN)
		return COMMAND_WRONG;
	if (!c->limited && (c->opt.partial || c->opt.merge)) {
		c->limited = c->lim.all = true;
	} else if (!c->limited) {
		c->lim.records = 1000;
		c->lim.timeout = 1000000000;
	}
	c->lim.all &= other_limit(c) == 'a';
	if (c->max_record == 0 || c->max_record > SIZE_MAX / 4)
		c->max_record = SIZE_MAX / 4;
	settle_states(c);
	if (settle_runs(c) != COMMAND_RUN)
		return COMMAND_WRONG;
	c->lim.local = c->opt.local;
	return settle_time(c);
}

enum command_status
command_read(struct command *c, int argc, char **argv, struct arena *arena,
    struct diag *diag)
{
	char *letters = arena_bytes(arena, noptions * 2 + 3);
	struct option *longs = arena_alloc(arena,
	    (noptions + 1) * sizeof *longs);
	enum command_status st;
	const char *word;
	int opt;

	memset(c, 0, sizeof *c);
	c->opt = (struct options){ .term = '\n', .header = true,
	    .arena = arena, .diag = diag, .input = &format_auto,
	    .is_option = is_option };
	c->opt.seed = (uint64_t)time_mono() * 0x9e3779b97f4a7c15 ^
	    (uint64_t)getpid();
	c->opt.ahead = INT64_C(86400000000000);
	c->opt.doubted = tally_new(diag, arena,
	    "records were dated too far ahead (--ahead)");
	c->max_record = 64 * 1024 * 1024;
	c->opt.bad = &c->bad;
	c->opt.claims = &c->claims;
	c->claims.seed = c->opt.seed;
	c->opt.runs = &c->runs;
	c->bad.fd = -1;
	c->bad.tally = tally_new(diag, arena, "records could not be read");
	if (argc == 1 && isatty(STDIN_FILENO))
		return help_lost();
	if (argc > 1 && strcmp(argv[1], "--complete") == 0)
		return complete(argv + 2, arena);
	fill_tables(letters, longs);
	opterr = 0;
	optind = 1;			/* a run may go on as another */
	for (;;) {
		word = argv[optind];
		opt = getopt_long(argc, argv, letters, longs, NULL);
		if (opt == -1)
			break;
		if (misleads(word, arena))
			return unknown_long(word + 2, arena);
		if (opt == '?')
			return unknown_option(argv[optind - 1], arena);
		if (opt == ':')
			return missing_value(argv[optind - 1]);
		st = take_option(c, opt, argv);
		if (st != COMMAND_RUN)
			return st;
	}
	c->chain = argv + optind;
	return settle(c);
}
