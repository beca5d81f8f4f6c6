/**
 * Going through a tree: the children of any node in the order of the text, a walk over all of them, and the
 * path of nodes at an offset. Knows the tree's form and nothing of its meaning.
 */
import type {
  Argument,
  ArgumentPath,
  Block,
  Declaration,
  Expression,
  File,
  Identifier,
  ImportedName,
  Index,
  IndexItem,
  Input,
  Over,
  Span,
  Statement,
  Target,
  Tolerance,
  Type,
} from "./tree";

/** A node with a kind of its own, or with the name of its place in the tree. */
export type Visit =
  | Tagged<Declaration | Statement | Expression | IndexItem>
  | { readonly kind: "file"; readonly node: File }
  | { readonly kind: "identifier"; readonly node: Identifier }
  | { readonly kind: "importedName"; readonly node: ImportedName }
  | { readonly kind: "input"; readonly node: Input }
  | { readonly kind: "type"; readonly node: Type }
  | { readonly kind: "block"; readonly node: Block }
  | { readonly kind: "target"; readonly node: Target }
  | { readonly kind: "over"; readonly node: Over }
  | { readonly kind: "tolerance"; readonly node: Tolerance }
  | { readonly kind: "index"; readonly node: Index }
  | { readonly kind: "argument"; readonly node: Argument }
  | { readonly kind: "argumentPath"; readonly node: ArgumentPath };

type Tagged<Node extends { readonly kind: string }> = Node extends Node
  ? { readonly kind: Node["kind"]; readonly node: Node }
  : never;

/** Visits every node, outer before inner, in the order of the text; answering false leaves out what is inside. */
export function walk(file: File, visit: (visited: Visit) => unknown): void {
  walkFrom({ kind: "file", node: file }, visit);
}

/** Visits a node and those inside of it. */
export function walkFrom(root: Visit, visit: (visited: Visit) => unknown): void {
  if (visit(root) === false) return;
  for (const child of children(root)) walkFrom(child, visit);
}

/**
 * The nodes around an offset, innermost first, the file last. Between two nodes the one that is a word or a
 * number is chosen, so that a cursor right behind a name is on that name.
 */
export function nodeAt(file: File, offset: number): readonly Visit[] {
  return pathAt({ kind: "file", node: file }, offset).reverse();
}

/** The visit of a tagged node, which has its kind already. */
export function visitOf(node: Declaration | Statement | Expression | IndexItem): Visit {
  // The kind is the node's own, which the compiler cannot follow through the union.
  return { kind: node.kind, node } as Visit;
}

/** The direct children of a node, in the order of the text. */
export function children(visited: Visit): readonly Visit[] {
  switch (visited.kind) {
    case "file":
      return visited.node.declarations.map(visitOf);
    case "import":
      return [...visited.node.names.map(importedName), ...optional(visited.node.from)];
    case "importedName":
      return visited.node.local === visited.node.imported
        ? [identifier(visited.node.imported)]
        : [identifier(visited.node.imported), identifier(visited.node.local)];
    case "const":
    case "sample":
      return [identifier(visited.node.name), visitOf(visited.node.value)];
    case "op":
      return [
        identifier(visited.node.name),
        ...visited.node.inputs.map(input),
        ...resultAndBody(visited.node),
      ];
    case "net": {
      const { name, hyperparameters, inputs } = visited.node;
      const lists = [...(hyperparameters ?? []), ...inputs];
      return [identifier(name), ...lists.map(input), ...resultAndBody(visited.node)];
    }
    case "run":
      return [identifier(visited.node.name), block(visited.node.body)];
    case "input":
      return [identifier(visited.node.name), ...type(visited.node.type), ...optional(visited.node.default)];
    case "type":
      return visited.node.dims.map(visitOf);
    case "block":
      return visited.node.statements.map(visitOf);
    case "target":
      return [identifier(visited.node.name), ...visited.node.indices.map(index)];
    case "over":
      return [identifier(visited.node.name), visitOf(visited.node.from), ...optional(visited.node.to)];
    case "tolerance":
      return visited.node.absolute === visited.node.relative
        ? [visitOf(visited.node.absolute)]
        : [visitOf(visited.node.absolute), visitOf(visited.node.relative)];
    case "index":
      return visited.node.items.map(visitOf);
    case "argument":
      return [...path(visited.node.path), visitOf(visited.node.value)];
    case "argumentPath":
      return [identifier(visited.node.name), ...visited.node.steps.map(step)];
    case "identifier":
      return [];
    default:
      return childrenOfTagged(visited.node);
  }
}

