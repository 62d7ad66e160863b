/* batch.c - what is known of a batch */
#include "lib/read/batch.h"
#include "lib/time/time.h"

const char *
reason_name(enum reason r)
{
	static const char *const name[] = {
		[BY_RECORDS] = "records", [BY_BYTES] = "bytes",
		[BY_TIMEOUT] = "timeout", [BY_GAP] = "gap",
		[BY_WINDOW] = "window", [BY_KEY] = "key",
		[BY_START] = "start", [BY_END] = "end",
		[BY_FULL] = "full", [BY_TIMER] = "timer", [BY_FLUSH] = "flush",
		[BY_EOF] = "eof", [BY_SIGNAL] = "signal"
	};

	return name[r];
}

size_t
batch_put_time(char *out, const struct batch *b, bool local)
{
	int64_t ms = 1000000;

	return time_put(out, b->window ? b->opened : b->opened / ms * ms,
	    local);
}
