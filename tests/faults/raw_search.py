"""Looks for a number in raw bytes, in every form it could have been written in."""
import base64
import hashlib
import pathlib


def forms_of(digits):
    """name → bytes of a number as it may lie in a file: as text, as an integer, packed, coded, or as
    a plain digest, which anybody could find again by trying."""
    number = int(digits)
    big = number.to_bytes(8, "big").lstrip(b"\0")
    ascii_digits = digits.encode()
    fours = [digits[i:i + 4] for i in range(0, len(digits), 4)]
    card = [digits[0:2], digits[2:4], digits[4:6], digits[6:12], digits[12:]]
    packed = bytes.fromhex(digits if len(digits) % 2 == 0 else digits + "f")
    packed_right = bytes.fromhex(digits if len(digits) % 2 == 0 else "0" + digits)
    swapped = bytes((b >> 4 | (b & 15) << 4) for b in packed)
    forms = {"digits": ascii_digits, "reversed": ascii_digits[::-1],
             "utf-16 le": digits.encode("utf-16-le"), "utf-16 be": digits.encode("utf-16-be"),
             "big endian": big, "little endian": big[::-1], "packed": packed,
             "packed right": packed_right, "packed swapped": swapped}
    for separator in " .-":
        forms[f"fours {separator!r}"] = separator.join(fours).encode()
        forms[f"as on the card {separator!r}"] = separator.join(card).encode()
    for name in ("digits", "big endian", "little endian", "packed"):
        forms[f"hex of {name}"] = forms[name].hex().encode()
        forms[f"HEX of {name}"] = forms[name].hex().upper().encode()
        forms.update(base64_forms(name, forms[name]))
    for name in ("md5", "sha1", "sha256", "sha512"):
        digest = hashlib.new(name, ascii_digits).digest()
        forms[name] = digest
        forms[f"hex of {name}"] = digest.hex().encode()
    return forms


def base64_forms(name, data):
    """Base64 of the bytes at each of the three places they can have within a longer text; without
    the letters that depend on their neighbours."""
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + data)
        begin = (0, 2, 3)[shift]
        end = (shift + len(data)) * 8 // 6
        yield f"base64 of {name} at {shift}", text[begin:end]


BLOCK = 1 << 22
OVERLAP = 256  # Longer than any form.


def blocks_of(path):
    """The file bit by bit, each with the end of the one before: a file of any size in little memory."""
    with open(path, "rb") as file:
        end = b""
        while data := file.read(BLOCK):
            yield end + data
            end = data[-OVERLAP:]


def find_bytes(paths, forms):
    """{(file's name, name of the form)} of everything found; forms: name → bytes."""
    found = set()
    for path in paths:
        try:
            for data in blocks_of(path):
                found |= {(path.name, name) for name, form in forms.items() if form in data}
        except FileNotFoundError:
            continue  # A journal that went meanwhile.
    return found


def find_numbers(paths, numbers):
    """["FILE: FORM of NUMBER", …] of everything found."""
    forms = {f"{name} of {digits}": form for digits in numbers
             for name, form in forms_of(digits).items()}
    return sorted(f"{file}: {name}" for file, name in find_bytes(paths, forms))


def files_below(folder):
    return sorted(p for p in pathlib.Path(folder).rglob("*") if p.is_file())


def self_check(folder):
    """What the search itself misses; None when it finds every form it looks for."""
    digits = "3372014101750001"
    for name, form in forms_of(digits).items():
        (folder / "canary").write_bytes(b"\x17" * 1000 + form + b"\x17" * 1000)
        if f"canary: {name} of {digits}" not in find_numbers([folder / "canary"], [digits]):
            return f"{name} is not found"
    for shift in range(3):
        text = base64.b64encode(b"xyz"[:shift] + digits.encode() + b"and more")
        (folder / "canary").write_bytes(text)
        if not find_numbers([folder / "canary"], [digits]):
            return f"base64 within a text at {shift} is not found"
    (folder / "canary").write_bytes(b"\x17" * (BLOCK - 7) + digits.encode())
    if not find_numbers([folder / "canary"], [digits]):
        return "a number over the end of a block is not found"
    (folder / "canary").write_bytes(b"\x17" * 5000)
    if find_numbers([folder / "canary"], [digits]):
        return "something is found where nothing is"
    (folder / "canary").unlink()
    return None
