/** Which ops, nets and runs use which ops and nets: the call hierarchy, over checked files. Knows no editor. */
import type { CheckedModule, Place } from "../check";
import type { Net, Op, Run, Span } from "../syntax";
import { nameAt, namesIn, sameSymbol } from "./names";

/** Something that calls or is called. */
export interface CallNode {
  readonly kind: "op" | "net" | "run";
  readonly name: string;
  readonly file: string;
  readonly span: Span;
  readonly selection: Span;
}

/** One edge: who is at its other end, and where it is written. */
export interface CallEdge {
  readonly node: CallNode;
  /** Places of the calls, in the file of the caller. */
  readonly uses: readonly Span[];
}

/** The op, net or run that the name at an offset means, or whose head the offset is in. */
export function callNodeAt(
  checked: CheckedModule,
  offset: number,
  everywhere: readonly CheckedModule[],
): CallNode | undefined {
  const use = nameAt(checked, offset);
  if (use?.symbol === undefined) return undefined;
  return nodeDeclaredAt([checked, ...everywhere], use.symbol);
}

export function incomingCalls(to: CallNode, everywhere: readonly CheckedModule[]): readonly CallEdge[] {
  return everywhere.flatMap((checked) =>
    callablesOf(checked).flatMap((declaration) => {
      const uses = usesIn(checked, declaration, (symbol) => isAt(to, symbol));
      return uses.length === 0 ? [] : [{ node: nodeOf(checked, declaration), uses }];
    }),
  );
}

export function outgoingCalls(from: CallNode, everywhere: readonly CheckedModule[]): readonly CallEdge[] {
  const home = everywhere.find(({ module }) => module.id === from.file);
  const declaration = home && callablesOf(home).find(({ name }) => name.start === from.selection.start);
  if (home === undefined || declaration === undefined) return [];
  const edges = new Map<string, { node: CallNode; uses: Span[] }>();
  usesIn(home, declaration, (symbol, span) => {
    const node = nodeDeclaredAt(everywhere, symbol);
    if (node === undefined || isAt(from, symbol)) return false;
    const key = `${node.file} ${String(node.selection.start)}`;
    const edge = edges.get(key) ?? { node, uses: [] };
    edge.uses.push(span);
    edges.set(key, edge);
    return true;
  });
  return [...edges.values()];
}

function usesIn(
  checked: CheckedModule,
  declaration: Op | Net | Run,
  wanted: (symbol: Place, span: Span) => boolean,
): readonly Span[] {
  return namesIn(checked, declaration).flatMap(({ role, symbol, span, defines }) => {
    if (defines || symbol === undefined || (role !== "op" && role !== "net")) return [];
    return wanted(symbol, span) ? [span] : [];
  });
}

function callablesOf({ module }: CheckedModule): readonly (Op | Net | Run)[] {
  return module.file.declarations.flatMap((declaration) =>
    declaration.kind === "import" || declaration.kind === "const" || declaration.name.name === ""
      ? []
      : [declaration],
  );
}

function nodeDeclaredAt(everywhere: readonly CheckedModule[], symbol: Place): CallNode | undefined {
  for (const checked of everywhere) {
    const found = callablesOf(checked).find(({ name }) =>
      sameSymbol({ file: checked.module.id, start: name.start, end: name.end }, symbol),
    );
    if (found !== undefined) return nodeOf(checked, found);
  }
  return undefined;
}

function nodeOf({ module }: CheckedModule, { kind, name, start, end }: Op | Net | Run): CallNode {
  const selection = { start: name.start, end: name.end };
  return { kind, name: name.name, file: module.id, span: { start, end }, selection };
}

function isAt(node: CallNode, symbol: Place): boolean {
  return node.file === symbol.file && node.selection.start === symbol.start;
}
