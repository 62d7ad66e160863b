/* settings.c - what a run that is done again must find as it was */
#include "lib/format/pack.h"
#include "lib/format/settings.h"

void
options_need(const struct options *o, const char *name, uint64_t hash)
{
	if (o->outside == NULL)
		return;
	pack_text(o->outside, slice_str(name));
	pack_u64(o->outside, hash);
}
