/** What can be written at the cursor: names, members, arguments, words and whole statements. Knows no editor. */
import { fittingNames, importEdit, type CheckedModule, type Edit, type HoleFact, type Value } from "../check";
import { formatDims } from "../../runtime/tensor";
import { nodeAt, tokenBefore, type Span, type Visit } from "../syntax";
import { importableNames, type Exporter } from "./auto-import";
import { calleeOf, formalsOf, givenParameters } from "./callees";
import { declarationAround, namesInScope, type NameInScope } from "./completion-scope";
import { builtinText } from "./hover";
import type { NameRole } from "./names";
import { callAround, positionIn } from "./signature-help";
import { snippetsFor, type Snippet } from "./snippets";
import { typeOf } from "./value-text";

export type CompletionKind =
  NameRole | "keyword" | "snippet" | "member" | "named-argument" | "choice" | "file" | "folder";

export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** Shown beside the label: a type, a signature. */
  readonly detail: string;
  /** Markdown, where it costs nothing to make. */
  readonly documentation: string;
  /** What is written; a snippet with `$1` where `kind` is "snippet". */
  readonly insertText: string;
  /** Sorted by this, nearest first. */
  readonly rank: number;
  /** What it takes the place of, where that is not the word before the cursor. */
  readonly replaces?: Span;
  /** What else changes: an import that is added. */
  readonly edits?: readonly Edit[];
}

/** `exporters` are the files whose names may be imported. */
export function completionsAt(
  checked: CheckedModule,
  offset: number,
  exporters: readonly Exporter[] = [],
): readonly Completion[] {
  const { text } = checked.module.file;
  const hole = [...checked.facts.at(offset).holes.values()].find(
    ({ place }) => place.file === checked.module.id && place.start <= offset && offset <= place.end,
  );
  if (hole !== undefined) return forHole(checked, hole);
  if (inComment(checked, offset)) return [];
  const path = nodeAt(checked.module.file, offset);
  const word = wordStart(text, offset);
  const quoted = path.find(({ kind }) => kind === "string");
  if (quoted !== undefined && offset > quoted.node.start) return insideString(checked, path, offset);
  if (text[word - 1] === "." && text[word - 2] !== ".") return membersBefore(checked, word - 1);
  const around = path.find(({ kind }) => kind === "import");
  if (around !== undefined) return importedNames(checked, around, exporters);
  const declaration = declarationAround(checked, offset);
  const head = isStatementHead(text, word);
  if (declaration === undefined) return head ? snippetsFor("file").map(fromSnippet) : [];
  if (isNewName(text, word)) return [];
  const words = wordsAfterHead(text, word);
  if (words !== undefined) return words.map((label) => plain(label, "keyword", ""));
  const inRule = /^\s*(?:vjp|jvp)\b/.test(lineBefore(text, word));
  const scope = namesInScope(checked, offset, inRule);
  const wanted = wantedType(lineBefore(text, word), scope);
  const names = scope.map((name) => nearer(fromName(name), wanted));
  if (head) {
    const snippets = snippetsFor(declaration.kind).map(fromSnippet);
    const words = new Set(snippets.map(({ label }) => label));
    return [...snippets, ...names.filter(({ label }) => !words.has(label))];
  }
  const given = choicesAt(checked, offset, word) ?? argumentsAt(checked, offset);
  return [...given, ...names, ...constants, ...imported(checked, names, exporters)];
}

