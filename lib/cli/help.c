/* help.c - -h, --help, --help OP, -l, -V, from the tables */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/cli/help.h"
#include "lib/cli/options-inner.h"
#include "lib/expr/expr.h"
#include "lib/run/args.h"
#include "lib/run/table.h"

enum { COLUMN = 29, NAMES = 18, WIDTH = 79 };

enum command_status
help_written(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout) && close(STDOUT_FILENO) == 0)
		return COMMAND_DONE;
	diag_errno("standard output");
	return COMMAND_FAILED;
}

/* Text from column at on, wrapped; further lines begin at column from. */
static void
wrap(const char *text, size_t at, size_t from)
{
	size_t len;

	for (; *text != '\0'; text += strspn(text, " ")) {
		len = strcspn(text, " ");
		if (at + 1 + len > WIDTH) {
			printf("\n%*s", (int)from, "");
			at = from;
		}
		printf("%s%.*s", at == 0 ? "" : " ", (int)len, text);
		at += len + (at > 0);
		text += len;
	}
	putchar('\n');
}

/* A left column and text beside it. */
static void
entry(const char *left, const char *text)
{
	size_t n = strlen(left);

	printf("  %-*s", COLUMN - 3, left);
	if (n > COLUMN - 3)
		printf("\n%*s", COLUMN - 1, "");
	wrap(text, COLUMN - 1, COLUMN - 1);
}

static void
option_entry(const struct option_row *h)
{
	char left[64], letter[4] = "  ";

	if (h->letter != 0)
		snprintf(letter, sizeof letter, "-%c", h->letter);
	snprintf(left, sizeof left, "%s%c --%s%s%s", letter,
	    h->letter != 0 ? ',' : ' ', h->name, h->value == NULL ? "" : " ",
	    h->value == NULL ? "" : h->value);
	entry(left, h->help);
}

/* Words in lines, behind what they are. */
static void
words_begin(const char *what, size_t *at)
{
	*at = (size_t)printf("  %-*s", NAMES - 3, what);
}

static void
word(const char *front, const char *w, size_t *at)
{
	size_t n = strlen(front) + strlen(w);

	if (*at + 1 + n > WIDTH)
		*at = (size_t)printf("\n%*s", NAMES - 1, "") - 1;
	*at += (size_t)printf(" %s%s", front, w);
}

/* What an operator or all of them hand on, as op.makes says. */
static const struct made {
	const char *makes, *title, *what;
} made[] = {
	{ "kept", "choose, order:", "records as they were" },
	{ "changed", "change:", "the records, changed" },
	{ "made", "make new ones:", "new records, separated by tabs" },
	{ "sink", "end the chain:", "what the command writes" }
};

/* The words of a synopsis that mean the same with all operators. */
static const struct {
	const char *word, *help;
} shared[] = {
	{ "by KEYS", "for each value of the keys, a list: --help fields" },
	{ "by FIELDS", "for each value of these" },
	{ "over N|all", "of the last N batches, or of all, with each batch" },
	{ "over N", "of the last N batches, with each batch" },
	{ "EXPR", "one argument, in single quotes: --help expressions" },
	{ "ERE", "a pattern, in single quotes: --help patterns" },
	{ "AGGS", "count, sum:FIELD, p99:FIELD, NAME=...: --help stats" },
	{ "DUR", "a duration: 500ms, 30s, 1h30m" },
	{ "GAP", "a duration: 500ms, 30s, 1h30m" }
};

/* The flag with the name of its value, as the synopsis has it. */
static void
flag_entry(const struct op *op, const struct flag *f)
{
	const char *at = args_flag_tail(op, f->name, strlen(f->name));
	char left[64];

	snprintf(left, sizeof left, "%s%.*s", f->name, at == NULL ||
	    *at != ' ' ? 0 : 1 + (int)strcspn(at + 1, " ]"), at == NULL ? "" :
	    at);
	entry(left, f->help);
}

