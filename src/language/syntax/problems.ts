/**
 * The catalogue of syntax problems: one entry per code, with its title and its text. Knows nothing of how
 * they are found.
 */
import type { Span, SyntaxProblem } from "./tree";

/** What stands where something else was needed, as words: "`)`" or "the end of the line". */
interface Found {
  readonly found: string;
}

const catalogue = {
  NN101: {
    title: "Unknown character",
    message: (p: { text: string }) =>
      `\`${p.text}\` belongs to no word, number or operator of the language. Delete it, or put it into a comment (\`# …\`) or a string.`,
  },
  NN102: {
    title: "Unclosed string",
    message: (p: { text: string }) =>
      `The string ${p.text} is not closed on its line. Write \`"\` at its end; a quote inside a string is written \`\\"\`.`,
  },
  NN103: {
    title: "Expression needed",
    message: (p: Found & { needed: string }) =>
      `${capitalized(p.needed)} is needed here; found ${p.found}.${p.found.startsWith("the end") ? " A value that is not known yet is written `?`." : ""}`,
  },
  NN104: {
    title: "Something is missing",
    message: (p: Found & { needed: string; example: string }) =>
      `${capitalized(p.needed)} is needed here; found ${p.found}.${p.example === "" ? "" : ` The form is \`${p.example}\`.`}`,
  },
  NN105: {
    title: "Unclosed bracket",
    message: (p: Found & { open: string; close: string }) =>
      `\`${p.close}\` is needed here to close \`${p.open}\`; found ${p.found}.`,
  },
  NN106: {
    title: "Bracket that closes nothing",
    message: (p: { close: string; open: string }) =>
      `\`${p.close}\` closes nothing: no \`${p.open}\` is open in this statement. Delete it, or write the \`${p.open}\` it belongs to.`,
  },
  NN107: {
    title: "Power is written ^",
    message: () => "`**` is not an operator here; the power of `x` is written `x^2`.",
  },
  NN108: {
    title: "The statement goes on",
    message: (p: Found) =>
      `The statement is complete before ${p.found}. An operator may be missing, or a new line (or \`;\`) to begin another statement.`,
  },
  NN109: {
    title: "Name needed",
    message: (p: Found & { needed: string }) =>
      `${capitalized(p.needed)} is needed here; found ${p.found}. A name begins with a letter or \`_\`.`,
  },
  NN110: {
    title: "A statement names its value",
    message: (p: Found) =>
      `A statement begins with a name and \`=\`, or with a word such as \`check\` or \`show\`; found ${p.found}. Write \`name = …\` to keep a value, \`show …\` to see it.`,
  },
  NN111: {
    title: "Comparison is written ==",
    message: () => "`=` gives a name to a value; a comparison is written `==` (equal) or `~=` (close to).",
  },
  NN112: {
    title: "A name gets its value by =",
    message: (p: { operator: string }) =>
      p.operator === ":=" || p.operator === "=="
        ? `\`${p.operator}\` gives no name to a value; write \`=\`.`
        : `\`${p.operator}\` changes a value, and a name gets its value once. Write a new name: \`next = value ${p.operator.slice(0, 1)} …\`.`,
  },
  NN113: {
    title: "A word of another language",
    message: (p: { word: string; instead: string }) =>
      `\`${p.word}\` is not a word of the language; ${p.instead}.`,
  },
  NN114: {
    title: "An operator of another language",
    message: (p: { operator: string; instead: string }) =>
      `\`${p.operator}\` is not an operator here; ${p.instead}.`,
  },
  NN115: {
    title: "Anonymous functions do not exist",
    message: () =>
      "`lambda` is an ordinary name here, functions are declared: `op name(x: [...]) -> [...] { return … }`, and then handed over by name.",
  },
  NN116: {
    title: "Missing comma",
    message: (p: Found) => `\`,\` or an operator is needed before ${p.found}.`,
  },
  NN117: {
    title: "Missing {",
    message: (p: Found & { head: string }) =>
      `\`{\` is needed here to begin the body of \`${p.head}\`; found ${p.found}.`,
  },
  NN118: {
    title: "Missing }",
    message: (p: { head: string }) =>
      `\`}\` is needed here to end the body of \`${p.head}\`. It stands first on a line of its own, or on the line of its \`{\`.`,
  },
  NN119: {
    title: "Brace that fits nowhere",
    message: (p: { brace: string }) =>
      p.brace === "{"
        ? "`{` begins the body of an `op`, `net`, `run` or `for`, and nothing here has a body. Delete it."
        : "`}` ends no body here: it must be the first on its line, or on the line of its `{`. Delete it, or move it to a line of its own.",
  },
  NN120: {
    title: "Statement outside of a declaration",
    message: (p: Found) =>
      `A file holds \`import\`, \`const\`, \`op\`, \`net\` and \`run\`; found ${p.found}. Put this statement into a \`run name { … }\`, or write \`const name = …\`.`,
  },
  NN121: {
    title: "Shape needed",
    message: (p: Found) =>
      `A shape is needed here, such as \`[N, 3]\`, \`[]\` for a scalar, \`[...]\` for any, or \`int[N]\`; found ${p.found}.`,
  },
  NN122: {
    title: "Nested too deeply",
    message: (p: { limit: string }) =>
      `This is nested more than ${p.limit} levels deep. Give parts of it names of their own.`,
  },
  NN123: {
    title: "Unknown random generator",
    message: (p: Found) =>
      `\`seed\` needs a generator, \`torch\` or \`numpy\`, and a number; found ${p.found}.`,
  },
  NN124: {
    title: "Unknown element type",
    message: (p: Found) => `\`dtype\` needs \`float32\` or \`float64\`; found ${p.found}.`,
  },
  NN125: {
    title: "Malformed number",
    message: (p: { text: string }) =>
      `\`${p.text}\` is not a number: an underscore may stand between two digits only, as in \`1_000\`.`,
  },
  NN126: {
    title: "Strings have double quotes",
    message: (p: { text: string }) => `\`${p.text}\`: a string stands between double quotes, \`"…"\`.`,
  },
  NN127: {
    title: "A look-alike character",
    message: (p: { text: string; instead: string }) =>
      `\`${p.text}\` is not an operator here, though it looks like one; write \`${p.instead}\`.`,
  },
  NN128: {
    title: "Unknown word before a declaration or statement",
    message: (p: { word: string; instead: string }) =>
      `\`${p.word}\` begins no statement; \`${p.instead}\` would.`,
  },
  NN129: {
    title: "Incomplete head",
    message: (p: Found) =>
      `A body in \`{ }\` belongs to \`op\`, \`net\`, \`run\` or \`for\`; found ${p.found} at the head of this one.`,
  },
  NN130: {
    title: "Indentation joins two statements",
    message: (p: { word: string }) =>
      `This line is indented deeper than the statement above it, which would go on with ${p.word}. Indent both alike.`,
  },
  NN131: {
    title: "Indented less than its block",
    message: () =>
      "This statement is indented less than the lines after it, which would continue it. Indent them alike.",
  },
  NN132: {
    title: "Reserved word",
    message: (p: { word: string }) =>
      `\`${p.word}\` is an operator and cannot be a name. Choose another name.`,
  },
  NN133: {
    title: "A body without its head",
    message: () =>
      "These lines are the body of something whose head is missing: `op`, `net`, `run` or `for`, ending in `{`.",
  },
  NN134: {
    title: "Declaration inside of another",
    message: (p: { word: string }) =>
      `\`${p.word}\` stands at the top level of a file, not inside of another declaration. Move it out, or close the body before it.`,
  },
  NN135: {
    title: "Two loops in a comprehension",
    message: () =>
      "A list is made by one `for`. Write a list of lists, as in `[[i * j for i in 1 to 3] for j in 1 to 2]`.",
  },
  NN136: {
    title: "A list in parentheses",
    message: () => "A list is written in brackets, as in `[2, 3]`.",
  },
} as const;