/** What a statement's head is followed by, where that is one of a few words. */
function wordsAfterHead(text: string, word: number): readonly string[] | undefined {
  const head = /(?:^|[{;])\s*(seed|dtype)\s+$/.exec(lineBefore(text, word))?.[1];
  if (head === undefined) return wordsAfterOperand(lineBefore(text, word));
  return head === "seed" ? ["torch", "numpy"] : ["float32", "float64"];
}

/** Behind a whole operand of a check or gradcheck no name can stand, only the words that go on from it. */
function wordsAfterOperand(before: string): readonly string[] | undefined {
  const found = /(?:^|[{;])\s*(gradcheck|check)\s+(.*[\p{L}\p{M}\p{N}_'₀-₉\])])\s+$/u.exec(before);
  const said = found?.[2];
  if (said === undefined || /\b(?:wrt|within|and|or|not)$/.test(said)) return undefined;
  if (said.split(/[([]/).length !== said.split(/[)\]]/).length) return undefined;
  const words = found?.[1] === "check" ? ["within", "and", "or"] : ["wrt", "within"];
  return /\bwithin\b/.test(said) ? [] : words.filter((word) => word !== "wrt" || !/\bwrt\b/.test(said));
}

/** Behind `name =` in a call: the words that the argument may be, in quotes. Undefined elsewhere. */
function choicesAt(checked: CheckedModule, offset: number, word: number): readonly Completion[] | undefined {
  const before = lineBefore(checked.module.file.text, word);
  const wanted = /([\p{L}_][\p{L}\p{M}\p{N}_']*)\s*=\s*$/u.exec(before)?.[1];
  const call = wanted === undefined ? undefined : callAround(checked, offset);
  const callee = call && calleeOf(checked, call.callee);
  const formal = callee && formalsOf(callee).find(({ name }) => name === wanted);
  return formal?.choices.map((choice) => plain(`"${choice}"`, "choice", formal.name, 0));
}

/**
 * What fits where an expression is still to be written: names of its shape, transposes and nodes of instances that have it;
 * and then whatever else could begin an expression there.
 */
function forHole(checked: CheckedModule, hole: HoleFact): readonly Completion[] {
  const { module } = checked;
  const { start, end } = hole.place;
  const shape = hole.shape === undefined ? "" : `fits ${formatDims(hole.shape)}`;
  const item = (label: string): Completion => ({
    ...plain(label, "value", shape, 0),
    replaces: { start, end },
  });
  const turned =
    hole.shape === undefined || hole.shape.length < 2
      ? []
      : fittingNames({ ...hole, shape: [...hole.shape.slice(0, -2), ...hole.shape.slice(-2).reverse()] });
  const direct = fittingNames(hole);
  // Most rules need their cotangent or tangent, whatever its shape.
  const rule = nodeAt(module.file, start).find(({ kind }) => kind === "rule");
  const argument = rule?.kind === "rule" && rule.node.argument.name !== "" ? [rule.node.argument.name] : [];
  const others = turned.filter((name) => !direct.includes(name)).map((name) => `${name}.T`);
  const own = argument
    .filter((name) => !direct.includes(name))
    .map((label) => ({ ...item(label), detail: "argument of the rule" }));
  const scope = namesInScope(checked, start, rule !== undefined).filter(({ name }) => name !== hole.own);
  const members = fittingMembers(scope, hole).map((label) => ({ ...item(label), rank: fittingRank }));
  const fitting = [...direct.map(item), ...others.map(item), ...own, ...members];
  const known = new Set(fitting.map(({ label }) => label));
  const rest = [...scope.map(fromName), ...constants]
    .filter(({ label }) => !known.has(label))
    .map((completion) => ({ ...completion, replaces: { start, end } }));
  return [...fitting, ...rest];
}

/** Nodes of instances; gradients are not named, since they are often what is to be derived. */
function fittingMembers(scope: readonly NameInScope[], { shape }: HoleFact): readonly string[] {
  if (shape === undefined) return [];
  const wanted = withoutBlanks(formatDims(shape));
  return scope.flatMap(({ name, value }) =>
    value?.kind !== "instance"
      ? []
      : membersOf(value)
          .filter(({ detail }) => withoutBlanks(detail) === wanted)
          .map(({ label }) => `${name}.${label}`),
  );
}

function imported(
  checked: CheckedModule,
  known: readonly Completion[],
  exporters: readonly Exporter[],
): readonly Completion[] {
  const taken = new Set(known.map(({ label }) => label));
  return importableNames(checked, exporters).flatMap(({ name, kind, path }) =>
    taken.has(name)
      ? []
      : [{ ...plain(name, kind, `from "${path}"`, 6), edits: [importEdit(checked.module, name, path)] }],
  );
}

function inComment({ module }: CheckedModule, offset: number): boolean {
  return tokenBefore(module.file, offset)?.kind === "comment";
}

function wordStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && /[\p{L}\p{M}\p{N}_'₀-₉]/u.test(text[start - 1] ?? "")) start--;
  return start;
}

/** The line up to the word; a rule without its expression is not in the tree's path yet. */
function lineBefore(text: string, word: number): string {
  return text.slice(text.lastIndexOf("\n", word - 1) + 1, word);
}

/** Only blanks, `{` or `;` stand before the word on its line. */
function isStatementHead(text: string, word: number): boolean {
  const line = lineBefore(text, word);
  return /^\s*$|[{;]\s*$/.test(line);
}

/** Behind `param`, `op` and the like stands a name that does not exist yet. */
function isNewName(text: string, word: number): boolean {
  const line = lineBefore(text, word);
  return /(?:^|[{;])\s*(?:param|const|op|net|run|iterate|for)\s+$/.test(line) || /(?:^|\s)for\s+$/.test(line);
}

const roleRank: Readonly<Record<NameRole, number>> = {
  value: 1,
  parameter: 1,
  input: 1,
  argument: 0,
  index: 1,
  size: 2,
  hyperparameter: 2,
  constant: 2,
  const: 3,
  op: 3,
  net: 3,
  run: 4,
  builtin: 5,
};

/** What the right side that begins here must be: what is declared before it, or for a `vjp` what its input is. */
function wantedType(before: string, scope: readonly NameInScope[]): string | undefined {
  const declared = /^[^=:]*:\s*(\[[^=]*\])\s*=\s*$/.exec(before)?.[1];
  if (declared !== undefined) return withoutBlanks(declared);
  const input = /^\s*vjp\s+([\p{L}_][\p{L}\p{M}\p{N}_'₀-₉]*)\s*\([^)]*\)\s*=\s*$/u.exec(before)?.[1];
  const value = scope.find(({ name }) => name === input)?.value;
  return value?.kind === "tensor" ? withoutBlanks(typeOf(value)) : undefined;
}

function withoutBlanks(type: string): string {
  return type.replaceAll(" ", "");
}

/** What has the type that is wanted comes before what has another. */
function nearer(completion: Completion, wanted: string | undefined): Completion {
  const fits = completion.rank === roleRank.value && withoutBlanks(completion.detail) === wanted;
  return fits ? { ...completion, rank: fittingRank } : completion;
}

const fittingRank = 0.5;

function fromName({ name, role, value }: NameInScope): Completion {
  const detail = role === "builtin" ? "" : value === undefined ? role : typeOf(value);
  const documentation = role === "builtin" ? (builtinText(name) ?? "") : "";
  return { label: name, kind: role, detail, documentation, insertText: name, rank: roleRank[role] };
}

function fromSnippet({ label, detail, insertText }: Snippet): Completion {
  const kind = insertText.includes("$") ? "snippet" : "keyword";
  return { label, kind, detail, documentation: "", insertText, rank: 0 };
}

const constants: readonly Completion[] = ["pi", "inf", "nan", "true", "false"].map((label) =>
  plain(label, "keyword", "", 4),
);

function plain(label: string, kind: CompletionKind, detail: string, rank = 1): Completion {
  return { label, kind, detail, documentation: "", insertText: label, rank };
}

/** The members of what ends at `dot`. */
function membersBefore({ module, facts }: CheckedModule, dot: number): readonly Completion[] {
  const value = facts.at(dot).values.get(`${module.id}:${String(dot)}`);
  return value === undefined ? [] : membersOf(value);
}

function membersOf(value: Value): readonly Completion[] {
  switch (value.kind) {
    case "instance": {
      const members = [...value.scope.bindings()].filter(({ name }) => !name.startsWith(" "));
      return [
        ...members.map((binding, position) =>
          plain(
            binding.name,
            binding.role,
            typeOf(binding.value),
            roleRank[binding.role] + inOrder(position),
          ),
        ),
        ...(value.state.result.kind === "tensor" ? [transpose] : []),
      ];
    }
    case "tensor":
      return [transpose];
    case "pass": {
      const inner = value.rootInstance === undefined ? [] : [...value.rootInstance.scope.bindings()];
      const outer = [...value.scope.bindings()];
      const nodes = [...inner, ...outer].filter(
        ({ name, value: { kind } }) => !name.startsWith(" ") && hasGradient(kind),
      );
      const named = new Map(nodes.map((binding) => [binding.name, binding] as const));
      return [...named.values()].map((binding, position) =>
        plain(binding.name, "member", typeOf(binding.value), 1 + inOrder(position)),
      );
    }
    case "layer":
      return [...value.state.parameters].map(([key, tensor]) =>
        plain(key.replace(/\[.*/, ""), "parameter", typeOf(tensor)),
      );
    case "record":
      return [...value.fields].map(([name, field]) => plain(name, "member", typeOf(field)));
    default:
      return [];
  }
}

/** Members stand in the order of their definitions. */
function inOrder(position: number): number {
  return Math.min(position, 999) / 1000;
}

const transpose = plain("T", "member", "the last two dimensions exchanged", 3);

function hasGradient(kind: Value["kind"]): boolean {
  return kind === "tensor" || kind === "family" || kind === "instance";
}

function argumentsAt(checked: CheckedModule, offset: number): readonly Completion[] {
  const call = callAround(checked, offset);
  const callee = call && calleeOf(checked, call.callee);
  if (call === undefined || callee === undefined) return [];
  const formals = formalsOf(callee);
  const before = positionIn(checked.module.file.text, call, offset);
  const given = new Set(
    call.arguments.map(({ path }, i) =>
      path !== undefined ? path.name.name : i < before ? formals[i]?.name : undefined,
    ),
  );
  const own = formals.filter(({ name, rest }) => !rest && !given.has(name));
  const parameters = givenParameters(callee).filter(({ name }) => !given.has(name));
  return [
    ...own.map(({ name, label }) => argument(name, label)),
    ...parameters.map(({ name }) => argument(name, "instead of the drawn parameter")),
  ];
}

function argument(name: string, detail: string): Completion {
  return {
    label: `${name} = `,
    kind: "named-argument",
    detail,
    documentation: "",
    insertText: `${name} = `,
    rank: 4,
  };
}

function insideString(checked: CheckedModule, path: readonly Visit[], offset: number): readonly Completion[] {
  if (path.some(({ kind }) => kind === "import")) return [plain("std", "file", "the standard library")];
  const argument = path.find((visited) => visited.kind === "argument");
  const call = callAround(checked, offset);
  const callee = call && calleeOf(checked, call.callee);
  if (callee === undefined || argument?.node.path === undefined) return [];
  const wanted = argument.node.path.name.name;
  const formal = formalsOf(callee).find(({ name }) => name === wanted);
  return (formal?.choices ?? []).map((choice) => plain(choice, "choice", wanted));
}

/** The names of the file that the import leads to; before its first one resolves, by what is known of the files around. */
function importedNames(
  { module }: CheckedModule,
  visited: Visit,
  exporters: readonly Exporter[],
): readonly Completion[] {
  if (visited.kind !== "import") return [];
  const { names, from } = visited.node;
  const given = new Set(names.map(({ imported }) => imported.name));
  const [first] = names.flatMap(({ local }) => module.imports.get(local.name) ?? []);
  const path = from?.value.replace(/^\.\//, "");
  const offered =
    first === undefined
      ? (exporters.find((each) => each.path === path)?.names ?? [])
      : [...first.module.declarations].flatMap(([name, { kind }]): Exporter["names"] =>
          kind === "op" || kind === "net" || kind === "const" ? [{ name, kind }] : [],
        );
  return offered.filter(({ name }) => !given.has(name)).map(({ name, kind }) => plain(name, kind, ""));
}
