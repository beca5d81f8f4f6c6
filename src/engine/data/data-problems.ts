/** The catalogue of everything that can be wrong with a data file: code, text, parameters. Knows no format's layout. */

/** A data file's fault, ready to be shown at the call that reads it. */
export interface DataProblem {
  readonly code: `NN4${number}`;
  readonly message: string;
}

export interface DataFailure {
  readonly ok: false;
  readonly problem: DataProblem;
}

export type DataResult<T> = { readonly ok: true; readonly value: T } | DataFailure;

interface InFile {
  readonly file: string;
}

interface InCell extends InFile {
  readonly line: number;
  readonly column: number;
  readonly columnName: string | undefined;
  readonly cell: string;
}

/** Every text names the file, what was found, and what was needed. Codes are stable: never reuse one. */
const catalogue = {
  missing: {
    code: "NN401",
    text: (p: InFile & { detail: string }) => `\`${p.file}\` is not there: ${p.detail}.`,
  },
  outsideWorkspace: {
    code: "NN402",
    text: (p: InFile & { detail: string }) =>
      `\`${p.file}\` lies outside the workspace, which is not trusted to read other files: ${p.detail}.`,
  },
  unreadable: {
    code: "NN403",
    text: (p: InFile & { detail: string }) => `\`${p.file}\` cannot be read: ${p.detail}.`,
  },
  wrongFormat: {
    code: "NN404",
    text: (p: InFile & { needed: string; found: string }) => `\`${p.file}\` is not ${p.needed}: ${p.found}.`,
  },
  truncated: {
    code: "NN405",
    text: (p: InFile & { what: string; needed: number; found: number }) =>
      `\`${p.file}\` ends too early: ${p.what} needs ${bytes(p.needed)}, and there ${p.found === 1 ? "is" : "are"} ${bytes(p.found)}.`,
  },
  tooLarge: {
    code: "NN406",
    text: (p: InFile & { what: string; needed: number; limit: number }) =>
      `\`${p.file}\` is too large: ${p.what} needs ${bytes(p.needed)}, and the limit is ${bytes(p.limit)}.`,
  },
  badHeader: {
    code: "NN407",
    text: (p: InFile & { needed: string; found: string }) =>
      `The header of \`${p.file}\` needs ${p.needed}, and has ${p.found}.`,
  },
  unsupportedElements: {
    code: "NN408",
    text: (p: InFile & { entry: string; elements: string }) =>
      `\`${p.file}\`${ofEntry(p.entry)} holds ${p.elements}; a tensor holds booleans, whole numbers of up to 64 bits, or floats of 16, 32 or 64 bits.`,
  },
  unknownEntry: {
    code: "NN409",
    text: (p: InFile & { entry: string; names: readonly string[] }) =>
      p.names.length === 0
        ? `\`${p.file}\` has no array \`${p.entry}\`: it has none at all.`
        : `\`${p.file}\` has no array \`${p.entry}\`; it has ${listed(p.names)}.`,
  },
  damaged: {
    code: "NN410",
    text: (p: InFile & { what: string }) => `\`${p.file}\` is damaged: ${p.what}.`,
  },
  notANumber: {
    code: "NN411",
    text: (p: InCell) => `${cellPlace(p)}: needs a number, and has \`${p.cell}\`.`,
  },
  raggedRow: {
    code: "NN412",
    text: (p: InFile & { line: number; found: number; needed: number; firstLine: number }) =>
      `\`${p.file}\`, line ${String(p.line)}: has ${counted(p.found, "cell")}, and line ${String(p.firstLine)} has ${String(p.needed)}.`,
  },
  missingCell: {
    code: "NN413",
    text: (p: InCell) =>
      `${cellPlace(p)}: ${p.cell === "" ? "is empty" : `is missing (\`${p.cell}\`)`}, and needs a number; write \`nan\` there, or read missing cells as NaN.`,
  },
  noRows: {
    code: "NN414",
    text: (p: InFile) => `\`${p.file}\` has no rows of numbers.`,
  },
  inexactInteger: {
    code: "NN415",
    text: (p: InFile & { entry: string; value: string; at: string }) =>
      `\`${p.file}\`${ofEntry(p.entry)} holds ${p.value} at ${p.at}; whole numbers are exact only up to 2^53.`,
  },
  notWhole: {
    code: "NN416",
    text: (p: InFile & { value: string; at: string }) =>
      `\`${p.file}\` holds ${p.value} at ${p.at}, where a whole number is needed.`,
  },
  badOffsets: {
    code: "NN417",
    text: (p: InFile & { what: string }) => `\`${p.file}\` has parts in impossible places: ${p.what}.`,
  },
  unsupportedFeature: {
    code: "NN418",
    text: (p: InFile & { feature: string; instead: string }) =>
      `\`${p.file}\` uses ${p.feature}, which is not supported; ${p.instead}.`,
  },
  notUtf8: {
    code: "NN419",
    text: (p: InFile & { what: string }) => `\`${p.file}\` needs UTF-8 text, and ${p.what}.`,
  },
  oneArray: {
    code: "NN421",
    text: (p: InFile & { entry: string }) =>
      `\`${p.file}\` holds one array, which has no name; leave out \`.${p.entry}\`.`,
  },
  openQuote: {
    code: "NN420",
    text: (p: InFile & { line: number }) =>
      `\`${p.file}\`, line ${String(p.line)}: a quote is opened and never closed.`,
  },
} as const;

export type DataProblemKind = keyof typeof catalogue;
type ParametersOf<K extends DataProblemKind> = Parameters<(typeof catalogue)[K]["text"]>[0];

/** The failure that a catalogue entry and its parameters make. */
export function failure<K extends DataProblemKind>(kind: K, parameters: ParametersOf<K>): DataFailure {
  const entry = catalogue[kind];
  // TypeScript cannot relate the looked-up function to K; the signature above does.
  const text = entry.text as (p: ParametersOf<K>) => string;
  return { ok: false, problem: { code: entry.code, message: printable(text(parameters)) } };
}

export function success<T>(value: T): DataResult<T> {
  return { ok: true, value };
}

/** All codes of this catalogue, for the documentation and its tests. */
export const dataProblemCodes: readonly DataProblem["code"][] = Object.values(catalogue).map(
  (entry) => entry.code,
);

/** Names come from files: no control characters reach the screen, and no message is longer than a paragraph. */
function printable(text: string): string {
  const clean = text.slice(0, 1000).replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "·");
  return text.length > 1000 ? `${clean}…` : clean;
}

function bytes(count: number): string {
  if (count < 10_000) return counted(count, "byte");
  const units = ["kB", "MB", "GB", "TB", "PB"];
  let value = count;
  let unit = -1;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const rounded = value >= 1000 ? value.toExponential(1) : value.toPrecision(3);
  return `${rounded} ${units[unit] ?? "bytes"}`;
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function cellPlace(p: InCell): string {
  const name = p.columnName === undefined || p.columnName === "" ? "" : ` (\`${p.columnName}\`)`;
  return `\`${p.file}\`, line ${String(p.line)}, column ${String(p.column)}${name}`;
}

function ofEntry(entry: string): string {
  return entry === "" ? "" : `, array \`${entry}\`,`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `\`${name}\``);
  return shown.join(", ") + (names.length > 8 ? ` and ${String(names.length - 8)} more` : "");
}