function childrenOfTagged(
  node: Exclude<Statement, { kind: "sample" }> | Expression | IndexItem,
): readonly Visit[] {
  switch (node.kind) {
    case "assignment":
    case "param":
      return [target(node.target), ...type(node.type), ...optional(node.value)];
    case "iterate":
      return [identifier(node.name), ...[node.initial, node.condition, node.next].map(visitOf)];
    case "return":
    case "seed":
    case "at":
      return [visitOf(node.value)];
    case "rule":
      return [target(node.target), identifier(node.argument), visitOf(node.value)];
    case "for":
      return [over(node.over), block(node.body)];
    case "dtype":
      return [];
    case "check":
      return [...optional(node.label), visitOf(node.condition), ...tolerance(node.within)];
    case "gradcheck":
      return [visitOf(node.of), ...node.wrt.map(visitOf), ...tolerance(node.within)];
    case "show":
    case "plot":
      return node.values.map(visitOf);
    case "slice":
      return [...optional(node.from), ...optional(node.to), ...optional(node.step)];
    case "ellipsis":
    case "new-axis":
      return [];
    default:
      return childrenOfExpression(node);
  }
}

function childrenOfExpression(node: Expression): readonly Visit[] {
  switch (node.kind) {
    case "list":
      return node.items.map(visitOf);
    case "comprehension":
      return [visitOf(node.item), over(node.over)];
    case "parenthesized":
      return [visitOf(node.inner)];
    case "unary":
      return [visitOf(node.operand)];
    case "binary":
      return [visitOf(node.left), visitOf(node.right)];
    case "comparison":
      return node.operands.map(visitOf);
    case "call":
      return [visitOf(node.callee), ...node.arguments.map(argument)];
    case "indexing":
      return [visitOf(node.base), index(node.index)];
    case "member":
      return [visitOf(node.base), identifier(node.name)];
    case "number":
    case "string":
    case "name":
    case "hole":
    case "missing":
      return [];
  }
}

function pathAt(visited: Visit, offset: number): Visit[] {
  let best: Visit[] = [];
  for (const child of children(visited)) {
    if (!contains(child.node, offset)) continue;
    const path = pathAt(child, offset);
    if (best.length === 0 || !endsInWord(best) || endsInWord(path)) best = path;
  }
  return [visited, ...best];
}

function contains(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

function endsInWord(path: readonly Visit[]): boolean {
  const kind = path[path.length - 1]?.kind;
  return kind === "identifier" || kind === "name" || kind === "number" || kind === "string";
}

const identifier = (node: Identifier): Visit => ({ kind: "identifier", node });
const importedName = (node: ImportedName): Visit => ({ kind: "importedName", node });
const input = (node: Input): Visit => ({ kind: "input", node });
const block = (node: Block): Visit => ({ kind: "block", node });
const target = (node: Target): Visit => ({ kind: "target", node });
const over = (node: Over): Visit => ({ kind: "over", node });
const index = (node: Index): Visit => ({ kind: "index", node });
const argument = (node: Argument): Visit => ({ kind: "argument", node });

const step = (node: ArgumentPath["steps"][number]): Visit =>
  node.kind === "member" ? identifier(node.name) : index(node.index);

function resultAndBody(node: { readonly result: Type | undefined; readonly body: Block }): readonly Visit[] {
  return [...type(node.result), block(node.body)];
}

function type(node: Type | undefined): readonly Visit[] {
  return node === undefined ? [] : [{ kind: "type", node }];
}

function path(node: ArgumentPath | undefined): readonly Visit[] {
  return node === undefined ? [] : [{ kind: "argumentPath", node }];
}

function tolerance(node: Tolerance | undefined): readonly Visit[] {
  return node === undefined ? [] : [{ kind: "tolerance", node }];
}

function optional(node: Expression | undefined): readonly Visit[] {
  return node === undefined ? [] : [visitOf(node)];
}
