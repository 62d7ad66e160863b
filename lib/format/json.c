/* json.c - JSON text (RFC 8259): checking it, walking through it, strings */
#include <string.h>

#include "lib/base/chars.h"
#include "lib/base/words.h"
#include "lib/format/json.h"
#include "lib/number/number.h"
#include "lib/scan/scan.h"

#define ONES	((uint64_t)0x0101010101010101)

enum {
	SMALL = 16,		/* words of depth that need no memory */
	AHEAD = 8		/* tokens after the last, at the text's end */
};

/* Which of the containers around a place are objects, a bit each. */
struct nest {
	uint64_t *bits, small[SMALL];
	size_t depth, cap;	/* in bits */
};

bool
json_fail(struct json *j, size_t at, const char *why)
{
	if (j->why == NULL || at < j->bad) {
		j->why = why;
		j->bad = at;
	}
	j->k = j->ntok;
	j->pos = j->n;
	return false;
}

void
json_open(struct json *j, struct slice s, const char *hi, uint32_t *room,
    struct arena *a)
{
	struct scan_json found;
	size_t i;

	*j = (struct json){ .p = s.p, .n = s.n, .at = room, .arena = a };
	if (s.n >= UINT32_MAX - SCAN_ROOM) {
		json_fail(j, 0, "longer than 4 GiB");
		return;
	}
	if (s.n >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0)
		j->pos = 3;
	j->ntok = scan_json(s, hi, room, &found);
	j->escapes = found.escapes;
	for (i = 0; i < AHEAD; i++)
		room[j->ntok + i] = (uint32_t)s.n;
	if (found.control < s.n) {
		j->why = "control character in a string";
		j->bad = found.control;
	}
	if (found.escape < s.n && (j->why == NULL || found.escape < j->bad)) {
		j->why = "bad escape";
		j->bad = found.escape - 1;
	}
}

static inline bool
is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The next token's offset; the text's length if there is none. */
static inline size_t
token(const struct json *j)
{
	return j->at[j->k];
}

/* Passes blanks; the byte that comes next, '\0' at the end. */
static inline char
next_byte(struct json *j)
{
	size_t t = token(j);

	while (j->pos < t && is_white(j->p[j->pos]))
		j->pos++;
	return j->pos < j->n ? j->p[j->pos] : '\0';
}

bool
json_close(struct json *j)
{
	if (j->why != NULL)
		return false;
	next_byte(j);
	return j->pos == j->n || json_fail(j, j->pos, "text after the value");
}

char
json_peek(struct json *j)
{
	return next_byte(j);
}

void
json_enter(struct json *j)
{
	j->pos++;
	j->k++;
}

static inline bool
pass_string(struct json *j, struct slice *raw)
{
	size_t from = j->pos, end;

	if (token(j) != from || j->k + 1 >= j->ntok)
		return json_fail(j, from, "unterminated string");
	end = j->at[j->k + 1];
	*raw = (struct slice){ j->p + from, end + 1 - from };
	j->pos = end + 1;
	j->k += 2;
	return true;
}

/*
 * Whether n of w's bytes, 1 to 8, the first one lowest, are digits with at
 * most a point among them, after a minus or not.  False: not sure.
 */
static inline bool
is_short_number(uint64_t w, size_t n)
{
	uint64_t x, other;
	size_t point;

	if ((w & 0xff) == '-') {
		w >>= 8;
		n--;
	}
	x = w ^ ONES * '0';
	other = ((x + ONES * 0x76) | x) & ONES * 0x80;
	if (n < 8)
		other &= ((uint64_t)1 << 8 * n) - 1;
	if (other == 0)
		return n == 1 || (n > 1 && (w & 0xff) != '0');
	point = (size_t)__builtin_ctzll(other) / 8;
	return (other & (other - 1)) == 0 && point > 0 && point < n - 1 &&
	    (w >> 8 * point & 0xff) == '.' && ((w & 0xff) != '0' || point == 1);
}

/* Whether n bytes at p are true, false, null or a number; left bytes may be
   read. */
static inline bool
is_value(const char *p, size_t n, size_t left)
{
	if (*p >= 'a')
		return (n == 4 && (memcmp(p, "true", 4) == 0 ||
		    memcmp(p, "null", 4) == 0)) ||
		    (n == 5 && memcmp(p, "false", 5) == 0);
	return (n <= 8 && left >= 8 && is_short_number(load_64(p), n)) ||
	    number_is_json((struct slice){ p, n });
}

