/* fmt-auto.c - the reference picks the parser: text for positions */
#include "mbatch.h"
#include "lib/data/fmt.h"

static void
shape(struct shape *s, const char *sep, size_t seplen)
{
	format_text.shape(s, sep, seplen);
	s->format = &format_auto;
}

static const struct format *
pick(struct slice rec)
{
	(void)rec;
	return &format_text;
}

static void
take(struct take *t, const struct slice *rec, size_t n)
{
	format_text.take(t, rec, n);
}

static const char *
split(const struct shape *s, struct slice rec, struct cells *c, size_t *at)
{
	return pick(rec)->split(s, rec, c, at);
}

static struct slice
decode(struct slice raw, struct arena *a)
{
	return format_text.decode(raw, a);
}

static void
put(struct buf *b, const struct shape *s, const struct cell *c, size_t n)
{
	format_text.put(b, s, c, n);
}

const struct format format_auto = {
	.name = "auto",
	.help = "by position as text, by name as json or key=value",
	.traits = FMT_NAMED | FMT_POSITIONS,
	.shape = shape,
	.pick = pick,
	.take = take,
	.split = split,
	.decode = decode,
	.put = put
};
