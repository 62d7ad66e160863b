/* scan-class.h - runs of a class's bytes; part of scan-body.h */

#ifdef class32
INLINE uint64_t
class64(const char *p, const struct scan_class *c)
{
	return class32(p, c) | (uint64_t)class32(p + 32, c) << 32;
}
#else
INLINE uint64_t
class64(const char *p, const struct scan_class *c)
{
	uint64_t m = 0;
	int i;

	for (i = 0; i < 64; i++)
		m |= (uint64_t)c->has[(unsigned char)p[i]] << i;
	return m;
}
#endif

/* Which of p[0..n), of the first 64 if there are more, are in the class, where
   from lo to hi can be read.  Those from n on are not. */
INLINE uint64_t
class_of(const char *p, size_t n, const char *lo, const char *hi,
    const struct scan_class *c)
{
	char copy[64] = { 0 };

	if (hi - p >= 64)
		return class64(p, c) & (n < 64 ? below(n) : ~(uint64_t)0);
	if (n == 0)
		return 0;
	if (p + n - lo >= 64)
		return class64(p + n - 64, c) >> (64 - n);
	memcpy(copy, p, n);
	return class64(copy, c) & below(n);
}

/* The first byte of p[i..n) that is in the class; where up to hi can be
   read. */
INLINE size_t
class_from(const char *p, size_t i, size_t n, const char *hi,
    const struct scan_class *c)
{
#ifdef class32
	uint32_t m;

	for (; i < n && hi - (p + i) >= 32; i += 32)
		if ((m = class32(p + i, c)) != 0) {
			i += low_bit(m);
			return i < n ? i : n;
		}
#endif
	while (i < n && !c->has[(unsigned char)p[i]])
		i++;
	return i < n ? i : n;
}

FN size_t
class(struct slice s, size_t i, const char *hi, const struct scan_class *c)
{
	return class_from(s.p, i, s.n, hi, c);
}

FN void
class_each(struct slice s, const uint32_t *at, size_t n, size_t skip,
    const struct scan_class *c, uint32_t *end)
{
	size_t i;

	for (i = 0; i < n; i++)
		end[i] = (uint32_t)class_from(s.p, at[i] + skip, s.n,
		    s.p + s.n, c);
}

/* Added to a mask its lowest bit moves to behind the lowest run. */
FN size_t
runs(struct slice s, const char *hi, const struct scan_class *c, size_t *from,
    struct slice *run, size_t max)
{
	size_t i, at, end, k = 0, start = 0;
	bool open = false;
	uint64_t m, after;

	for (i = *from; i < s.n && k < max; i += 64) {
		m = class_of(s.p + i, s.n - i, s.p, hi, c);
		if (open) {
			if (m == ~(uint64_t)0)
				continue;
			run[k++] = (struct slice){ s.p + start,
			    i + low_bit(~m) - start };
			open = false;
			m &= m + 1;
		}
		for (; m != 0 && k < max; m &= after) {
			at = low_bit(m);
			after = m + ((uint64_t)1 << at);
			if (after < m) {
				open = true;
				start = i + at;
				break;
			}
			end = low_bit(after & ~m);
			run[k++] = (struct slice){ s.p + i + at, end - at };
		}
	}
	if (open)
		run[k++] = (struct slice){ s.p + start, s.n - start };
	*from = k == max ? (size_t)(run[k - 1].p - s.p) + run[k - 1].n : s.n;
	return k;
}

FN size_t
steps(const struct scan_track *t, size_t k, struct slice s, const char *hi)
{
	size_t i = t->at[k], end, n = t->n;
	const struct scan_step *st = t->step + k;
	bool is;

	for (; k < n; k++, st++) {
		if (st->max == 1) {
			is = i < s.n && !st->others.has[(unsigned char)s.p[i]];
			t->at[k + 1] = i += is;
			if (is < st->min)
				break;
			continue;
		}
		end = s.n - i < st->max ? s.n : i + st->max;
		end = class_from(s.p, i, end, hi, &st->others);
		t->at[k + 1] = end;
		if (end - i < st->min)
			break;
		i = end;
	}
	return k;
}
