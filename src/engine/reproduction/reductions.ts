/** Smaller versions of a text, the boldest first: less in it, smaller numbers in it. Knows the tree and nothing of meaning. */
import {
  parse,
  walk,
  type Block,
  type Edit,
  type File,
  type Net,
  type Op,
  type Run,
  type Span,
} from "../../language/syntax";

/** Versions without one declaration, one imported name, or one statement; runs of statements before single ones. */
export function* withoutParts(text: string): Generator<Edit[]> {
  const file = parse(text);
  for (const declaration of file.declarations.toReversed()) {
    yield [removal(file, declaration)];
    if (declaration.kind === "import" && declaration.names.length > 1)
      for (const [i, name] of declaration.names.entries()) {
        const next = declaration.names[i + 1];
        const before = declaration.names[i - 1];
        const [start, end] = next === undefined ? [before!.end, name.end] : [name.start, next.start];
        yield [{ start, end, newText: "" }];
      }
  }
  const bodies = file.declarations.filter(
    (each): each is Op | Net | Run => each.kind === "op" || each.kind === "net" || each.kind === "run",
  );
  for (const { body } of bodies.toReversed()) yield* withoutStatements(file, body);
}

function* withoutStatements(file: File, body: Block): Generator<Edit[]> {
  const free = body.statements;
  if (free.length > 3) {
    const half = Math.ceil(free.length / 2);
    yield free.map((statement) => removal(file, statement));
    yield free.slice(half).map((statement) => removal(file, statement));
    yield free.slice(0, half).map((statement) => removal(file, statement));
  }
  for (const statement of free.toReversed()) yield [removal(file, statement)];
  for (const statement of body.statements)
    if (statement.kind === "for") yield* withoutStatements(file, statement.body);
}

/** With its comments above, to the end of its line where nothing else stands there. */
export function removal({ text }: Pick<File, "text">, { start, end }: Span): Edit {
  let from = start;
  while (from > 0 && (text[from - 1] === " " || text[from - 1] === "\t")) from--;
  let to = end;
  while (text[to] === " " || text[to] === ";") to++;
  const wholeLine =
    (from === 0 || text[from - 1] === "\n") && (to >= text.length || text[to] === "\n" || text[to] === "#");
  if (!wholeLine) return { start, end: to, newText: "" };
  if (text[to] === "#") while (to < text.length && text[to] !== "\n") to++;
  return { start: from, end: Math.min(text.length, to + 1), newText: "" };
}

/** A whole number above 1 somewhere a size may stand, or a dimension of a literal tensor. */
interface SizePlace {
  readonly value: number;
  /** The edits that make it `smaller`. */
  readonly shrink: (smaller: number) => Edit[];
}

/** Versions with smaller sizes: all places of one number together, then single ones; and shorter lists of numbers. */
export function* withSmallerSizes(text: string): Generator<Edit[]> {
  const places = sizePlaces(text);
  const values = [...new Set(places.map(({ value }) => value))].sort((a, b) => b - a);
  for (const value of values) {
    const same = places.filter((place) => place.value === value);
    for (const smaller of smallerThan(value)) {
      yield same.flatMap(({ shrink }) => shrink(smaller));
      for (const place of same) yield place.shrink(smaller);
      // Two of them: what is left out is a number of another meaning.
      for (const [i, one] of same.entries())
        for (const two of same.slice(i + 1, i + mostPairs))
          if (same.length > 2) yield [...one.shrink(smaller), ...two.shrink(smaller)];
    }
  }
  yield* shorterLists(text);
}

const mostPairs = 5;

function smallerThan(value: number): number[] {
  return [...new Set([1, 2, 3, Math.floor(value / 2), value - 1])].filter((each) => each > 0 && each < value);
}

function sizePlaces(text: string): SizePlace[] {
  const file = parse(text);
  const places: SizePlace[] = [];
  for (const list of literalsIn(file)) {
    // A number alone in brackets is an index.
    if (list.shape.join() === "1") continue;
    for (const [axis, value] of list.shape.entries())
      if (value > 1) places.push({ value, shrink: (smaller) => cut(text, list, axis, smaller) });
  }
  // Lists of one dimension are mostly sizes themselves.
  const literals = literalsIn(file).filter(({ shape }) => shape.length > 1);
  const sized = sizedSpans(file);
  const isIn = (spans: readonly Span[], offset: number): boolean =>
    spans.some(({ start, end }) => start <= offset && offset < end);
  for (const token of file.tokens) {
    if (token.kind !== "number" || !/^\d+$/u.test(token.text)) continue;
    if (!isIn(sized, token.start) || isIn(literals, token.start)) continue;
    const value = Number(token.text);
    const { start, end } = token;
    if (value > 1) places.push({ value, shrink: (smaller) => [{ start, end, newText: String(smaller) }] });
  }
  return places;
}

