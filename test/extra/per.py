"""Random records in batches by key, as mbatch -p has them.

usage: per.py MBATCH RUNS
"""
import json
import random
import subprocess
import sys

from rounds import rounds


class Batch:
    def __init__(self, key):
        self.key = key
        self.records = []
        self.bytes = 0


def batches(records, limit, size, most):
    """Each with why it closed: records have a key, their bytes, and more."""
    held = {}

    def shut(key, why):
        return held.pop(key), why

    for r in records:
        if r['key'] is None:
            continue
        b = held.get(r['key'])
        if b is not None and size and b.bytes + r['bytes'] > size:
            yield shut(r['key'], 'bytes')
            b = None
        if b is None:
            if len(held) >= most:
                yield shut(next(iter(held)), 'full')
            b = held[r['key']] = Batch(r['key'])
        b.records.append(r)
        b.bytes += r['bytes']
        if len(b.records) == limit:
            yield shut(r['key'], 'records')
        elif size and b.bytes >= size:
            yield shut(r['key'], 'bytes')
    while held:
        yield shut(next(iter(held)), 'eof')


def quoted(text):
    return '"%s"' % text if random.random() < 0.1 else text


def record(form, key, value, text, wrong):
    """Its text; wrong: the value can't be read."""
    if form == 'text':
        return '%s %s %s' % (key, value, text)
    if form == 'csv':
        return ','.join((quoted(key), '"1"x%s' % value if wrong else
                         quoted(str(value)), quoted(text)))
    if wrong:
        return '{"k":"%s","v":' % key
    r = {'k': key, 'v': value, 't': text}
    if value == '':
        r['v'] = None
        if random.random() < 0.5:
            del r['v']
    return json.dumps(r)


def table(form):
    keys = random.choice((1, 2, 7, 100, 1000))
    skew = random.choice((1, 3))
    wrong = random.choice((0, 0, 0.01, 0.3)) if form != 'text' else 0
    absent = random.choice((0, 0.2)) if form != 'text' else 0
    large = random.choice((0, 0.02))
    for _ in range(random.choice((0, 1, 10, 200, 3000, 6000))):
        key = 'k%d' % (keys * random.random() ** skew)
        value = '' if random.random() < absent else random.randint(0, 99)
        n = random.randint(0, 3)
        if random.random() < large:
            n = random.choice((126, 127, 128, 253, 254, 255, 256, 2047, 2048,
                               9000))
        text = 'x' * n or 'y'
        bad = random.random() < wrong
        line = record(form, key, value, text, bad)
        yield {'key': None if bad and form == 'json' else key, 'bad': bad,
               'value': value, 'text': text, 'line': line,
               'bytes': len(line) + 1}


def known(rs):
    return [r for r in rs if not r['bad']]


def values(rs):
    return [r['value'] for r in known(rs) if r['value'] != '']


def reckoned(rs):
    v = values(rs)
    return ['%d\t%d\t%s\t%d' % (len(known(rs)), sum(v), max(v, default=''),
                                len({r['text'] for r in known(rs)}))]


CHAINS = (
    ('', lambda rs: [r['line'] for r in rs]),
    ('count', lambda rs: [str(len(rs))]),
    ('stats count,sum:%v,max:%v,distinct:%t', reckoned),
    ('where "%e > 50" then count',
     lambda rs: [str(sum(v > 50 for v in values(rs)))]),
    ('tail 3 then stats sum:%v',
     lambda rs: [str(sum(values(rs[-3:])))]),
    ('head 5 then count', lambda rs: [str(len(rs[:5]))]),
    ('sort -n -r %v then head 2 then stats sum:%v',
     lambda rs: [str(sum(sorted(values(rs))[-2:]))]),
)


def once(mbatch):
    form = random.choice(('text', 'csv', 'csv', 'json'))
    names = ('1', '2', '3', '$2') if form == 'text' else ('k', 'v', 't', 'v')
    records = list(table(form))
    limit = random.choice((0, 1, 2, 50, 1000, 1023, 1024, 1025, 2049))
    size = random.choice((0, 0, 30, 500, 70000))
    most = random.choice((1, 2, 20, 10000, 10000, 10000))
    chain, made = random.choice(CHAINS)
    words = []
    for mark, name in zip(('%k', '%v', '%t', '%e'), names):
        chain = chain.replace(mark, name)
    words = [w.strip('"').replace('~', ' ') for w in
             chain.replace('"%s > 50"' % names[3],
                           '"%s~>~50"' % names[3]).split()]
    if chain == '' and form != 'text':
        return
    limits = []
    if limit:
        limits += ['-n', str(limit)]
    if size:
        limits += ['-b', str(size)]
    if not limits:
        limits = ['-a']
    args = [mbatch, *limits, '-i', form, '-p', names[0], '-S', '-',
            '--max-open', str(most), *words]
    args += ['then'] if words else []
    args += ['stamp', 'batch,reason,key,records,bytes']
    text = '' if form != 'csv' else 'k,v,t\n'
    text += ''.join(r['line'] + '\n' for r in records)
    want = []
    for i, (b, why) in enumerate(batches(records, limit, size, most)):
        rows = made(b.records)
        stamp = '%d\t%s\t%s\t%d\t%d\t' % (i + 1, why, b.key, len(b.records),
                                          b.bytes)
        want += [stamp + row for row in rows] + ['-']
    run = subprocess.run(args, input=text.encode(), stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, check=False)
    got = run.stdout.decode().splitlines()
    if got != want:
        for a, b in zip(got + ['none'], want + ['none']):
            if a != b:
                sys.exit('%s\n%s\nfor\n%s\n%s' % (args[1:], a[:300], b[:300],
                                                  run.stderr.decode()))


rounds(once)
