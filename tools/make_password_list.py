#!/usr/bin/env python3
"""Makes data/passwords/breached.bin: the first 6 bytes of the SHA-256 of each listed password.

usage: make_password_list.py PASSWORDS.json OUT

PASSWORDS.json is src/passwords.json of the npm package @zxcvbn-ts/language-common:
  npm pack @zxcvbn-ts/language-common@4.1.3 && tar xzf zxcvbn-ts-language-common-4.1.3.tgz
Only hashes are kept: what is needed to refuse a password, and nothing to read.
"""
import hashlib
import json
import pathlib
import sys

ENTRY_BYTES = 6


def main() -> int:
    source, out = map(pathlib.Path, sys.argv[1:3])
    words = {word.lower() for word in json.loads(source.read_text())}
    entries = sorted({hashlib.sha256(word.encode()).digest()[:ENTRY_BYTES] for word in words})
    out.write_bytes(b"".join(entries))
    print(f"{len(entries)} entries")
    return 0


if __name__ == "__main__":
    sys.exit(main())