/* Anything but a string, array or object. */
static inline bool
pass_word(struct json *j, struct slice *raw)
{
	size_t from = j->pos, end = from, stop = token(j);
	const char *p = j->p + from;

	while (end < stop && !is_white(j->p[end]) && j->p[end] != ',' &&
	    j->p[end] != ':')
		end++;
	if (end == from)
		return json_fail(j, from, from == j->n ? "cut short" :
		    "no value where one should be");
	if (!is_value(p, end - from, j->n - from))
		return json_fail(j, from, "not a value");
	*raw = (struct slice){ p, end - from };
	j->pos = end;
	return true;
}

/* Past the comma before all but the first, or past the end. */
static inline bool
pass_comma(struct json *j, char end, bool *first)
{
	char c = next_byte(j);

	if (c == end && j->pos == token(j)) {
		j->pos++;
		j->k++;
		return false;
	}
	if (!*first) {
		if (c != ',')
			return json_fail(j, j->pos, j->pos == j->n ?
			    "cut short" : end == '}' ?
			    "no , or } after a member" :
			    "no , or ] after an element");
		j->pos++;
	}
	*first = false;
	return true;
}

bool
json_element(struct json *j, bool *first)
{
	return pass_comma(j, ']', first);
}

/* Past a comma and one blank at most. */
static inline size_t
past_comma(const char *p, size_t comma)
{
	return comma + 1 + (p[comma + 1] == ' ');
}

/* The same as json_member for most texts: a comma, a blank at most, a key and
   a colon right behind it. */
static inline bool
pass_dense(struct json *j, struct slice *key, bool *first)
{
	const uint32_t *t = j->at + j->k;
	const char *p = j->p;
	size_t pos = j->pos - *first;	/* the comma's, or the brace's */

	if (t[2] >= j->n || p[pos] != (*first ? '{' : ','))
		return false;
	pos = past_comma(p, pos);
	if (t[0] != pos || p[pos] != '"' || p[t[1] + 1] != ':')
		return false;
	*key = (struct slice){ p + pos + 1, t[1] - pos - 1 };
	j->pos = t[1] + 2;
	j->k += 2;
	*first = false;
	return true;
}

bool
json_member(struct json *j, struct slice *key, bool *first)
{
	if (pass_dense(j, key, first))
		return true;
	if (!pass_comma(j, '}', first))
		return false;
	if (next_byte(j) != '"')
		return json_fail(j, j->pos, j->pos == j->n ? "cut short" :
		    "no key in quotes");
	if (!pass_string(j, key))
		return false;
	key->p++;
	key->n -= 2;
	if (next_byte(j) != ':')
		return json_fail(j, j->pos, j->pos == j->n ? "cut short" :
		    "no : after a key");
	j->pos++;
	return true;
}

/* Whether a key may be one of those whose lengths are wanted. */
static inline bool
may_be(const struct json *j, uint64_t lengths, const char *key, size_t n)
{
	return (lengths >> n % 64 & 1) != 0 ||
	    (j->escapes && lengths != 0 && memchr(key, '\\', n) != NULL);
}

/*
 * Passes members whose keys are not wanted and whose values are strings or
 * words, with no blanks but one behind a comma or a colon.  Stops before
 * whatever is anything else, errors included.
 */
static void
pass_unwanted(struct json *j, uint64_t lengths, bool *first)
{
	const uint32_t *t = j->at + j->k;
	const char *p = j->p;
	size_t pos = j->pos - *first, n = j->n, from, next;
	char lead = *first ? '{' : ',';

	while (t[2] < n && p[pos] == lead && t[0] == past_comma(p, pos) &&
	    p[t[0]] == '"' && p[t[1] + 1] == ':') {
		if (may_be(j, lengths, p + t[0] + 1, t[1] - t[0] - 1))
			break;
		from = past_comma(p, t[1] + 1);
		next = t[2];
		if (from < next) {
			next -= p[next] == '"' ? 1 + (p[next - 1] == ' ') : 0;
			if (from >= next ||
			    !is_value(p + from, next - from, n - from))
				break;
			pos = next;
			t += 2;
		} else if (p[next] == '"' && t[3] < n) {
			pos = t[3] + 1;
			t += 4;
		} else {
			break;
		}
		lead = ',';
		*first = false;
		j->pos = pos;
		j->k = (size_t)(t - j->at);
	}
}

/* One level deeper; memory for as many levels as the text can have. */
static void
nest_push(struct json *j, struct nest *s, bool object)
{
	uint64_t *bits, bit;

	if (s->depth == s->cap) {
		s->cap = s->cap * 8 < j->n ? s->cap * 8 : j->n + 64;
		bits = arena_alloc(j->arena, s->cap / 8 + 8);
		memcpy(bits, s->bits, s->depth / 8);
		s->bits = bits;
	}
	bit = (uint64_t)1 << s->depth % 64;
	if (object)
		s->bits[s->depth / 64] |= bit;
	else
		s->bits[s->depth / 64] &= ~bit;
	s->depth++;
}