/* Whether the synopsis has these words, not as a flag's value. */
static bool
has_words(const char *args, const char *words)
{
	const char *at = args;
	size_t n = strlen(words), k;

	for (; (at = strstr(at, words)) != NULL; at += n) {
		for (k = (size_t)(at - args); k > 1 && args[k - 2] != ' ' &&
		    args[k - 2] != '['; k--)
			;
		if ((at == args || strchr(" [|", at[-1]) != NULL) &&
		    strchr(" ].", at[n]) != NULL &&
		    !(k > 1 && at[-1] == ' ' && args[k - 1] == '-'))
			return true;
	}
	return false;
}

static void
see_also(const char *see)
{
	size_t n;

	for (printf("\nsee also:"); *see != '\0'; see += n) {
		see += strspn(see, " ");
		n = strcspn(see, " ");
		printf(" %.*s%s", (int)n, see, see[n] == '\0' ? "" : ",");
	}
	printf(" (mbatch --help NAME)\n");
}

static enum command_status
about_op(const struct op *op)
{
	const struct flag *f;
	const char *line;
	char text[256];
	size_t i, n;

	snprintf(text, sizeof text, "usage: mbatch [OPTION]... %s%s%s",
	    op->name, op->args[0] == '\0' ? "" : " ", op->args);
	wrap(text, 0, 8);
	wrap(op->help, 0, 0);
	for (i = 0; i < sizeof made / sizeof *made; i++)
		if (strcmp(op->makes, made[i].makes) == 0)
			printf("\nwhat comes out: %s\n\n", made[i].what);
	for (f = op->flags; f != NULL && f->name != NULL; f++)
		flag_entry(op, f);
	for (i = 0; i < sizeof shared / sizeof *shared; i++)
		if (has_words(op->args, shared[i].word))
			entry(shared[i].word, shared[i].help);
	printf("%sexample: mbatch %s%s < access.log\n", op->args[0] == '\0' ?
	    "" : "\n", *op->example == '-' ? "" : "-a ", op->example);
	for (line = op->shows; line != NULL && *line != '\0'; line += n) {
		n = strcspn(line, "\n") + 1;
		printf("    %.*s", (int)n, line);
	}
	if (op->see != NULL)
		see_also(op->see);
	return help_written();
}

static enum command_status
about_topic(const struct topic *t)
{
	const char *name, *args;
	char left[80];
	size_t i, at;

	printf("%s: %s\n\n%s", t->name, t->about, t->text);
	if (strcmp(t->name, "expressions") == 0) {
		putchar('\n');
		words_begin("functions", &at);
		for (i = 0; (name = expr_function(i, &args)) != NULL; i++) {
			snprintf(left, sizeof left, "%s(%s)", name, args);
			word("", left, &at);
		}
		putchar('\n');
	}
	see_also(t->see);
	return help_written();
}

/* What its line of the whole help is, of an option called w, -w, window or
   --window; false: it is neither. */
static bool
about_word(const char *name)
{
	const char *bare = name + strspn(name, "-");
	const struct format *f = format_find(name);
	const struct option_row *r = *bare != '\0' && bare[1] == '\0' ?
	    option_find(NULL, 0, *bare) : option_find(bare, strlen(bare), 0);

	if (f != NULL)
		entry(f->name, f->help);
	if (r != NULL)
		option_entry(r);
	if (f != NULL || r != NULL)
		entry("man mbatch", "has more");
	return f != NULL || r != NULL;
}

enum command_status
help_about(const char *name)
{
	const struct op *op = op_find(name);
	const char *near;
	size_t i;

	if (op != NULL)
		return about_op(op);
	if (about_word(name))
		return help_written();
	for (i = 0; i < ntopics; i++)
		if (strcmp(topics[i].name, name) == 0)
			return about_topic(&topics[i]);
	near = op_nearest(name);
	for (i = 0; i < ntopics && near == NULL; i++) {
		const char *topic = topics[i].name;

		near = diag_nearest(name, &topic, 1);
	}
	diag_warn("there is no operator or page of help %s%s%s%s",
	    diag_quote(name, strlen(name)), near == NULL ?
	    " (mbatch -l lists the operators)" : "; did you mean '",
	    near == NULL ? "" : near, near == NULL ? "" : "'?");
	return COMMAND_WRONG;
}

