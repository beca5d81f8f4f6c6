"""Makes the files in fixtures/ and fixtures/expected.json with NumPy, zlib and zipfile; PyTorch rounds the bfloat16.

Run from anywhere:  python3 make_fixtures.py  (then Prettier over fixtures/expected.json)
The expected values are the arrays that were written, as Python prints them, never what our readers gave.
PNG and safetensors are written here by their published layouts; Pillow 12.3 and the safetensors library 0.8 read these very
files and found the same values (Pillow keeps only the high byte of 16-bit colors).
"""
import gzip
import io
import json
import math
import os
import struct
import zipfile
import zlib

import numpy as np
import torch

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
os.makedirs(here, exist_ok=True)
expected = {}


def number(value):
    value = float(value)
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if value == 0 and math.copysign(1, value) < 0:
        return "-0"
    return value


def dtype_of(array):
    if array.dtype.kind == "b":
        return "bool"
    if array.dtype.kind in "iu":
        return "int"
    return "float64" if array.dtype.itemsize == 8 else "float32"


def entry(array, dtype=None):
    array = np.asarray(array)
    return {
        "shape": list(array.shape),
        "dtype": dtype or dtype_of(array),
        "values": [number(v) for v in array.flatten(order="C")],
    }


def write(name, data, form, entries, refused=(), options=None):
    with open(os.path.join(here, name), "wb") as f:
        f.write(data)
    expected[name] = {"format": form, "entries": entries, "refused": list(refused), "options": options or {}}


def npy(array, version=None):
    out = io.BytesIO()
    np.lib.format.write_array(out, np.asanyarray(array), version=version)
    return out.getvalue()


# --- npy
floats = np.array([[0.0, -0.0, 1.5, np.nan], [np.inf, -np.inf, 2.0**-14, -65504.0], [1 / 3, 6e-8, -1e-3, 3.0]])
for size in (2, 4, 8):
    for order, word in (("<", "le"), (">", "be")):
        a = floats.astype(f"{order}f{size}")
        write(f"f{size}-{word}.npy", npy(a), "npy", {"": entry(a)})
for kind in "iu":
    for size in (1, 2, 4, 8):
        info = np.iinfo(f"{kind}{size}")
        low, high = (info.min, info.max) if size < 8 else (-(2**53) + 1 if kind == "i" else 0, 2**53 - 1)
        for order, word in (("<", "le"), (">", "be")) if size > 1 else (("|", ""),):
            a = np.array([[low, high, 0], [1, 42, 100]], dtype=f"{order}{kind}{size}")
            write(f"{kind}{size}{'-' + word if word else ''}.npy", npy(a), "npy", {"": entry(a)})
a = np.array([[True, False], [False, True]])
write("bool.npy", npy(a), "npy", {"": entry(a)})
for version in ((1, 0), (2, 0), (3, 0)):
    a = np.linspace(-1, 1, 7)
    write(f"version-{version[0]}.npy", npy(a, version), "npy", {"": entry(a)})
rng = np.random.RandomState(7)
a = np.asfortranarray(rng.standard_normal((2, 3, 4)))
assert not a.flags.c_contiguous
write("fortran-3d.npy", npy(a), "npy", {"": entry(a)})
a = np.asfortranarray(np.arange(15, dtype=">i4").reshape(5, 3))
write("fortran-big-endian.npy", npy(a), "npy", {"": entry(a)})
write("scalar.npy", npy(np.float64(2.5)), "npy", {"": entry(np.float64(2.5))})
write("empty.npy", npy(np.zeros((0, 3))), "npy", {"": entry(np.zeros((0, 3)))})
a = rng.standard_normal((30, 5)).astype("f4")
write("zipped.npy.gz", gzip.compress(npy(a), mtime=0), "npy", {"": entry(a)})
first, second = npy(a)[:100], npy(a)[100:]
write("two-members.npy.gz", gzip.compress(first, mtime=0) + gzip.compress(second, mtime=0), "npy", {"": entry(a)})
out = io.BytesIO()
np.save(out, np.arange(3.0))
np.save(out, np.arange(9.0))
write("two-arrays.npy", out.getvalue(), "npy", {"": entry(np.arange(3.0))})

refusals = {
    "object": np.array([{"a": 1}, None], dtype=object),
    "record": np.array([(1, 2.0)], dtype=[("x", "i4"), ("y", "f8")]),
    "complex": np.array([1 + 2j]),
    "text": np.array(["abc", "de"]),
    "bytes": np.array([b"abc"]),
    "dates": np.array(["2020-01-01"], dtype="datetime64[D]"),
    "longdouble": np.array([1.0], dtype=np.longdouble),
    "void": np.zeros(2, dtype="V3"),
}
for name, a in refusals.items():
    write(f"refused-{name}.npy", npy(a), "npy", {}, [""])
write("big-integer.npy", npy(np.array([[1, 2], [3, 2**53 + 1]])), "npy", {"": {"shape": [2, 2], "dtype": "int", "load": "NN415"}})

