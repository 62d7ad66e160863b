/* environment.c - what a command is told of its batch: MBATCH_* variables */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/time/time.h"
#include "lib/write/environment.h"

extern char **environ;		/* POSIX leaves this to the program */

/* Whether a variable is one of those that each command gets anew. */
static bool
is_ours(const char *var)
{
	static const char *const name[] = { "NUMBER=", "RECORDS=", "BYTES=",
	    "REASON=", "TIME=", "KEY=" };
	size_t i;

	if (strncmp(var, "MBATCH_", 7) != 0)
		return false;
	for (i = 0; i < sizeof name / sizeof *name; i++)
		if (strncmp(var + 7, name[i], strlen(name[i])) == 0)
			return true;
	return false;
}

void
environment_init(struct environment *v, bool local)
{
	size_t n = 0;

	*v = (struct environment){ .local = local };
	while (environ[n] != NULL)
		n++;
	v->var = mem_alloc((n + ENVIRONMENT_FIXED + 2) * sizeof *v->var);
	for (n = 0; environ[n] != NULL; n++)
		if (!is_ours(environ[n]))
			v->var[v->n++] = environ[n];
}

void
environment_free(struct environment *v)
{
	free(v->var);
	buf_free(&v->key);
}

char *const *
environment_of(struct environment *v, const struct batch *b)
{
	char **var = v->var + v->n, time[TIME_MAX];
	size_t n, size = sizeof v->text[0];

	snprintf(v->text[0], size, "MBATCH_NUMBER=%" PRIu64, b->number);
	snprintf(v->text[1], size, "MBATCH_RECORDS=%" PRIu64, b->records);
	snprintf(v->text[2], size, "MBATCH_BYTES=%" PRIu64, b->bytes);
	snprintf(v->text[3], size, "MBATCH_REASON=%s", reason_name(b->reason));
	snprintf(v->text[4], size, "MBATCH_TIME=%.*s",
	    (int)batch_put_time(time, b, v->local), time);
	for (n = 0; n < ENVIRONMENT_FIXED; n++)
		var[n] = v->text[n];
	if (b->key.p != NULL) {
		v->key.n = 0;
		buf_str(&v->key, "MBATCH_KEY=");
		buf_slice(&v->key, b->key);	/* up to a NUL, if any */
		buf_char(&v->key, '\0');
		var[n++] = v->key.p;
	}
	var[n] = NULL;
	return v->var;
}
