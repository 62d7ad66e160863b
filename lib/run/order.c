/* order.c - comparing values as bytes or as numbers */
#include "lib/data/number.h"
#include "lib/run/order.h"

void
rank_set(struct rank *r, struct slice value, bool numeric)
{
	struct number n;

	*r = (struct rank){ .text = value };
	if (!numeric || value.p == NULL || !number_parse(&n, value))
		return;
	r->number = true;
	r->real = n.real;
	if (!n.exact)
		return;
	for (r->whole = n.mant; n.scale > 0; n.scale--)
		r->whole /= 10;
}

int
rank_cmp(const struct rank *a, const struct rank *b, bool reverse)
{
	int c;

	if (a->number != b->number)
		return a->number ? -1 : 1;
	if (!a->number)
		c = slice_cmp(a->text, b->text);
	else if (a->real != b->real)
		c = a->real < b->real ? -1 : 1;
	else
		c = (a->whole > b->whole) - (a->whole < b->whole);
	return reverse ? -c : c;
}
