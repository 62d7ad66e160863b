/* help.c - --help, --help OP, -l, -V, from the tables */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/cli/help.h"
#include "lib/cli/options-inner.h"
#include "lib/run/table.h"

enum { COLUMN = 32, WIDTH = 79 };

/* Whether standard output was written whole. */
static enum command_status
written(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout) &&
	    close(STDOUT_FILENO) == 0)
		return COMMAND_DONE;
	diag_errno("standard output");
	return COMMAND_FAILED;
}

/* A left column and text beside it, wrapped. */
static void
entry(const char *left, const char *text)
{
	size_t n = strlen(left), at = COLUMN, word;

	printf("  %-*s", COLUMN - 3, left);
	if (n > COLUMN - 3)
		printf("\n%*s", COLUMN - 1, "");
	while (*text != '\0') {
		word = strcspn(text, " ");
		if (at + 1 + word > WIDTH) {
			printf("\n%*s", COLUMN - 1, "");
			at = COLUMN;
		}
		printf(" %.*s", (int)word, text);
		at += word + 1;
		text += word;
		text += strspn(text, " ");
	}
	putchar('\n');
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

enum command_status
help_op(const char *name)
{
	const struct op *op = op_find(name);
	const char *near;

	if (op == NULL) {
		near = op_nearest(name);
		diag_warn("there is no operator '%s'%s%s%s", name,
		    near == NULL ? "; mbatch -l lists them" :
		    "; did you mean '", near == NULL ? "" : near,
		    near == NULL ? "" : "'?");
		return COMMAND_WRONG;
	}
	printf("usage: mbatch [OPTION]... %s%s%s\n%s\n", op->name,
	    op->args[0] == '\0' ? "" : " ", op->args, op->help);
	printf("\nexample: mbatch %s%s\n", *op->example == '-' ? "" : "-a ",
	    op->example);
	return written();
}

enum command_status
help(const char *op)
{
	char left[128];
	size_t i;

	if (op != NULL)
		return help_op(op);
	printf("usage: mbatch [OPTION]... [OP [ARG]... "
	    "[then OP [ARG]...]...]\n"
	    "Groups records of standard input into batches and applies the "
	    "operators to each.\n\nOptions (end a batch at the first of the "
	    "limits; default -n 1000 -t 1s):\n");
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
	    "switches a limit off.\nThe manual is mbatch(1).\n");
	return written();
}

enum command_status
help_list(void)
{
	size_t i;

	for (i = 0; i < nops; i++)
		printf("%s\t%s\t%s\t%s\n", ops[i]->name, ops[i]->args,
		    ops[i]->makes, ops[i]->help);
	return written();
}

enum command_status
help_version(void)
{
	printf("mbatch %s\n", VERSION);
	return written();
}