static bool
nest_object(const struct nest *s)
{
	return s->bits[(s->depth - 1) / 64] >> (s->depth - 1) % 64 & 1;
}

/* An object or array with all that is in it. */
static bool
pass_nest(struct json *j, struct slice *raw)
{
	size_t from = j->pos;
	struct slice part = { NULL, 0 };
	struct nest s = { .cap = SMALL * 64 };
	bool first = true;
	char c;

	s.bits = s.small;
	nest_push(j, &s, j->p[from] == '{');
	json_enter(j);
	while (s.depth > 0) {
		if (nest_object(&s))
			pass_unwanted(j, 0, &first);
		if (!(nest_object(&s) ? json_member(j, &part, &first) :
		    json_element(j, &first))) {
			s.depth--;
			first = false;
			continue;
		}
		c = json_peek(j);
		if (c == '{' || c == '[') {
			nest_push(j, &s, c == '{');
			json_enter(j);
			first = true;
		} else if (!(c == '"' ? pass_string(j, &part) :
		    pass_word(j, &part))) {
			return false;
		}
	}
	*raw = (struct slice){ j->p + from, j->pos - from };
	return j->why == NULL;
}

bool
json_skip(struct json *j, struct slice *raw)
{
	char c = json_peek(j);

	if (c == '"')
		return pass_string(j, raw);
	if (c == '{' || c == '[')
		return pass_nest(j, raw);
	return pass_word(j, raw);
}

bool
json_next(struct json *j, uint64_t lengths, struct slice *key, bool *first)
{
	struct slice raw;

	for (;; json_skip(j, &raw)) {
		pass_unwanted(j, lengths, first);
		if (!json_member(j, key, first))
			return false;
		if (may_be(j, lengths, key->p, key->n))
			return true;
	}
}

struct slice
json_trim(struct slice s)
{
	while (s.n > 0 && is_white(s.p[s.n - 1]))
		s.n--;
	while (s.n > 0 && is_white(*s.p)) {
		slice_skip(&s, 1);
	}
	return s;
}

const char *
json_check(struct slice s, size_t *at)
{
	struct arena a = { 0 };
	struct slice raw;
	struct json j;

	json_open(&j, s, s.n == 0 ? s.p : s.p + s.n, scan_room(&s, 1, &a), &a);
	json_skip(&j, &raw);
	json_close(&j);
	*at = j.bad;
	arena_free(&a);
	return j.why;
}

/* RFC 3629. */
static char *
put_utf8(char *o, uint32_t u)
{
	if (u < 0x80) {
		*o++ = (char)u;
	} else if (u < 0x800) {
		*o++ = (char)(0xc0 | u >> 6);
		*o++ = (char)(0x80 | (u & 0x3f));
	} else if (u < 0x10000) {
		*o++ = (char)(0xe0 | u >> 12);
		*o++ = (char)(0x80 | (u >> 6 & 0x3f));
		*o++ = (char)(0x80 | (u & 0x3f));
	} else {
		*o++ = (char)(0xf0 | u >> 18);
		*o++ = (char)(0x80 | (u >> 12 & 0x3f));
		*o++ = (char)(0x80 | (u >> 6 & 0x3f));
		*o++ = (char)(0x80 | (u & 0x3f));
	}
	return o;
}

size_t
json_escape(const char *p, const char *end)
{
	if (p < end && *p == 'u')
		return hex_four(p + 1, end) >= 0 ? 5 : 0;
	return p < end && memchr("\"\\/bfnrt", *p, 8) != NULL;
}

/* What stands at *p, behind a backslash, written to o; *p goes past.  Half of a
   pair alone is U+FFFD. */
static char *
read_escape(const char **p, const char *end, char *o)
{
	static const char from[] = "bfnrt\"\\/", to[] = "\b\f\n\r\t\"\\/";
	const char *q = *p, *e = q < end ? memchr(from, *q, 8) : NULL;
	int32_t u, low;

	if (e != NULL) {
		++*p;
		*o++ = to[e - from];
		return o;
	}
	if (q == end || *q != 'u' || (u = hex_four(q + 1, end)) < 0) {
		*o++ = '\\';
		return o;
	}
	*p = q += 5;
	if (u < 0xd800 || u > 0xdfff)
		return put_utf8(o, (uint32_t)u);
	if (u > 0xdbff || end - q < 6 || q[0] != '\\' || q[1] != 'u' ||
	    (low = hex_four(q + 2, end)) < 0xdc00 || low > 0xdfff)
		return put_utf8(o, 0xfffd);
	*p += 6;
	return put_utf8(o, 0x10000 + ((uint32_t)(u - 0xd800) << 10) +
	    (uint32_t)(low - 0xdc00));
}

