"""Random JSON through pivot and fill, beside plain models of both.

usage: columns.py MBATCH RUNS
"""
import json
import random
import subprocess
import sys

from rounds import rounds

TEXTS = ('', 'a', 'b', 'x y', '007', '1e3', 'k', '404', '_k', 'é', '"', '-')


def value():
    """A member's value; None: null."""
    return random.choice((random.choice(TEXTS), random.choice(TEXTS),
                          random.randint(0, 9), 2.5, None))


def records():
    """Some, each a dict; what is absent is not there."""
    gone = random.choice((0, 0.1, 0.6))
    few = random.choice((1, 2, 5, 100))
    for _ in range(random.choice((0, 1, 2, 10, 60, 1500))):
        r = {'k': 'key%d' % random.randrange(few), 'g': value(),
             'n': value(), 'v': value(), 'w': value()}
        r = {k: v for k, v in r.items() if random.random() >= gone}
        items = list(r.items())
        if random.random() < 0.2:
            random.shuffle(items)
        yield dict(items)


def text(v):
    """As a key has it."""
    if v is None:
        return ''
    return v if isinstance(v, str) else json.dumps(v)


def batches(rs, n):
    return [rs[i:i + n] for i in range(0, len(rs), n)]


def pivot(rs, n, keys, only):
    first = None
    for batch in batches(rs, n):
        rows, names = {}, list(only or first or ())
        for r in batch:
            key = tuple(text(r.get(k)) for k in keys)
            row = rows.setdefault(key, {})
            name = text(r.get('n'))
            if name not in names:
                if only:
                    continue
                names.append(name)
            if r.get('v') is not None:
                row[name] = r['v']
        if first is None and names:
            first = list(names)
        for key, row in rows.items():
            out = dict(zip(keys, key))
            for name in names:
                called = name
                while not only and called in keys:
                    called = '_' + called
                out[called] = row.get(name)
                if only and out[called] == '':
                    out[called] = None      # nothing: as if absent
            yield out


def fill(rs, fields, keys, empty, given):
    last = {}
    for r in rs:
        key = tuple(text(r.get(k)) for k in keys)
        r = dict(r)
        for f in fields:
            v = r.get(f)
            if v is not None and not (empty and v == ''):
                last[key, f] = v
            elif given is not None:
                r[f] = given
            elif (key, f) in last:
                r[f] = last[key, f]
        yield r


def same(v):
    """A number is what it reads as; null is absent."""
    if isinstance(v, str):
        try:
            n = json.loads(v)
            return n if isinstance(n, (int, float)) and not \
                isinstance(n, bool) and v.strip() == v else v
        except ValueError:
            pass
    return v


def shown(rs):
    return [{k: same(v) for k, v in r.items() if v is not None} for r in rs]


def once(mbatch):
    rs = list(records())
    n = random.choice((1, 2, 7, 1000, 5000))
    keys = random.choice((['k'], ['k', 'g'], ['w']))
    args = [mbatch, '-n', str(n), '-i', 'json', '-j',
            random.choice(('1', '3'))]
    if random.random() < 0.5:
        only = random.choice((None, None, ['a'], ['b', '404', 'k']))
        if only and set(only) & set(keys):
            only = None
        args += ['-o', 'json', 'pivot']
        args += ['-c', ','.join(only)] if only else []
        args += ['n', 'v', 'by', ','.join(keys)]
        want = pivot(rs, n, keys, only)
    else:
        fields = random.choice((['v'], ['v', 'w'], ['n', 'v']))
        empty = random.random() < 0.5
        given = random.choice((None, None, 'zz', '5'))
        keys = random.choice(([], keys)) if given is None else []
        args += ['fill'] + ['-e'] * empty
        args += ['-v', given] if given is not None else []
        args += [','.join(fields)]
        args += ['by', ','.join(keys)] if keys else []
        want = fill(rs, fields, keys, empty, given)
    lines = ''.join(json.dumps(r, ensure_ascii=random.random() < 0.5) + '\n'
                    for r in rs)
    run = subprocess.run(args, input=lines.encode(), stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, check=False)
    got = shown([json.loads(r) for r in run.stdout.decode().splitlines()])
    want = shown(want)
    for i, (a, b) in enumerate(zip(got + ['none'], want + ['none'])):
        if a != b:
            sys.exit('%s\nrecord %d: %s\nfor %s\n%s' % (
                args[1:], i + 1, a, b, run.stderr.decode()))


rounds(once)
