/* complete.c - what the shells' completions ask: the next words */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mbatch.h"
#include "lib/agg/agg.h"
#include "lib/cli/help.h"
#include "lib/cli/options-inner.h"
#include "lib/format/fmt.h"
#include "lib/run/args.h"
#include "lib/run/table.h"

enum { FRONT = 65536 };		/* bytes of a file that names are sought in */

struct completion {
	const char *cur;		/* the word to be completed, */
	size_t done;			/* bytes of it that stay */
	struct arena *arena;
	const char *file;		/* < FILE, NULL: none */
	struct options opt;		/* as far as they were said */
	const struct option_row *option;	/* whose value is due */
	const struct op *op;		/* NULL: options, or its name */
	const char *flag;		/* of op, whose value is due */
	const char *keyword;		/* of op, whose value is due */
	bool chain;			/* an operator came */
	size_t nargs;			/* of op, before cur */
	size_t command;			/* where that of into is, 0: nowhere */
};

/* One of them, if it goes on as the word does. */
static void
offer(const struct completion *c, const char *name, const char *end,
    const char *what)
{
	const char *typed = c->cur + c->done;

	if (strncmp(name, typed, strlen(typed)) != 0)
		return;
	printf("%.*s%s%s%s%s\n", (int)c->done, c->cur, name, end,
	    *what == '\0' ? "" : "\t", what);
}

static void
offer_formats(const struct completion *c, unsigned traits)
{
	size_t i;

	for (i = 0; i < nformats; i++)
		if ((formats[i]->traits & traits) == traits)
			offer(c, formats[i]->name, "", formats[i]->help);
	if (traits != 0)
		offer(c, "table", "", "aligned columns");
}

static void
offer_ops(const struct completion *c)
{
	size_t i;

	for (i = 0; i < nops; i++)
		offer(c, ops[i]->name, "", ops[i]->help);
}