struct slice
json_unescape(struct slice s, struct arena *a)
{
	const char *p = s.p, *end = s.p + s.n, *q;
	char *out, *o;

	q = s.n == 0 ? NULL : memchr(p, '\\', s.n);
	if (q == NULL)
		return s;
	o = out = arena_bytes(a, s.n);
	for (; q != NULL; q = memchr(p, '\\', (size_t)(end - p))) {
		memcpy(o, p, (size_t)(q - p));
		o += q - p;
		p = q + 1;
		o = read_escape(&p, end, o);
	}
	memcpy(o, p, (size_t)(end - p));
	o += end - p;
	return slice_to(out, o);
}

struct slice
json_decode(struct slice raw, struct arena *a)
{
	if (raw.n >= 2 && raw.p[0] == '"')
		return json_unescape((struct slice){ raw.p + 1, raw.n - 2 }, a);
	if (raw.n == 4 && raw.p[0] == 'n')
		return SLICE_NONE;
	return raw;
}

/* The high bits of those of eight bytes that are a control character, a quote,
   a backslash or over 0x7f; perhaps of others, never of fewer. */
static inline uint64_t
specials(uint64_t w)
{
	uint64_t q = w ^ ONES * '"', b = w ^ ONES * '\\';

	return (w | (w - ONES * ' ') | (q - ONES) | (b - ONES)) & ONES * 0x80;
}

size_t
json_plain(struct slice s)
{
	const char *p = s.p;
	uint64_t w, rest;
	size_t i = 0, len, n = s.n;
	uint32_t c;

	while (i < n) {
		if (n - i >= 8) {
			w = load_64(p + i);
			len = 8;
		} else {
			len = n - i;
			load_part(p + i, len, &w, &rest);
			w |= ONES * 'x' << 8 * len;
		}
		w = specials(w);
		if (w == 0) {
			i += len;
			continue;
		}
		i += (size_t)__builtin_ctzll(w) / 8;
		do {
			len = utf8_decode(p + i, n - i, &c);
			if (len == 0 || (len == 1 && (c < ' ' || c == '"' ||
			    c == '\\')))
				return i;
			i += len;
		} while (i < n && (p[i] & 0x80) != 0);
	}
	return i;
}

bool
json_put_escape(struct buf *b, char c)
{
	static const char from[] = "\b\f\n\r\t\"\\", to[] = "bfnrt\"\\";
	const char *e = memchr(from, c, 7);
	unsigned char u = (unsigned char)c;

	if (e != NULL) {
		buf_char(b, '\\');
		buf_char(b, to[e - from]);
	} else if (u < ' ') {
		buf_add(b, "\\u00", 4);
		buf_char(b, HEX_DIGITS[u >> 4]);
		buf_char(b, HEX_DIGITS[u & 15]);
	}
	return e != NULL || u < ' ';
}

bool
json_holds(const struct shape *shape, struct slice s)
{
	size_t i = 0;

	while ((i += json_plain((struct slice){ s.p + i, s.n - i })) < s.n)
		if ((unsigned char)s.p[i++] >= 0x80)
			return false;
	return true;
}

void
json_put_string(struct buf *b, struct slice s)
{
	size_t n;

	buf_char(b, '"');
	while (s.n > 0) {
		n = json_plain(s);
		buf_add(b, s.p, n);
		slice_skip(&s, n);
		if (s.n == 0)
			break;
		if (!json_put_escape(b, *s.p))
			buf_add(b, "\xef\xbf\xbd", 3);
		slice_skip(&s, 1);
	}
	buf_char(b, '"');
}

/* Whether of eight bytes all but two or more points are digits, as in an
   address: true of no number's. */
static bool
has_points(uint64_t w)
{
	uint64_t points = w ^ ONES * '.', digits = w ^ ONES * '0';

	points = ((points & ONES * 0x7f) + ONES * 0x7f) | points;
	points = ~points & ONES * 0x80;
	digits = ((digits + ONES * 0x76) | digits) & ONES * 0x80;
	return digits == points && (points & (points - 1)) != 0;
}

bool
json_is_number(struct slice s)
{
	uint64_t w, rest;

	if (s.n == 0 || (*s.p != '-' && !is_digit(*s.p)) ||
	    !is_digit(s.p[s.n - 1]))
		return false;
	if (s.n > 8)
		return !has_points(load_64(s.p)) && number_is_json(s);
	load_part(s.p, s.n, &w, &rest);
	return is_short_number(w, s.n) || number_is_json(s);
}

void
json_put_value(struct buf *b, struct slice s)
{
	if (s.p == NULL)
		buf_str(b, "null");
	else if (json_is_number(s))
		buf_slice(b, s);
	else
		json_put_string(b, s);
}