export type SyntaxCode = keyof typeof catalogue;

export type SyntaxParameters<Code extends SyntaxCode> =
  Parameters<(typeof catalogue)[Code]["message"]> extends readonly [infer P] ? P : Record<string, never>;

/** A problem of a catalogued code, with the parameters that its text needs. */
export function syntaxProblem<Code extends SyntaxCode>(
  code: Code,
  span: Span,
  parameters: SyntaxParameters<Code>,
  extras: Pick<SyntaxProblem, "fix" | "related"> = {},
): SyntaxProblem {
  return {
    code,
    start: span.start,
    end: span.end,
    parameters: parameters as Readonly<Record<string, string>>,
    ...extras,
  };
}

/** What a problem says to the user, in Markdown without blocks. */
export function syntaxMessage(problem: SyntaxProblem): string {
  const entry = catalogue[problem.code as SyntaxCode] as CatalogueEntry | undefined;
  return entry === undefined ? problem.code : entry.message(problem.parameters);
}

/** Every code with its title, in order. */
export function syntaxCodes(): readonly { readonly code: SyntaxCode; readonly title: string }[] {
  return (Object.keys(catalogue) as SyntaxCode[]).map((code) => ({ code, title: catalogue[code].title }));
}

// The entries' parameters are checked where problems are made; here they are read back by code.
interface CatalogueEntry {
  readonly title: string;
  readonly message: (parameters: Readonly<Record<string, string>>) => string;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
