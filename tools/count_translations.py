#!/usr/bin/env python3
"""How many sentences of data/messages.toml are there in each language: tools/count_translations.py
[LANGUAGE]. With a language it lists the rules that have no sentence in it; those are said in
Indonesian."""
import pathlib
import sys
import tomllib

LANGUAGES = ("id", "en", "jv", "su", "mad")


def sentences():
    path = pathlib.Path(__file__).resolve().parents[1] / "data" / "messages.toml"
    for noun, entries in tomllib.loads(path.read_text()).items():
        for what, texts in entries.items():
            yield f"{noun}.{what}", texts


def main():
    known = list(sentences())
    if len(sys.argv) > 1:
        for rule, texts in known:
            if sys.argv[1] not in texts:
                print(rule)
        return
    for language in LANGUAGES:
        there = sum(language in texts for _, texts in known)
        print(f"{language:4}{there:5} of {len(known)}, {len(known) - there} missing")


if __name__ == "__main__":
    main()