/* A name as it is referred to. */
static void
offer_name(const struct completion *c, struct slice name)
{
	bool plain = name.n > 0 && strspn(arena_str(c->arena, name),
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789.@")
	    == name.n && strspn(arena_str(c->arena, name), "0123456789") !=
	    name.n;

	if (name.n == 0 || memchr(name.p, '\n', name.n) != NULL)
		return;
	offer(c, arena_printf(c->arena, plain ? "%.*s" : "{%.*s}", (int)name.n,
	    name.p), "", "");
}

/* The first record of the file, NULL: there is none that can be read. */
static bool
first_record(const struct completion *c, struct slice *rec)
{
	int fd = c->file == NULL ? -1 : open(c->file, O_RDONLY | O_NONBLOCK);
	char *p = arena_bytes(c->arena, FRONT);
	ssize_t n = fd < 0 ? -1 : read(fd, p, FRONT);
	const char *end;

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return false;
	end = memchr(p, c->opt.term, (size_t)n);
	*rec = skip_bom((struct slice){ p, end == NULL ? (size_t)n :
	    (size_t)(end - p) });
	return true;
}

/* The names of its fields, as far as its format and its front tell them. */
static void
offer_fields(const struct completion *c)
{
	const struct options *o = &c->opt;
	const struct format *f = o->input;
	struct shape s;
	struct slice rec;
	struct cells cells = { 0 };
	size_t i, at;
	bool read = first_record(c, &rec);

	if ((f->traits & FMT_OPEN) != 0 && (o->text_header || o->sep != NULL))
		f = &format_text;
	shape_init(&s, f, o->sep, o->seplen);
	if (read && f->header != NULL && (o->text_header || (o->header &&
	    (f->traits & FMT_HEADER) != 0)))
		(void)f->header(&s, rec, c->arena, &at);
	for (i = 0; i < s.ncol; i++)
		offer_name(c, s.col[i].name);
	f = read ? format_of(&s, rec) : f;
	if (read && s.ncol == 0 && (f->traits & FMT_NAMED) != 0 &&
	    f->split(&s, rec, &cells, &at) == NULL)
		for (i = 0; i < cells.n; i++)
			offer_name(c, cells.c[i].name);
	cells_free(&cells);
}

static void
offer_buckets(const struct completion *c)
{
	static const struct {
		const char *name, *help;
	} bucket[] = {
		{ "1m", "time: minutes" }, { "1h", "time: hours" },
		{ "1d", "time: days" }, { "10", "number: multiples" },
		{ "1k", "number: multiples" }, { "/24", "network" },
		{ "mask", "text without what varies" }
	};
	size_t i;

	for (i = 0; i < sizeof bucket / sizeof *bucket; i++)
		offer(c, bucket[i].name, "", bucket[i].help);
}

/* The part of a list behind its last comma, or of NAME=. */
static void
begin_part(struct completion *c)
{
	const char *part = c->cur + c->done, *p;

	for (p = part; *p != '\0'; p++)
		if (*p == ',' || *p == '=')
			part = p + 1;
	c->done = (size_t)(part - c->cur);
}

/* Fields; after a colon buckets, where they are keys. */
static void
offer_keys(struct completion *c, bool keys)
{
	const char *colon;

	begin_part(c);
	colon = strchr(c->cur + c->done, ':');
	if (keys && colon != NULL) {
		c->done = (size_t)(colon + 1 - c->cur);
		offer_buckets(c);
	} else
		offer_fields(c);
}

static void
offer_aggregates(struct completion *c)
{
	static const char *const percent[] = { "50", "90", "95", "99" };
	const struct agg *a;
	const char *colon;
	size_t i, k;

	begin_part(c);
	colon = strchr(c->cur + c->done, ':');
	if (colon != NULL) {
		c->done = (size_t)(colon + 1 - c->cur);
		offer_fields(c);
		return;
	}
	for (i = 0; (a = agg_number(i)) != NULL; i++) {
		if ((a->traits & AGG_PERCENT) != 0)
			for (k = 0; k < 4; k++)
				offer(c, arena_printf(c->arena, "%s%s", a->name,
				    percent[k]), ":", "");
		else
			offer(c, a->name, (a->traits & AGG_COUNT) != 0 ? "" :
			    ":", "");
	}
}

/* What a word of a synopsis stands for: "FIELD", "skip|fail|FILE". */
static void
offer_value(struct completion *c, const char *value, bool output)
{
	size_t n, i;
	const char *word;

	for (; *value != '\0'; value += n + (value[n] != '\0')) {
		n = strcspn(value, "|");
		word = arena_str(c->arena, (struct slice){ value, n });
		if (strcmp(word, "FORMAT") == 0)
			offer_formats(c, output ? FMT_OUTPUT : 0);
		else if (strcmp(word, "FILE") == 0)
			puts(":files");
		else if (strcmp(word, "AGGS") == 0 || strcmp(word, "AGG") == 0)
			offer_aggregates(c);
		else if (strncmp(word, "FIELD", 5) == 0 ||
		    strncmp(word, "KEY", 3) == 0)
			offer_keys(c, word[0] == 'K');
		else if (strcmp(word, "[OP]") == 0) {
			offer_ops(c);
			for (i = 0; i < ntopics; i++)
				offer(c, topics[i].name, "", topics[i].about);
		} else if (n > 0 && word[0] >= 'a' && word[0] <= 'z')
			offer(c, word, "", "");
	}
}

static void
offer_options(const struct completion *c)
{
	const struct option_row *r;
	char name[3] = "-?";

	for (r = option_rows; r < option_rows + noptions; r++) {
		name[1] = r->letter;
		if (r->letter != 0 && strlen(c->cur) < 2)
			offer(c, name, "", r->help);
		offer(c, arena_printf(c->arena, "--%s", r->name), "", r->help);
	}
}

/* The row of --NAME, perhaps cut short, or of a letter; NULL: none. */
static const struct option_row *
find_option(const char *name, size_t n, char letter)
{
	const struct option_row *found = option_find(name, n, letter);
	size_t i = noptions;

	while (letter == 0 && found == NULL && i-- > 0)
		if (strncmp(option_rows[i].name, name, n) == 0)
			found = &option_rows[i];
	return found;
}

/* One without a value that matters for what comes. */
static void
keep_flag(struct completion *c, char letter)
{
	c->opt.text_header |= letter == 'H';
	c->opt.header &= letter != 'N';
	if (letter == '0')
		c->opt.term = '\0';
}

/* An option whose value matters for what comes. */
static void
keep_value(struct completion *c, const struct option_row *r, const char *val)
{
	const struct format *f = format_find(val);

	if (r->letter == 'i' && f != NULL)
		c->opt.input = f;
	if (r->letter == 'F' && *val != '\0') {
		c->opt.sep = val;
		c->opt.seplen = strlen(val);
	}
}

/* A word before cur that begins with a minus, and is an option or several; the
   value, if one is in the word, at which byte: else *done is 0. */
static void
take_options(struct completion *c, const char *word, size_t *done)
{
	const struct option_row *r;
	const char *p = word + 1;
	size_t n = strcspn(p, "=");

	*done = 0;
	if (*p == '-') {
		r = find_option(p + 1, n - 1, 0);
		if (r != NULL)
			keep_flag(c, r->letter);
		if (r != NULL && r->value != NULL)
			c->option = r;
		if (p[n] == '=')
			*done = (size_t)(p + n + 1 - word);
		return;
	}
	for (; *p != '\0' && *done == 0; p++) {
		if ((r = find_option("", 0, *p)) == NULL)
			return;
		keep_flag(c, r->letter);
		if (r->value == NULL)
			continue;
		c->option = r;
		if (p[1] != '\0')
			*done = (size_t)(p + 1 - word);
	}
}

/* The value's name behind a flag in a synopsis, NULL: it has none. */
static const char *
flag_value(const struct completion *c, const char *flag)
{
	const char *at = args_flag_tail(c->op, flag, strlen(flag));

	if (at == NULL || *at++ != ' ')
		return NULL;
	return arena_str(c->arena, (struct slice){ at, strcspn(at, " ]") });
}

/* A word of an operator, before cur. */
static void
take_argument(struct completion *c, const char *word, size_t i)
{
	if (c->command != 0)
		return;
	if (c->flag != NULL || c->keyword != NULL) {
		c->flag = c->keyword = NULL;
	} else if (strcmp(word, "then") == 0) {
		c->op = NULL;
		c->nargs = 0;
	} else if (strcmp(word, "by") == 0 || strcmp(word, "over") == 0) {
		c->keyword = word;
		c->nargs = SIZE_MAX / 2;	/* no more of them */
	} else if (word[0] == '-' && word[1] != '\0' && c->nargs == 0) {
		if (flag_value(c, word) != NULL)
			c->flag = word;
	} else {
		if (c->nargs++ == 0 && strstr(c->op->args, "CMD") != NULL)
			c->command = i;
	}
}

/* Word i, before cur. */
static void
take_word(struct completion *c, const char *word, size_t i)
{
	const struct option_row *r = c->option;
	size_t done;

	if (c->op != NULL) {
		take_argument(c, word, i);
		return;
	}
	c->option = NULL;
	if (r != NULL && (*r->value != '[' || word[0] != '-')) {
		keep_value(c, r, word);
		return;
	}
	if (word[0] == '-' && !c->chain && strcmp(word, "--") != 0) {
		take_options(c, word, &done);
		if (done > 0 && c->option != NULL) {
			keep_value(c, c->option, word + done);
			c->option = NULL;
		}
	} else if ((c->op = op_find(word)) != NULL) {
		c->chain = true;
	}
}

/* The arguments of a synopsis that may be next: number nargs, and those behind
   it as long as they may be left out. */
static void
offer_arguments(struct completion *c)
{
	const char *p = c->op->args, *name;
	size_t n, i, k = 0;
	bool optional, skip = false;

	for (; *p != '\0' && *p != '|'; p += n + strspn(p + n, " ")) {
		n = strcspn(p, " ");
		optional = *p == '[';
		name = arena_str(c->arena, (struct slice){ p + optional,
		    strcspn(p + optional, " ].") });
		if (skip || *name == '-' || strcmp(name, "by") == 0 ||
		    strcmp(name, "over") == 0) {
			skip = !skip && p[n - 1] != ']';
			continue;
		}
		if (k++ < c->nargs)
			continue;
		if (k == 1 && c->op->word != NULL) {
			begin_part(c);
			for (i = 0; (name = c->op->word(i)) != NULL; i++)
				offer(c, name, "", "");
			return;
		}
		offer_value(c, name, false);
		if (!optional)
			return;
	}
}

static void
offer_argument(struct completion *c)
{
	const struct flag *f = c->op->flags;
	size_t before = c->done;

	if (c->flag != NULL) {
		offer_value(c, flag_value(c, c->flag), false);
	} else if (c->keyword != NULL && strcmp(c->keyword, "by") == 0) {
		offer_keys(c, true);
	} else if (c->keyword != NULL) {
		offer(c, "all", "", "batches so far");
	} else if (*c->cur == '-' && c->nargs == 0) {
		for (; f != NULL && f->name != NULL; f++)
			offer(c, f->name, "", f->help);
	} else if (strstr(c->op->args, "CMD") != NULL) {
		puts(":command 0");
	} else {
		offer_arguments(c);
		c->done = before;
		if (strstr(c->op->args, "by ") != NULL)
			offer(c, "by", "", "keys");
		if (strstr(c->op->args, "over ") != NULL)
			offer(c, "over", "", "several batches");
		offer(c, "then", "", "another operator");
	}
}

static void
offer_words(struct completion *c)
{
	if (c->option == NULL && c->op == NULL && !c->chain && *c->cur == '-') {
		take_options(c, c->cur, &c->done);
		if (c->done == 0)
			c->option = NULL;
	}
	if (c->command != 0)
		printf(":command %zu\n", c->command);
	else if (c->op != NULL)
		offer_argument(c);
	else if (c->option != NULL)
		offer_value(c, c->option->value, c->option->letter == 'o');
	else if (*c->cur == '-' && !c->chain)
		offer_options(c);
	else
		offer_ops(c);
}

/* [N]<FILE, or what comes before FILE. */
static bool
is_redirection(const char *word)
{
	word += strspn(word, "0123456789");
	return *word == '<' || *word == '>';
}

enum command_status
complete(char **word, struct arena *a)
{
	struct completion c = { .arena = a, .cur = "", .opt = { .term = '\n',
	    .header = true, .arena = a, .input = &format_auto } };
	size_t n = *word == NULL ? 0 : strtoul(*word++, NULL, 10), i;

	for (i = 0; word[i] != NULL; i++)
		if (word[i][0] == '<' && i != n)
			c.file = word[i][1] != '\0' ? word[i] + 1 : word[i + 1];
	for (i = 1; i < n && word[i] != NULL; i++) {
		if (!is_redirection(word[i]))
			take_word(&c, word[i], i);
		else if (strcspn(word[i], "<>") + 1 >= strlen(word[i]) ||
		    strcmp(word[i] + strlen(word[i]) - 2, ">>") == 0)
			i++;		/* and its file */
	}
	if (i == n && word[i] != NULL)
		c.cur = word[i];
	if (i > n || is_redirection(c.cur))	/* bash asks */
		puts(":files");
	else
		offer_words(&c);
	return help_written();
}