static void
usage(void)
{
	printf("usage: mbatch [OPTION]... [OP [ARG]... "
	    "[then OP [ARG]...]...]\n"
	    "Groups records of standard input into batches and applies the "
	    "operators to each.\n");
}

static void
where_to_go_on(void)
{
	char all[128] = "";
	size_t i, n = 0;

	for (i = 0; i < ntopics; i++)
		n += (size_t)snprintf(all + n, sizeof all - n, "%s%s",
		    i == 0 ? "" : " ", topics[i].name);
	printf("\nMore:\n");
	entry("mbatch --help, man mbatch", "all options and operators; the "
	    "manual");
	entry("mbatch --help OP", "an operator: its flags, an example");
	entry("mbatch --help TOPIC", all);
}

/* A screen, of 80 columns and 50 lines with the prompt. */
static enum command_status
help_short(void)
{
	size_t i, k, at;

	usage();
	printf("    mbatch -a count by 9 < access.log\n"
	    "    tail -F app.log | mbatch -w 1m -T 0 where 'ms > 100' then "
	    "count by route\n\nOptions:\n");
	for (i = 0; i < noptions; i++)
		if (option_rows[i].letter != 0)
			option_entry(&option_rows[i]);
	words_begin("others:", &at);
	for (i = 0; i < noptions; i++)
		if (option_rows[i].letter == 0)
			word("--", option_rows[i].name, &at);
	printf("\n\nOperators:\n");
	for (k = 0; k < sizeof made / sizeof *made; k++) {
		words_begin(made[k].title, &at);
		for (i = 0; i < nops; i++)
			if (strcmp(ops[i]->makes, made[k].makes) == 0)
				word("", ops[i]->name, &at);
		putchar('\n');
	}
	words_begin("formats:", &at);
	for (i = 0; i < nformats; i++)
		word("", formats[i]->name, &at);
	putchar('\n');
	where_to_go_on();
	return help_written();
}

enum command_status
help(bool all)
{
	char left[128];
	size_t i;

	if (!all)
		return help_short();
	usage();
	printf("\nOptions (end a batch at the first of the limits; default "
	    "-n 1000 -t 1s):\n");
	for (i = 0; i < noptions; i++)
		option_entry(&option_rows[i]);
	printf("\nOperators:\n");
	for (i = 0; i < nops; i++) {
		snprintf(left, sizeof left, "%s%s%s", ops[i]->name,
		    ops[i]->args[0] == '\0' ? "" : " ", ops[i]->args);
		entry(left, ops[i]->help);
	}
	printf("\nFormats:\n");
	for (i = 0; i < nformats; i++)
		entry(formats[i]->name, formats[i]->help);
	printf("\nSizes take k, M, G; durations ns, us, ms, s, m, h, d; 0 "
	    "switches a limit off.\n");
	where_to_go_on();
	return help_written();
}

enum command_status
help_lost(void)
{
	diag_warn("records come from standard input, and that is this "
	    "terminal: COMMAND | mbatch ..., mbatch ... < FILE");
	diag_warn("usage: mbatch [OPTION]... [OP [ARG]... [then OP "
	    "[ARG]...]...], such as: mbatch -a count by 1 < FILE");
	diag_warn("mbatch -h shows what there is, on one screen; man mbatch "
	    "is the manual");
	return COMMAND_WRONG;
}

enum command_status
help_list(void)
{
	size_t i;

	for (i = 0; i < nops; i++)
		printf("%s\t%s\t%s\t%s\n", ops[i]->name, ops[i]->args,
		    ops[i]->makes, ops[i]->help);
	return help_written();
}

enum command_status
help_version(void)
{
	printf("mbatch %s\n", VERSION);
	return help_written();
}
