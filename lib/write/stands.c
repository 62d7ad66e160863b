/* stands.c - output that an earlier run has written already */
#include <inttypes.h>
#include <string.h>

#include "lib/base/diag.h"
#include "lib/base/fd.h"
#include "lib/write/stands.h"

size_t
stands_skip(struct stands *s, const char *p, size_t n)
{
	const char *name = s->name == NULL ? "standard output" : s->name;
	char part[65536];
	size_t done, some;
	ssize_t got;

	for (done = 0; done < n; done += (size_t)got) {
		some = n - done < sizeof part ? n - done : sizeof part;
		got = fd_read_at(s->fd, part, some, s->at + (off_t)done);
		if (got < 0)
			diag_errno("%s: what stands there", name);
		if (got <= 0) {
			s->fd = 0;
			return done;
		}
		if (memcmp(part, p + done, (size_t)got) == 0)
			continue;
		diag_warn("%s: from byte %jd on there is something else than "
		    "a run that was killed wrote; this batch is written whole, "
		    "and part of it may be there", name, (intmax_t)s->at);
		s->fd = 0;
		return 0;
	}
	s->at += (off_t)n;
	return n;
}
