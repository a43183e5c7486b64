"""Recount a published vote log: python check_tally.py figures.json vote-log.txt.gz"""

import gzip
import json
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

ROW = ("agree", "disagree", "unsure", "votes", "agreement", "low", "high")
told = json.loads(Path(sys.argv[1]).read_text("utf-8"))
lines = gzip.decompress(Path(sys.argv[2]).read_bytes()).decode().split()
# A sealed vote is its hash alone; an open one says idea, stance and its number.
level = [sha256(b"\0" + line.encode()).digest() if "," in line else bytes.fromhex(line) for line in lines]
wrong = [] if level == sorted(set(level)) else ["a vote stands twice, or in the wrong place"]
while len(level) > 1:  # up a Merkle tree as in RFC 6962
    pairs = [b"".join(level[i : i + 2]) for i in range(0, len(level), 2)]
    level = [sha256(b"\1" + pair).digest() if len(pair) == 64 else pair for pair in pairs]
wrong += [] if level[0].hex() == told["root"] else ["the root"]
votes = Counter(line.rpartition(",")[0] for line in lines if "," in line)
for row in told["ideas"]:
    a, d, u = (votes.pop(f"{row['idea']},{side}", 0) for side in ROW[:3])
    n, z = a + d or 1, 1.959963984540054  # Wilson's interval of 95 %
    middle, half = a / n + z * z / (2 * n), z * (a * d / n**3 + z * z / (4 * n * n)) ** 0.5
    low, high = (max(0.0, min(1.0, (middle + side * half) / (1 + z * z / n))) for side in (-1, 1))
    share = [round(number, 4) for number in (a / n, low, high)] if a + d else [None] * 3
    wrong += [] if [row[name] for name in ROW] == [a, d, u, a + d + u, *share] else [f"idea {row['idea']}"]
print("NOT RIGHT: " + ", ".join([*wrong, *votes]) if wrong or votes else f"All right: {len(lines)} votes.")
sys.exit(bool(wrong or votes))
