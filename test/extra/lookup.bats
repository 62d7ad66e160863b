#!/usr/bin/env bats
# lookup.bats - a million networks beside a plain search for the longest prefix

load ../helper

setup() {
	begin
	need python3
	cat >make.py <<'PY'
import ipaddress
import random

random.seed(21)
known = {}
with open('nets.csv', 'w') as f:
    f.write('network,asn,name\n')
    while len(known) < 1000000:
        v4 = random.random() < .7
        bits = 32 if v4 else 128
        n = random.randint(8, 32) if v4 else random.randint(20, 128)
        a = random.getrandbits(32) if v4 else \
            0x2001 << 112 | random.getrandbits(112)
        a = a >> (bits - n) << (bits - n)
        if (v4, n, a) in known:
            continue
        known[v4, n, a] = len(known)
        ip = ipaddress.IPv4Address(a) if v4 else ipaddress.IPv6Address(a)
        f.write(f'{ip}/{n},AS{known[v4, n, a]},name {a % 100000}\n')
some = random.sample(list(known), 100000)
with open('in', 'w') as f, open('want', 'w') as w:
    f.write('ip\n')
    w.write('ip,asn\n')
    for v4, n, a in some:
        bits = 32 if v4 else 128
        if random.random() < .3:
            a = random.getrandbits(bits)
        else:
            a += random.choice((0, (1 << bits - n) - 1, 1 << bits - n, -1))
            a %= 1 << bits
        asn = ''
        for n in range(bits, -1, -1):
            net = v4, n, a >> (bits - n) << (bits - n)
            if net in known:
                asn = f'AS{known[net]}'
                break
        ip = ipaddress.IPv4Address(a) if v4 else ipaddress.IPv6Address(a)
        f.write(f'{ip}\n')
        w.write(f'{ip},{asn}\n')
PY
	python3 make.py
}

@test "a million networks: the longest prefix, in 200 MB" {
	try -i csv lookup nets.csv ip=network:net asn <in
	is "$err" ''
	cmp out want
	"$H/maxrss" rss "$MBATCH" -i csv lookup nets.csv ip=network:net <in \
	    >out
	[ "$(<rss)" -lt 200000 ]
}
