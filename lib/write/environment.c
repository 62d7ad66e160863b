/* environment.c - what a command is told of its batch: MBATCH_* variables */
#include <inttypes.h>
#include <stdlib.h>

#include "lib/time/time.h"
#include "lib/write/environment.h"

extern char **environ;		/* POSIX leaves this to the program */

/* Behind MBATCH_, what each command gets anew. */
static const char *const ours[] = { "NUMBER=", "RECORDS=", "BYTES=",
	"REASON=", "TIME=", "KEY=" };

static bool
is_ours(const char *var)
{
	size_t i;

	if (strncmp(var, "MBATCH_", 7) != 0)
		return false;
	for (i = 0; i < sizeof ours / sizeof *ours; i++)
		if (strncmp(var + 7, ours[i], strlen(ours[i])) == 0)
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
	v->var = mem_alloc((n + sizeof ours / sizeof *ours + 1) *
	    sizeof *v->var);
	for (n = 0; environ[n] != NULL; n++)
		if (!is_ours(environ[n]))
			v->var[v->n++] = environ[n];
}

void
environment_free(struct environment *v)
{
	free(v->var);
	arena_free(&v->text);
}

char *const *
environment_of(struct environment *v, const struct batch *b)
{
	char **var = v->var + v->n, time[TIME_MAX];
	struct arena *a = &v->text;

	arena_reset(a);
	*var++ = arena_printf(a, "MBATCH_NUMBER=%" PRIu64, b->number);
	*var++ = arena_printf(a, "MBATCH_RECORDS=%" PRIu64, b->records);
	*var++ = arena_printf(a, "MBATCH_BYTES=%" PRIu64, b->bytes);
	*var++ = arena_printf(a, "MBATCH_REASON=%s", reason_name(b->reason));
	*var++ = arena_printf(a, "MBATCH_TIME=%.*s",
	    (int)batch_put_time(time, b, v->local), time);
	if (b->key.p != NULL)		/* up to a NUL, if any */
		*var++ = arena_printf(a, "MBATCH_KEY=%s",
		    arena_str(a, b->key));
	*var = NULL;
	return v->var;
}
