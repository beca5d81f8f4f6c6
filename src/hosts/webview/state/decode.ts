/** Reading values of unknown type, piece by piece, naming the place of what does not fit. Knows no message. */

/** Reads a value or throws `Malformed`; `path` names its place for the error. */
export type Reader<T> = (value: unknown, path: string) => T;

/** A value that is not what its place needs. */
export class Malformed extends Error {
  constructor(path: string, needed: string) {
    super(`${path} is not ${needed}`);
    this.name = "Malformed";
  }
}

export const text: Reader<string> = (value, path) => {
  if (typeof value !== "string") throw new Malformed(path, "a text");
  return value;
};

export const truth: Reader<boolean> = (value, path) => {
  if (typeof value !== "boolean") throw new Malformed(path, "true or false");
  return value;
};

/** A whole number from 0. */
export const count: Reader<number> = (value, path) => {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0)
    throw new Malformed(path, "a count");
  return value;
};

/** A finite number. */
export const finite: Reader<number> = (value, path) => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Malformed(path, "a finite number");
  return value;
};

const byName: Readonly<Record<string, number>> = { NaN, Infinity, "-Infinity": -Infinity };

/**
 * Any number. Non-finite ones may come by name; null is what JSON makes of them, and reads as NaN: better than
 * refusing a whole report on the way.
 */
export const numeric: Reader<number> = (value, path) => {
  if (typeof value === "number") return value;
  if (value === null) return NaN;
  const named = typeof value === "string" ? byName[value] : undefined;
  if (named === undefined) throw new Malformed(path, "a number");
  return named;
};

export function oneOf<const T extends string>(...choices: readonly T[]): Reader<T> {
  return (value, path) => {
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw new Malformed(path, `one of ${choices.join(", ")}`);
    return found;
  };
}

export function nullable<T>(read: Reader<T>): Reader<T | null> {
  return (value, path) => (value === null || value === undefined ? null : read(value, path));
}

export function list<T>(read: Reader<T>): Reader<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new Malformed(path, "a list");
    return value.map((item, i) => read(item, `${path}[${String(i)}]`));
  };
}

/** An object with at least these fields, each read by its reader. Other fields are left behind. */
export function record<T extends object>(fields: { readonly [K in keyof T]-?: Reader<T[K]> }): Reader<T> {
  const readers = Object.entries<Reader<unknown>>(fields);
  return (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new Malformed(path, "an object");
    const given = value as Readonly<Record<string, unknown>>;
    const made = readers.map(([name, read]) => [name, read(given[name], `${path}.${name}`)] as const);
    // Every field of T was read by its own reader just above.
    return Object.fromEntries(made) as T;
  };
}
