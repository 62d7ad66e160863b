/* pipe.c - pipes that hold more: Linux lets their size be set */
#define _GNU_SOURCE		/* F_SETPIPE_SZ, where there is one */
#include <fcntl.h>

#include "lib/base/pipe.h"

enum { LIMIT = 1024 * 1024 };	/* what every user may have */

void
pipe_widen(int fd, size_t n)
{
#ifdef F_SETPIPE_SZ
	int want = n < LIMIT ? (int)n : LIMIT, has = fcntl(fd, F_GETPIPE_SZ);

	if (has > 0 && has < want)
		fcntl(fd, F_SETPIPE_SZ, want);
#endif
}
