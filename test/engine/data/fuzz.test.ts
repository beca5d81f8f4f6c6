/** Damaged files: whatever is done to their bytes, readers give a tensor or a problem, soon, and never allocate beyond the limit. */
import assert from "node:assert/strict";
import { gunzipSync, gzipSync } from "node:zlib";
import { crc32 } from "../../../src/engine/data/crc32";
import { loadEntry, memoryFile, readHeader, type DataOptions } from "../../../src/engine/data";
import { allFixtures, type Fixture } from "./fixtures";

/** How often each file is damaged; the long run is `NNSPEC_FUZZ=20000`. */
const rounds = Number(process.env["NNSPEC_FUZZ"] ?? 1000);

/** A small generator of its own (mulberry32), so that every run damages the same bytes. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const tempting = [0, 1, 0x7f, 0x80, 0xff, 0x22, 0x27, 0x2c, 0x0a, 0x30, 0x39, 0x7b];

/** One to four random changes: a byte, a run of bytes, a cut, an insertion, a piece copied elsewhere. */
function damage(bytes: Uint8Array, random: () => number): Uint8Array {
  let result = bytes.slice();
  const below = (limit: number) => Math.floor(random() * limit);
  const someByte = () => (random() < 0.5 ? below(256) : (tempting[below(tempting.length)] ?? 0));
  for (let changes = 1 + below(4); changes > 0 && result.length > 0; changes--) {
    // Headers are at the start (of a zip: at the end): most damage goes there.
    const near = random();
    const at =
      near < 0.4
        ? below(Math.min(128, result.length))
        : near < 0.6
          ? Math.max(0, result.length - 1 - below(256))
          : below(result.length);
    switch (below(6)) {
      case 0:
      case 1:
        result[at] = someByte();
        break;
      case 2:
        result.fill(someByte(), at, at + 1 + below(8));
        break;
      case 3:
        result = result.slice(0, at);
        break;
      case 4: {
        const inserted = Uint8Array.from({ length: 1 + below(12) }, someByte);
        result = Uint8Array.from([...result.subarray(0, at), ...inserted, ...result.subarray(at)]);
        break;
      }
      default:
        result.copyWithin(at, below(result.length), below(result.length));
    }
  }
  return result;
}

/** Half of the damage is put under right checksums and compression again, so that it reaches what they protect. */
function disguise(bytes: Uint8Array, original: Fixture, random: () => number): Uint8Array {
  if (random() < 0.5) return bytes;
  if (original.format === "png") return withChecksums(bytes);
  if (!original.name.endsWith("gz")) return bytes;
  return new Uint8Array(gzipSync(damage(new Uint8Array(gunzipSync(original.bytes)), random)));
}

/** A PNG whose chunks, as far as they can still be followed, have right checksums. */
function withChecksums(bytes: Uint8Array): Uint8Array {
  const result = bytes.slice();
  const view = new DataView(result.buffer);
  for (let at = 8; at + 12 <= result.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > result.length) break;
    view.setUint32(end, crc32(result.subarray(at + 4, end)));
    at = end + 4;
  }
  return result;
}

interface Tally {
  readable: number;
  slowest: number;
  readonly codes: Set<string>;
}

const limit = 1 << 22;

function readAll(fixture: Fixture, bytes: Uint8Array, tally: Tally): void {
  const options: DataOptions = { ...fixture.options, maxBytes: limit };
  const file = memoryFile(bytes);
  const started = performance.now();
  const header = readHeader(fixture.format, file, options);
  if (!header.ok) tally.codes.add(header.problem.code);
  const names = new Set([...Object.keys(fixture.entries), ...(header.ok ? header.value.entries.keys() : [])]);
  for (const name of names) {
    const loaded = loadEntry(fixture.format, file, name, options);
    if (!loaded.ok) tally.codes.add(loaded.problem.code);
    else {
      tally.readable++;
      assert.ok(loaded.value.data.byteLength <= limit);
      const declared = header.ok ? header.value.entries.get(name) : undefined;
      if (declared)
        assert.deepEqual([loaded.value.shape, loaded.value.dtype], [declared.shape, declared.dtype]);
    }
  }
  tally.slowest = Math.max(tally.slowest, performance.now() - started);
}

suite(`data files damaged ${String(rounds)} times each`, function () {
  this.timeout(Math.max(20_000, rounds * 60));
  const seen = new Set<string>();

  allFixtures().forEach((fixture, index) => {
    test(`${fixture.name}: a tensor or a problem, never an exception`, () => {
      const random = generator(index + 1);
      const tally: Tally = { readable: 0, slowest: 0, codes: new Set() };
      for (let round = 0; round < rounds; round++) {
        readAll(fixture, disguise(damage(fixture.bytes, random), fixture, random), tally);
      }
      for (let cut = 0; cut < fixture.bytes.length; cut++)
        readAll(fixture, fixture.bytes.subarray(0, cut), tally);
      tally.codes.forEach((code) => seen.add(code));
      assert.ok(tally.codes.size > 0, "no damage was ever noticed");
      assert.ok(tally.slowest < 2000, `${String(tally.slowest)} ms for one file`);
      if (process.env["NNSPEC_FUZZ"]) console.log(fixture.name, tally);
    });
  });

  test("the damage is of many kinds", () => {
    assert.ok(seen.size >= 8, [...seen].join(" "));
  });
});