/** Where numbers are sizes: in assignments and loops of runs, in constants, and in types. Elsewhere they mean something. */
function sizedSpans(file: File): Span[] {
  const spans: Span[] = [];
  walk(file, ({ kind, node }) => {
    if (kind === "op" || kind === "net") spans.push(...node.inputs.flatMap(({ type }) => type ?? []));
    else if (kind === "param" && node.type !== undefined) spans.push(node.type);
    else if (kind === "const") spans.push(node);
    else if (kind === "run") spans.push(...runSpans(node.body));
  });
  return spans;
}

function runSpans({ statements }: Block): Span[] {
  return statements.flatMap((statement): Span[] => {
    if (statement.kind === "assignment") return [statement.value];
    return statement.kind === "for" ? [statement.over, ...runSpans(statement.body)] : [];
  });
}

interface Literal extends Span {
  readonly shape: readonly number[];
  /** Spans of the items, nested as the list is. */
  readonly items: readonly Literal[];
}

function literalsIn(file: File): Literal[] {
  const found: Literal[] = [];
  const { tokens, text } = file;
  for (const token of tokens) {
    if (token.text !== "[" || found.some(({ start, end }) => start <= token.start && token.start < end))
      continue;
    const literal = literalAt(text, token.start);
    if (literal !== undefined && literal.shape.length > 0) found.push(literal);
  }
  return found;
}

/** A bracketed list of numbers or of such lists, read from the text. */
function literalAt(text: string, start: number): Literal | undefined {
  const skip = (at: number): number => {
    while (/\s/u.test(text[at] ?? "x")) at++;
    return at;
  };
  if (text[start] !== "[") {
    const [number] = /^-?\d[\d_]*(?:\.\d*)?(?:e[-+]?\d+)?/iu.exec(text.slice(start, start + 40)) ?? [];
    return number === undefined ? undefined : { start, end: start + number.length, shape: [], items: [] };
  }
  const items: Literal[] = [];
  let at = skip(start + 1);
  while (at < text.length) {
    const item = literalAt(text, at);
    if (item === undefined || (items[0] !== undefined && items[0].shape.join() !== item.shape.join()))
      return undefined;
    items.push(item);
    at = skip(item.end);
    if (text[at] === "]") return { start, end: at + 1, shape: [items.length, ...items[0]!.shape], items };
    if (text[at] !== ",") return undefined;
    at = skip(at + 1);
  }
  return undefined;
}

/** The first `count` along an axis. */
function cut(text: string, literal: Literal, axis: number, count: number): Edit[] {
  const kept = cutText(text, literal, axis, count);
  return [{ start: literal.start, end: literal.end, newText: kept }];
}

function cutText(text: string, literal: Literal, axis: number, count: number): string {
  if (literal.shape.length === 0) return text.slice(literal.start, literal.end);
  const items = axis === 0 ? literal.items.slice(0, count) : literal.items;
  return `[${items.map((item) => (axis === 0 ? text.slice(item.start, item.end) : cutText(text, item, axis - 1, count))).join(", ")}]`;
}

/** Lists of numbers without one of them: layers of a network. */
function* shorterLists(text: string): Generator<Edit[]> {
  for (const literal of literalsIn(parse(text))) {
    if (literal.shape.length !== 1 || literal.items.length < 2) continue;
    for (const dropped of literal.items) {
      const kept = literal.items.filter((item) => item !== dropped);
      const newText = `[${kept.map(({ start, end }) => text.slice(start, end)).join(", ")}]`;
      yield [{ start: literal.start, end: literal.end, newText }];
    }
  }
}

/** Without comments, and without blank lines inside of declarations. */
export function withoutComments(text: string): string {
  const file = parse(text);
  const bare = file.tokens.filter(({ kind }) => kind !== "comment").map((token) => token.text);
  return bare
    .join("")
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .replaceAll(/\n{3,}/gu, "\n\n")
    .replaceAll(/\{\n\n/gu, "{\n")
    .replaceAll(/\n\n( *\})/gu, "\n$1")
    .replace(/^\n+/u, "");
}