# --- npz
X = rng.standard_normal((4, 3))
y = np.array([0, 2, 1, 1])
W = np.asfortranarray(rng.standard_normal((3, 2)).astype("f4"))
arrays = {"X": X, "y": y, "W": W, "flag": np.array(True)}
entries = {name: entry(a) for name, a in arrays.items()}


def fixed(writer):
    """An archive whose dates do not change from run to run."""
    out = io.BytesIO()
    writer(out)
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as source:
        again = io.BytesIO()
        with zipfile.ZipFile(again, "w") as target:
            for item in source.infolist():
                info = zipfile.ZipInfo(item.filename)
                info.compress_type = item.compress_type
                with target.open(info, "w", force_zip64=True) as f:
                    f.write(source.read(item))
        return again.getvalue()


write("stored.npz", fixed(lambda out: np.savez(out, **arrays)), "npz", entries)
write("deflated.npz", fixed(lambda out: np.savez_compressed(out, **arrays)), "npz", entries)
write("positional.npz", fixed(lambda out: np.savez(out, X, y)), "npz", {"arr_0": entry(X), "arr_1": entry(y)})


def mixed(out):
    with zipfile.ZipFile(out, "w") as z:
        stamp = (1980, 1, 1, 0, 0, 0)
        z.writestr(zipfile.ZipInfo("layer/weight.npy", stamp), npy(W))
        z.writestr(zipfile.ZipInfo("objects.npy", stamp), npy(refusals["object"]))
        z.writestr(zipfile.ZipInfo("notes.txt", stamp), b"not an array")
        info = zipfile.ZipInfo("bzipped.npy", stamp)
        info.compress_type = zipfile.ZIP_BZIP2
        z.writestr(info, npy(X))
        z.writestr(zipfile.ZipInfo("größe.npy", stamp), npy(y))
        z.comment = b"a comment after the directory"


out = io.BytesIO()
mixed(out)
write("mixed.npz", out.getvalue(), "npz", {"layer/weight": entry(W), "größe": entry(y)}, ["objects", "bzipped"])

limits = (zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT)
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = 64, 1
out = io.BytesIO()
with zipfile.ZipFile(out, "w") as z:
    for name, a in arrays.items():
        info = zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        z.writestr(info, npy(a))
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = limits
assert b"PK\x06\x06" in out.getvalue() and b"PK\x06\x07" in out.getvalue()
write("zip64.npz", out.getvalue(), "npz", entries)

# --- csv
table = rng.standard_normal((6, 3)).round(4)
out = io.StringIO()
np.savetxt(out, table, delimiter=",")
write("savetxt.csv", out.getvalue().encode(), "csv", {"": entry(table)})
out = io.StringIO()
np.savetxt(out, table, delimiter=";", header="a;b;c")
write("savetxt-comment.csv", out.getvalue().encode(), "csv", {"": entry(table)})
out = io.StringIO()
np.savetxt(out, table, delimiter="\t", header="a\tb\tc", comments="", newline="\r\n")
write("tabs-header.csv", out.getvalue().encode(), "csv", {"": entry(table)})
write("zipped.csv.gz", gzip.compress(out.getvalue().encode(), mtime=0), "csv", {"": entry(table)})
quoted = '\ufeff"width, cm","say ""hi""",größe\r\n"1.5", 2 ,3\r\n\r\n-4e-3,"+5",.5\r\n inf,-inf,nan'
write("quoted-bom.csv", quoted.encode("utf-8"), "csv", {"": entry([[1.5, 2, 3], [-4e-3, 5, 0.5], [np.inf, -np.inf, np.nan]])})
write("multiline-name.csv", b'"two\nlines",b\r1,2\r3,4\r', "csv", {"": entry([[1.0, 2], [3, 4]])})
gaps = b"a;b\n1;\n;NA\n3;4\n"
write("gaps.csv", gaps, "csv", {"": entry([[1, np.nan], [np.nan, np.nan], [3.0, 4]])}, options={"csv": {"missing": "nan"}})
write("one-column.csv", b"1\n2\n3\n", "csv", {"": entry([[1.0], [2], [3]])})

# --- idx
codes = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
for code, kind in codes.items():
    a = (rng.standard_normal((3, 2, 2)) * 50).astype(kind if kind != ">u1" else "i2").astype(kind)
    data = struct.pack(">BBBB", 0, 0, code, a.ndim) + struct.pack(">3I", *a.shape) + a.tobytes()
    write(f"code-{code:02x}.idx", data, "idx", {"": entry(a)})
labels = rng.randint(0, 10, 50).astype("u1")
data = struct.pack(">BBBBI", 0, 0, 8, 1, 50) + labels.tobytes()
write("labels-idx1-ubyte.gz", gzip.compress(data, mtime=0), "idx", {"": entry(labels)})

