"""Follow the path of a vote to the root: python check_vote.py proof.json ROOT"""

import json
import sys
from hashlib import sha256
from pathlib import Path

proof = json.loads(Path(sys.argv[1]).read_text("utf-8"))
found = sha256(b"\0" + proof["leaf"].encode()).digest()
for step in proof["path"]:
    beside = bytes.fromhex(step["hash"])
    found = sha256(b"\1" + (beside + found if step["side"] == "left" else found + beside)).digest()
is_in = found.hex() == sys.argv[2].lower()
print(f"{proof['leaf']} is {'in' if is_in else 'NOT in'} the log with this root.")
sys.exit(not is_in)
