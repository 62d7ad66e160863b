/* list.c - several texts in one: joined by commas, an array in JSON */
#include "lib/base/arena.h"
#include "lib/format/json.h"
#include "lib/format/list.h"

void
list_join(struct buf *b, bool first, struct slice s)
{
	size_t i;

	if (!first)
		buf_char(b, ',');
	for (i = 0; i < s.n; i++) {
		if (s.p[i] == ',' || s.p[i] == '\\')
			buf_char(b, '\\');
		buf_char(b, s.p[i]);
	}
}

void
list_array(struct buf *b, struct slice list)
{
	struct buf one = { 0 };
	size_t i;

	buf_room(&one, list.n);
	buf_char(b, '[');
	for (i = 0; i < list.n; i++) {
		if (list.p[i] == ',') {
			json_put_value(b, buf_text(&one));
			buf_char(b, ',');
			one.n = 0;
			continue;
		}
		i += list.p[i] == '\\' && i + 1 < list.n;
		buf_char(&one, list.p[i]);
	}
	if (list.n > 0)
		json_put_value(b, buf_text(&one));
	buf_char(b, ']');
	buf_free(&one);
}
