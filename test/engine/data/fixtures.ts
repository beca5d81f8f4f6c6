/** The files that make_fixtures.py wrote, and the values that NumPy put into them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type DataFormat, type DataOptions } from "../../../src/engine/data";

const folder = join(__dirname, "fixtures");

export interface ExpectedEntry {
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Row-major; "nan", "inf", "-inf" and "-0" as words. */
  readonly values?: readonly (number | string)[];
  /** Where loading is refused although the header is fine: the code. */
  readonly load?: string;
}

export interface Fixture {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly format: DataFormat;
  readonly options: DataOptions;
  readonly entries: Readonly<Record<string, ExpectedEntry>>;
  readonly refused: readonly string[];
}

export function fixtureBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(folder, name)));
}

export function allFixtures(): readonly Fixture[] {
  const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Record<
    string,
    Omit<Fixture, "name" | "bytes" | "options"> & { readonly options: object }
  >;
  return Object.entries(expected).map(([name, fixture]) => ({
    ...fixture,
    name,
    bytes: fixtureBytes(name),
    options: { name, ...fixture.options },
  }));
}

export function numberOf(value: number | string): number {
  return typeof value === "number" ? value : Number(value.replace("inf", "Infinity"));
}
