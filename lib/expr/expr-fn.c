/* expr-fn.c - the functions of expressions */
#include <stdio.h>
#include <stdlib.h>

#include "lib/base/hash.h"
#include "lib/expr/expr-inner.h"
#include "lib/regex/regex.h"
#include "lib/run/table.h"
#include "lib/scan/find.h"

static struct slice
text_arg(struct call *c, size_t k)
{
	return value_put(&c->arg[k], &c->run->arena);
}

/* Argument k as a number; false: told, and the result is absent. */
static bool
number_arg(struct call *c, size_t k, struct value *num)
{
	if (value_number(&c->arg[k], num))
		return true;
	not_number(c->run, c->i, &c->arg[k]);
	return false;
}

static struct value
fn_len(struct call *c)
{
	return value_int((int64_t)text_arg(c, 0).n);
}

/* All bytes but those that continue a UTF-8 sequence. */
static struct value
fn_chars(struct call *c)
{
	struct slice s = text_arg(c, 0);
	int64_t n = 0;
	size_t i;

	for (i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return value_int(n);
}

/* Letters from with to with + 25 get their other case. */
static struct value
fn_case(struct call *c)
{
	const int first = c->x->fn->with;
	struct slice s = text_arg(c, 0);
	char *out = arena_bytes(&c->run->arena, s.n + 1);
	size_t i;

	for (i = 0; i < s.n; i++)
		out[i] = (unsigned char)(s.p[i] - first) < 26 ?
		    (char)(s.p[i] ^ 32) : s.p[i];
	return value_text((struct slice){ out, s.n });
}

/* The bytes from..from+n-1, counted from 1, or from -1 at the end, as far as
   they are there. */
static struct value
fn_substr(struct call *c)
{
	struct slice s = text_arg(c, 0);
	struct value from, n = value_real(1e18);
	double first, last;

	if (!number_arg(c, 1, &from) || (c->n > 2 && !number_arg(c, 2, &n)))
		return absent;
	first = floor(value_double(&from));
	if (first < 0)
		first += (double)s.n + 1;
	last = first + floor(value_double(&n)) - 1;
	if (first < 1)
		first = 1;
	if (last > (double)s.n)
		last = (double)s.n;
	if (last < first)
		return value_text(SLICE(""));
	s.p += (size_t)first - 1;
	s.n = (size_t)(last - first) + 1;
	return value_text(s);
}

static struct value
fn_index(struct call *c)
{
	struct slice s = text_arg(c, 0);
	const char *at = find_text(s, text_arg(c, 1));

	return value_int(at == NULL ? 0 : at - s.p + 1);
}

/* Where the part after the separator begins; NULL: there is no other. */
static const char *
part_after(struct slice rest, struct slice sep)
{
	const char *at = find_text(rest, sep);

	return at == NULL ? NULL : at + sep.n;
}

/* Part n of s, from 1, or from -1 at the end; absent if there are fewer. */
static struct value
fn_part(struct call *c)
{
	struct slice s = text_arg(c, 0), sep = text_arg(c, 1), part = s;
	struct value num;
	const char *next;
	double n, count = 1;

	if (!number_arg(c, 2, &num))
		return absent;
	n = value_double(&num);
	if (sep.n == 0)
		return n == 1 || n == -1 ? value_text(s) : absent;
	if (n < 0) {
		while ((next = part_after(part, sep)) != NULL) {
			part = (struct slice){ next,
			    (size_t)(s.p + s.n - next) };
			count++;
		}
		n += count + 1;
		part = s;
	}
	for (; n > 1 && part.p != NULL; n--) {
		next = part_after(part, sep);
		part = (struct slice){ next, next == NULL ? 0 :
		    (size_t)(s.p + s.n - next) };
	}
	if (n != 1 || part.p == NULL)
		return absent;
	next = find_text(part, sep);
	if (next != NULL)
		part.n = (size_t)(next - part.p);
	return value_text(part);
}

static struct value
fn_concat(struct call *c)
{
	struct slice s[ARGS_MAX];
	size_t k, n = 0;
	char *out, *o;

	for (k = 0; k < c->n; k++) {
		s[k] = text_arg(c, k);
		n += s[k].n;
	}
	o = out = arena_bytes(&c->run->arena, n + 1);
	for (k = 0; k < c->n; k++) {
		if (s[k].n > 0)
			memcpy(o, s[k].p, s[k].n);
		o += s[k].n;
	}
	return value_text((struct slice){ out, n });
}

/* Group n of the first match, of the whole without n if there are none. */
static struct value
fn_group(struct call *c)
{
	size_t groups = regex_groups(c->x->re);
	struct value num = value_int(groups > 0);
	struct slice *m;
	double n;

	if (c->n > 2 && !number_arg(c, 2, &num))
		return absent;
	n = value_double(&num);
	if (n < 0 || n > (double)groups || n != floor(n))
		return absent;
	m = arena_alloc(&c->run->arena, ((size_t)n + 1) * sizeof *m);
	if (!regex_find(c->x->re, text_arg(c, 0), 0, m, (size_t)n + 1))
		return absent;
	return value_text(m[(size_t)n]);
}

static const char *
check_group(struct expr *x, struct node *n)
{
	const struct node *which = n->n > 2 ? n->arg[2] : NULL;
	const char *err;
	size_t at;

	if (!n->arg[1]->quoted)
		return "the pattern must stand in quotes";
	n->re = regex_new(n->arg[1]->val.s, 0, x->arena, &err, &at);
	if (n->re == NULL)
		return arena_printf(x->arena, "in the pattern, behind %zu "
		    "bytes: %s", at, err);
	if (which != NULL && which->kind == N_CONST &&
	    value_is_int(&which->val) && (which->val.i < 0 ||
	    (size_t)which->val.i > regex_groups(n->re)))
		return arena_printf(x->arena, "the pattern has %zu "
		    "group%s", regex_groups(n->re),
		    diag_plural(regex_groups(n->re), "s"));
	return NULL;
}

/* The network of so many bits, of others for IPv6; absent if it is no
   address. */
static struct value
fn_net(struct call *c)
{
	struct bucket b = { .kind = BUCKET_NET };
	struct slice ip = text_arg(c, 0), net;
	struct value v4, v6;
	double n, m;

	if (!number_arg(c, 1, &v4) || !number_arg(c, c->n - 1, &v6))
		return absent;
	n = value_double(&v4);
	m = value_double(&v6);
	if (!(n >= 0 && n <= 128 && m >= 0 && m <= 128))
		return absent;
	b.v4 = n > 32 ? 32 : (int)n;
	b.v6 = (int)m;
	net = bucket_floor(&b, ip, ip, false, NULL, &c->run->arena);
	return net.p == ip.p ? absent : value_text(net);
}

enum { PAD_MAX = 10000 };

/* As printf's %Ns: to the right, or to the left if N is negative; in
   characters. */
static struct value
fn_pad(struct call *c)
{
	struct slice s = text_arg(c, 0);
	struct slice with = c->n > 2 ? text_arg(c, 2) : SLICE(" ");
	size_t width, have = 0, i;
	struct value num;
	char *out, *o;
	bool left;
	double n;

	if (!number_arg(c, 1, &num))
		return absent;
	n = value_double(&num);
	left = n < 0;
	if (!(fabs(n) <= PAD_MAX) || with.n == 0)
		return absent;
	width = (size_t)fabs(n);
	for (i = 0; i < s.n; i++)
		have += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	if (have >= width)
		return value_text(s);
	o = out = arena_bytes(&c->run->arena, s.n + (width - have) * with.n);
	if (left && s.n > 0)
		memcpy(o, s.p, s.n);
	o += left ? s.n : 0;
	for (; have < width; have++, o += with.n)
		memcpy(o, with.p, with.n);
	if (!left && s.n > 0)
		memcpy(o, s.p, s.n);
	o += left ? 0 : s.n;
	return value_text((struct slice){ out, (size_t)(o - out) });
}

static struct value
fn_abs(struct call *c)
{
	struct value v;

	if (!number_arg(c, 0, &v))
		return absent;
	if (v.kind == V_REAL || v.i == INT64_MIN)
		return value_real(fabs(value_double(&v)));
	v.i = v.i < 0 ? -v.i : v.i;
	return v;
}

/* As with, an enum rounding.  A double is whole from 2^53 on, and stays one
   there. */
static struct value
fn_whole(struct call *c)
{
	const struct function *fn = c->x->fn;
	struct value v;

	if (!number_arg(c, 0, &v))
		return absent;
	if (v.kind == V_DECIMAL)
		return value_decimal(decimal_round(as_decimal(&v), 0,
		    (enum rounding)fn->with));
	return fabs(v.d) < 0x1p53 ? value_int((int64_t)fn->real(v.d)) : v;
}

/* n times 10^tens, which no product of doubles is. */
static struct value
tens_of(double n, int tens)
{
	char text[400];
	double d = n * pow(10, tens);	/* too large for a number */

	snprintf(text, sizeof text, "%.0fe%d", n, tens);
	(void)number_real(&d, slice_str(text));
	return value_real(d);
}

/* To a multiple of 10^tens. */
static struct value
round_tens(struct decimal d, int tens)
{
	for (; d.scale + tens > DECIMAL_SCALE; d.scale--)
		d.mant /= 10;		/* does not decide */
	d.scale += tens;
	d = decimal_round(d, 0, ROUND_HALF_AWAY);
	for (; tens > 0 && d.mant != 0; tens--)
		if (!decimal_mul(&d, d, (struct decimal){ 10, 0 }))
			return tens_of((double)d.mant, tens);
	return value_int(d.mant);
}

/* Halves away from 0; to so many places after the point.  A double is rounded
   as the decimal that it would be written as, if that fits. */
static struct value
fn_round(struct call *c)
{
	struct value v, num;
	struct decimal d;
	double unit, places;

	if (c->n == 1)
		return fn_whole(c);
	if (!number_arg(c, 0, &v) || !number_arg(c, 1, &num))
		return absent;
	places = trunc(value_double(&num));
	d = as_decimal(&v);
	if (v.kind == V_DECIMAL || decimal_of_real(&d, v.d)) {
		if (places < 0)
			return round_tens(d, places < -400 ? 400 :
			    (int)-places);
		return value_decimal(decimal_round(d, places > DECIMAL_SCALE ?
		    DECIMAL_SCALE : (int)places, ROUND_HALF_AWAY));
	}
	unit = pow(10, fabs(places));
	if (places < 0)
		return isfinite(unit) ? tens_of(round(v.d / unit),
		    (int)-places) : value_real(0);
	if (places <= DECIMAL_SCALE && fabs(v.d) < 1)
		return value_decimal((struct decimal){
		    (int64_t)round(v.d * unit), (int)places });
	return isfinite(v.d * unit) ? value_real(round(v.d * unit) / unit) : v;
}

static struct value
fn_real(struct call *c)
{
	struct value v;

	return number_arg(c, 0, &v) ?
	    value_real(c->x->fn->real(value_double(&v))) : absent;
}

/* That which compares with all before it as with, CMP_LT or CMP_GT. */
static struct value
fn_extreme(struct call *c)
{
	struct value best, v;
	size_t k;

	if (!number_arg(c, 0, &best))
		return absent;
	for (k = 1; k < c->n; k++) {
		if (!number_arg(c, k, &v))
			return absent;
		if (value_compare_numbers(&v, &best) ==
		    (unsigned)c->x->fn->with)
			best = v;
	}
	return best;
}

/* Absent, silently, where it is none: that is what num() is for. */
static struct value
fn_num(struct call *c)
{
	struct value v;

	return value_number(&c->arg[0], &v) ? v : absent;
}

/* Seconds as ns, rounded down; false: out of range. */
static bool
to_ns(const struct value *v, int64_t *ns)
{
	struct decimal d = as_decimal(v);

	if (v->kind == V_REAL && !decimal_of_real(&d, v->d)) {
		*ns = (int64_t)(v->d * 1e9);	/* where it is next to 0 */
		*ns -= v->d * 1e9 < (double)*ns;
		return fabs(v->d) < 1;
	}
	d = decimal_round(d, 9, ROUND_DOWN);
	return !__builtin_mul_overflow(d.mant, number_power(9 - d.scale), ns);
}

/* Text in any of the known forms, or by the call's format for them; a number
   as it would be written, or seconds where that is no time. */
static bool
time_arg(struct call *c, size_t k, const char *format, int64_t *ns)
{
	const struct value *v = &c->arg[k];
	struct time_reader *r = &c->run->reader[c->x->reader];

	r->format = format;
	if (time_read(r, text_arg(c, k), ns))
		return true;
	return v->kind != V_TEXT && format == NULL && to_ns(v, ns);
}

static struct value
fn_strftime(struct call *c)
{
	char out[1024];
	int64_t ns;
	size_t n;

	if (!time_arg(c, 1, NULL, &ns))
		return not_time(c->run, c->i, &c->arg[1]);
	n = time_format(out, sizeof out, c->x->format, ns,
	    c->run->x->opt->local);
	return value_text(arena_copy(&c->run->arena,
	    (struct slice){ out, n }));
}

static struct value
seconds(int64_t ns)
{
	if (ns % 1000000000 == 0)
		return value_int(ns / 1000000000);
	return value_decimal((struct decimal){ ns, 9 });
}

static struct value
fn_strptime(struct call *c)
{
	int64_t ns;

	return time_arg(c, c->n - 1, c->x->format, &ns) ? seconds(ns) :
	    not_time(c->run, c->i, &c->arg[c->n - 1]);
}

static struct value
fn_now(struct call *c)
{
	if (c->run->now == 0)
		c->run->now = time_now();
	return seconds(c->run->now);
}

static struct value
fn_nr(struct call *c)
{
	return value_int((int64_t)c->run->v->num[c->i]);
}

static bool
is_format(const struct node *n)
{
	return n->quoted && memchr(n->val.s.p, '%', n->val.s.n) != NULL;
}

/* The format is a constant; where only the other argument could be one, they
   have changed places. */
static const char *
take_format(struct expr *x, struct node *n)
{
	struct node *swap = n->arg[1];

	if (!is_format(n->arg[0]) && is_format(n->arg[1])) {
		n->arg[1] = n->arg[0];
		n->arg[0] = swap;
	}
	if (!n->arg[0]->quoted)
		return "the format must be a text in quotes";
	n->format = arena_str(x->arena, n->arg[0]->val.s);
	return NULL;
}

static const char *
check_strftime(struct expr *x, struct node *n)
{
	const char *why = take_format(x, n);
	char out[1024];

	n->reader = x->readers++;
	if (why != NULL)
		return why;
	if (n->format[0] == '\0' || time_format(out, sizeof out, n->format, 0,
	    x->opt->local) == 0)
		return "this is no format, as \"%Y-%m-%d %H:%M:%S\" is";
	return NULL;
}

static const char *
check_strptime(struct expr *x, struct node *n)
{
	const char *why = n->n == 1 ? NULL : take_format(x, n);

	n->reader = x->readers++;
	if (why != NULL || n->n == 1)
		return why;
	return time_format_error(n->format);
}

static const char *
check_part(struct expr *x, struct node *n)
{
	if (n->arg[1]->kind == N_CONST && n->arg[1]->quoted &&
	    n->arg[1]->val.s.n == 0)
		return "the separator of part() is empty";
	if (n->arg[2]->kind == N_CONST && n->arg[2]->val.kind == V_DECIMAL &&
	    n->arg[2]->val.i == 0)
		return "parts are counted from 1, or from -1 at the end";
	return NULL;
}

/* The environment does not change: what is left is a constant. */
static const char *
check_env(struct expr *x, struct node *n)
{
	struct slice value;
	const char *name;

	if (!n->arg[0]->quoted)
		return "the name of a variable must stand in quotes";
	name = arena_str(x->arena, n->arg[0]->val.s);
	value = slice_str(getenv(name));
	n->val = value_text(value);
	options_need(x->opt, arena_printf(x->arena, "env('%s')", name),
	    value.p == NULL ? 0 : hash_bytes(value.p, value.n, 1));
	return NULL;
}

static struct value
fn_env(struct call *c)
{
	return c->x->val;
}

static const char *
check_nr(struct expr *x, struct node *n)
{
	x->numbered = true;
	return NULL;
}

static const char *
check_now(struct expr *x, struct node *n)
{
	return x->opt->exact ? "it is the clock's, and can't "
	    "be had again (--state)" : NULL;
}

#define NUM	GIVES_NUMBER, false, N_CALL
#define TEXT	GIVES_TEXT, false, N_CALL

static const struct function functions[] = {
	{ "abs", "X", 1, 1, NUM, .call = fn_abs },
	{ "bytes", "TEXT", 1, 1, NUM, .call = fn_bytes },
	{ "ceil", "X", 1, 1, NUM, .call = fn_whole, .with = ROUND_UP,
	    .real = ceil },
	{ "chars", "TEXT", 1, 1, NUM, .call = fn_chars },
	{ "concat", "TEXT, ...", 1, ARGS_MAX, TEXT, .call = fn_concat },
	{ "default", "X, OTHER", 2, 2, GIVES_EITHER, false, N_DEFAULT,
	    .call = NULL },
	{ "duration", "TEXT", 1, 1, NUM, .call = fn_duration },
	{ "env", "\"NAME\"", 1, 1, GIVES_TEXT, true, N_CALL, .check = check_env,
	    .call = fn_env },
	{ "exp", "X", 1, 1, NUM, .call = fn_real, .real = exp },
	{ "floor", "X", 1, 1, NUM, .call = fn_whole, .with = ROUND_DOWN,
	    .real = floor },
	{ "group", "TEXT, ERE [, N]", 2, 3, TEXT, .check = check_group,
	    .call = fn_group },
	{ "if", "CONDITION, X, OTHER", 3, 3, GIVES_EITHER, false, N_IF,
	    .call = NULL },
	{ "index", "TEXT, PIECE", 2, 2, NUM, .call = fn_index },
	{ "int", "X", 1, 1, NUM, .call = fn_whole, .with = ROUND_TO_ZERO,
	    .real = trunc },
	{ "len", "TEXT", 1, 1, NUM, .call = fn_len },
	{ "log", "X", 1, 1, NUM, .call = fn_real, .real = log },
	{ "lower", "TEXT", 1, 1, TEXT, .call = fn_case, .with = 'A' },
	{ "max", "X, ...", 1, ARGS_MAX, NUM, .call = fn_extreme,
	    .with = CMP_GT },
	{ "min", "X, ...", 1, ARGS_MAX, NUM, .call = fn_extreme,
	    .with = CMP_LT },
	{ "net", "IP, N [, IPV6]", 2, 3, TEXT, .call = fn_net },
	{ "now", "", 0, 0, GIVES_NUMBER, true, N_CALL, .check = check_now,
	    .call = fn_now },
	{ "nr", "", 0, 0, GIVES_NUMBER, true, N_CALL, .check = check_nr,
	    .call = fn_nr },
	{ "num", "X", 1, 1, NUM, .call = fn_num },
	{ "pad", "TEXT, N [, WITH]", 2, 3, TEXT, .call = fn_pad },
	{ "part", "TEXT, SEPARATOR, N", 3, 3, TEXT, .check = check_part,
	    .call = fn_part },
	{ "round", "X [, PLACES]", 1, 2, NUM, .call = fn_round,
	    .with = ROUND_HALF_AWAY, .real = round },
	{ "sqrt", "X", 1, 1, NUM, .call = fn_real, .real = sqrt },
	{ "strftime", "FORMAT, TIME", 2, 2, TEXT, .check = check_strftime,
	    .call = fn_strftime },
	{ "strptime", "[FORMAT,] TEXT", 1, 2, NUM, .check = check_strptime,
	    .call = fn_strptime },
	{ "substr", "TEXT, FROM [, N]", 2, 3, TEXT, .call = fn_substr },
	{ "upper", "TEXT", 1, 1, TEXT, .call = fn_case, .with = 'a' }
};

enum { FUNCTIONS = sizeof functions / sizeof *functions };

const struct function *
function_find(struct slice name)
{
	size_t i;

	for (i = 0; i < FUNCTIONS; i++)
		if (slice_eq(name, slice_str(functions[i].name)))
			return &functions[i];
	return NULL;
}

const char *
expr_function(size_t i, const char **args)
{
	if (i >= FUNCTIONS)
		return NULL;
	*args = functions[i].args;
	return functions[i].name;
}

const char *
function_hint(struct slice name, struct arena *a)
{
	static const struct instead instead[] = {
		{ "avg", "stats mean:FIELD" }, { "count", "count by KEYS" },
		{ "coalesce", "default" },
		{ "contains", "FIELD contains \"TEXT\"" },
		{ "date", "strftime" }, { "endswith", "FIELD =~ \"TEXT$\"" },
		{ "gsub", "replace ERE TEXT" }, { "ifnull", "default" },
		{ "length", "len" }, { "match", "FIELD =~ \"ERE\"" },
		{ "mean", "stats mean:FIELD" }, { "pow", "exp" },
		{ "replace", "replace ERE TEXT" }, { "split", "part" },
		{ "sprintf", "round, pad or concat" },
		{ "startswith", "FIELD =~ \"^TEXT\"" }, { "strlen", "len" },
		{ "sub", "replace ERE TEXT" }, { "substring", "substr" },
		{ "sum", "stats sum:FIELD" }, { "systime", "now" },
		{ "time", "strptime" }, { "tonumber", "num" }, { NULL, NULL }
	};
	const char *names[FUNCTIONS], *near;
	struct buf b = { 0 };
	char *list;
	size_t i;

	for (i = 0; i < FUNCTIONS; i++)
		names[i] = functions[i].name;
	near = instead_of(instead, arena_str(a, name));
	if (near == NULL)
		near = diag_nearest(arena_str(a, name), names, FUNCTIONS);
	if (near != NULL)
		return arena_printf(a, "did you mean '%s'?", near);
	buf_str(&b, "there are");
	for (i = 0; i < FUNCTIONS; i++) {
		buf_char(&b, ' ');
		buf_str(&b, names[i]);
	}
	list = arena_str(a, buf_text(&b));
	buf_free(&b);
	return list;
}
