/* rank.c - comparing values as bytes or as numbers */
#include "lib/number/rank.h"

void
rank_set(struct rank *r, struct slice value, bool numeric)
{
	*r = (struct rank){ .text = value };
	r->number = numeric && value.p != NULL && number_parse(&r->num, value);
}

/* The text, or one in room (2 * NUMBER_MAX bytes) of an exact number. */
static struct slice
text_of(const struct rank *r, char *room)
{
	size_t n;

	if (r->text.p != NULL)
		return r->text;
	n = number_put_i64(room, r->num.mant);
	room[n++] = 'e';
	n += number_put_i64(room + n, -r->num.scale);
	return (struct slice){ room, n };
}

static int
cmp_numbers(const struct rank *a, const struct rank *b)
{
	char aroom[2 * NUMBER_MAX], broom[2 * NUMBER_MAX];
	struct slice s, t;

	if (a->num.real != b->num.real)
		return a->num.real < b->num.real ? -1 : 1;
	if (a->num.exact && b->num.exact)
		return number_cmp(&a->num, &b->num);
	s = text_of(a, aroom);
	t = text_of(b, broom);
	return slice_eq(s, t) ? 0 : number_text_cmp(s, t);
}

int
rank_cmp(const struct rank *a, const struct rank *b, bool reverse)
{
	int c;

	if (a->number != b->number)
		return a->number ? -1 : 1;
	c = a->number ? cmp_numbers(a, b) : slice_cmp(a->text, b->text);
	return reverse ? -c : c;
}
