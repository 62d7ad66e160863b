/* order.c - comparing values as bytes or as numbers */
#include "lib/run/order.h"

void
rank_set(struct rank *r, struct slice value, bool numeric)
{
	*r = (struct rank){ .text = value };
	r->number = numeric && value.p != NULL &&
	    number_parse(&r->num, value);
}

static int
cmp_numbers(const struct rank *a, const struct rank *b)
{
	if (a->num.real != b->num.real)
		return a->num.real < b->num.real ? -1 : 1;
	if (a->text.p == NULL || b->text.p == NULL)
		return number_cmp(&a->num, &b->num);
	return slice_eq(a->text, b->text) ? 0 :
	    number_text_cmp(a->text, b->text);
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