# --- safetensors, by its published layout
half = torch.tensor([[1.0, -2.5, 1 / 3], [3e38, float("inf"), float("nan")]]).to(torch.bfloat16)
bf16_bytes = half.view(torch.int16).numpy().astype("<i2").tobytes()
tensors = {
    "fc.weight": ("F32", [2, 3], rng.standard_normal((2, 3)).astype("<f4")),
    "fc.bias": ("F64", [2], rng.standard_normal(2)),
    "half": ("F16", [3], np.array([1.5, -65504, 6e-8], "<f2")),
    "ids": ("I64", [2], np.array([-5, 2**40], "<i8")),
    "i32": ("I32", [2], np.array([-5, 2**30], "<i4")),
    "i16": ("I16", [2], np.array([-5, 2**14], "<i2")),
    "i8": ("I8", [2], np.array([-128, 127], "i1")),
    "u8": ("U8", [2], np.array([0, 255], "u1")),
    "mask": ("BOOL", [3], np.array([True, False, True])),
    "scalar": ("F64", [], np.float64(4.25)),
    "nothing": ("F32", [0, 4], np.zeros((0, 4), "<f4")),
    "__proto__": ("U8", [1], np.array([7], "u1")),
}
header, body, entries = {"__metadata__": {"format": "pt"}}, b"", {}
for name, (kind, shape, a) in tensors.items():
    raw = a.tobytes()
    header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(body), len(body) + len(raw)]}
    body += raw
    entries[name] = entry(a)
header["bf16"] = {"dtype": "BF16", "shape": [2, 3], "data_offsets": [len(body), len(body) + len(bf16_bytes)]}
body += bf16_bytes
entries["bf16"] = entry(half.float().numpy())
header["f8"] = {"dtype": "F8_E4M3", "shape": [1], "data_offsets": [len(body), len(body) + 1]}
body += b"\0"
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
write("weights.safetensors", struct.pack("<Q", len(text)) + text + body, "safetensors", entries, ["f8"])

# --- png
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed(row, depth):
    """One row of samples as bytes, from the highest bit down."""
    bits = "".join(format(int(v), f"0{depth}b") for v in row.reshape(-1))
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


def filtered(rows, bpp):
    """Each row with another of the five filters."""
    out, above = b"", None
    for number_, row in enumerate(rows):
        kind = number_ % 5
        prior = above or bytes(len(row))
        line = bytearray()
        for i, v in enumerate(row):
            a = row[i - bpp] if i >= bpp else 0
            b = prior[i]
            c = prior[i - bpp] if i >= bpp else 0
            p = a + b - c
            nearest = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            line.append((v - [0, a, b, (a + b) // 2, nearest][kind]) % 256)
        out += bytes([kind]) + bytes(line)
        above = row
    return out


def png(samples, color, depth, interlaced=False, extra=b"", pieces=1):
    height, width = samples.shape[:2]
    channels = 1 if samples.ndim == 2 else samples.shape[2]
    bpp = max(1, channels * depth // 8)
    if interlaced:
        parts = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7]
        parts = [part for part in parts if part.size]
    else:
        parts = [samples]
    data = zlib.compress(b"".join(filtered([packed(row, depth) for row in part], bpp) for part in parts), 9)
    cut = -(-len(data) // pieces)
    idat = b"".join(chunk(b"IDAT", data[i : i + cut]) for i in range(0, len(data), cut))
    ihdr = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", ihdr) + chunk(b"tEXt", b"Title\0x") + extra + idat + chunk(b"IEND", b"")


def smooth(shape, depth):
    """Samples that vary in every direction, the largest included."""
    a = rng.randint(0, 2**depth, shape)
    a.flat[0] = 2**depth - 1
    return a


for depth in (1, 2, 4, 8, 16):
    for interlaced in (False, True):
        s = smooth((9, 11), depth)
        write(f"gray-{depth}{'-interlaced' if interlaced else ''}.png", png(s, 0, depth, interlaced), "png", {"": entry(s / (2**depth - 1))})
for depth in (8, 16):
    top = 2**depth - 1
    s = smooth((7, 6, 3), depth)
    write(f"rgb-{depth}.png", png(s, 2, depth, pieces=3), "png", {"": entry(s / top)})
    s = smooth((7, 6, 4), depth)
    write(f"rgba-{depth}.png", png(s, 6, depth, interlaced=depth == 8), "png", {"": entry(s / top)})
    s = smooth((7, 6, 2), depth)
    write(f"gray-alpha-{depth}.png", png(s, 4, depth), "png", {"": entry(s[:, :, [0, 0, 0, 1]] / top)})
for depth in (1, 2, 4, 8):
    colors = rng.randint(0, 256, (min(2**depth, 20), 3))
    alphas = rng.randint(0, 256, 2)
    s = rng.randint(0, len(colors), (5, 7))
    rgba = np.concatenate([colors, np.full((len(colors), 1), 255)], axis=1)
    rgba[:2, 3] = alphas
    extra = chunk(b"PLTE", bytes(colors.reshape(-1).tolist())) + chunk(b"tRNS", bytes(alphas.tolist()))
    write(f"palette-{depth}.png", png(s, 3, depth, extra=extra), "png", {"": entry(rgba[s] / 255)})
s = smooth((1, 1), 8)
write("one-pixel-interlaced.png", png(s, 0, 8, True), "png", {"": entry(s / 255)})

with open(os.path.join(here, "expected.json"), "w") as f:
    f.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in sorted(expected.items())) + "\n}\n")
