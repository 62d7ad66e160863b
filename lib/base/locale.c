/* locale.c - what the user's locale can show */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/locale.h"

bool
locale_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *v = NULL;
	size_t i;

	for (i = 0; i < 3 && (v == NULL || *v == '\0'); i++)
		v = getenv(names[i]);
	v = v == NULL ? NULL : strchr(v, '.');
	return v != NULL && (strncasecmp(v, ".utf-8", 6) == 0 ||
	    strncasecmp(v, ".utf8", 5) == 0);
}
