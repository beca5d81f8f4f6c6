/**
 * The syntax tree of a .nnspec file: what the parser makes and every other room of `language` reads.
 * Knows nothing of names, shapes or numbers. Offsets are UTF-16 positions in the text, end exclusive.
 * The tree is lossless together with `File.tokens`, which hold every character of the text, comments and spaces included.
 */

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Token extends Span {
  readonly kind:
    "name" | "number" | "string" | "punctuation" | "comment" | "space" | "newline" | "unknown" | "end";
  readonly text: string;
}

/** A name as written, and its NFC form by which names are compared. */
export interface Identifier extends Span {
  readonly name: string;
}

export interface File extends Span {
  readonly text: string;
  /** Every token in order, trivia included; their texts joined are the file. */
  readonly tokens: readonly Token[];
  readonly declarations: readonly Declaration[];
  readonly errors: readonly SyntaxProblem[];
}

/** A syntax error: a catalogued code with its parameters; `language/check` holds the texts. */
export interface SyntaxProblem extends Span {
  readonly code: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly related?: readonly (Span & { readonly message: string })[];
  /** An edit that mends it, where one is sure. */
  readonly fix?: { readonly title: string; readonly edits: readonly (Span & { readonly newText: string })[] };
}

export type Declaration = Import | ConstDeclaration | Op | Net | Run;

interface Documented extends Span {
  /** The comments directly above, as Markdown, without their '#'. */
  readonly documentation: string;
}

export interface Import extends Documented {
  readonly kind: "import";
  readonly names: readonly ImportedName[];
  readonly from: StringLiteral | undefined;
}

export interface ImportedName extends Span {
  readonly imported: Identifier;
  /** The name it has in this file (the same identifier where there is no `as`). */
  readonly local: Identifier;
}

export interface ConstDeclaration extends Documented {
  readonly kind: "const";
  readonly name: Identifier;
  readonly value: Expression;
}

export interface Op extends Documented {
  readonly kind: "op";
  readonly name: Identifier;
  /** Typed inputs are tensors, untyped ones hyperparameters. */
  readonly inputs: readonly Input[];
  readonly result: Type | undefined;
  readonly body: Block;
}

export interface Net extends Documented {
  readonly kind: "net";
  readonly name: Identifier;
  /** The first list where there are two; undefined where it was left out. */
  readonly hyperparameters: readonly Input[] | undefined;
  readonly inputs: readonly Input[];
  readonly result: Type | undefined;
  readonly body: Block;
}

export interface Run extends Documented {
  readonly kind: "run";
  readonly name: Identifier;
  readonly body: Block;
}

export interface Input extends Span {
  readonly name: Identifier;
  readonly type: Type | undefined;
  readonly default: Expression | undefined;
}

export interface Type extends Span {
  readonly element: "float" | "int" | "bool";
  readonly dims: readonly (Expression | Ellipsis)[];
}

export interface Ellipsis extends Span {
  readonly kind: "ellipsis";
}

export interface Block extends Span {
  readonly statements: readonly Statement[];
}

export type Statement =
  | Assignment
  | Param
  | Iterate
  | Return
  | Rule
  | Sample
  | For
  | Seed
  | DTypeStatement
  | Check
  | Gradcheck
  | Show
  | Plot;

/** What is assigned to: a plain name, or a family member `z[l]`. */
export interface Target extends Span {
  readonly name: Identifier;
  readonly indices: readonly Index[];
}

/** `z[l]: [N, 3] = expr`; with `const` a compile-time value. */
export interface Assignment extends Documented {
  readonly kind: "assignment";
  readonly constant: boolean;
  readonly target: Target;
  readonly type: Type | undefined;
  readonly value: Expression;
}

export interface Param extends Documented {
  readonly kind: "param";
  readonly target: Target;
  readonly type: Type | undefined;
  readonly value: Expression | undefined;
}

export interface Iterate extends Documented {
  readonly kind: "iterate";
  readonly name: Identifier;
  readonly initial: Expression;
  readonly condition: Expression;
  readonly next: Expression;
}

export interface Return extends Documented {
  readonly kind: "return";
  readonly value: Expression;
}

export interface Rule extends Documented {
  readonly kind: "rule";
  readonly mode: "vjp" | "jvp";
  /** The input or parameter it is the rule of. */
  readonly target: Target;
  /** The cotangent's (vjp) or tangent's (jvp) name. */
  readonly argument: Identifier;
  readonly value: Expression;
}

export interface Sample extends Documented {
  readonly kind: "sample";
  readonly name: Identifier;
  readonly value: Expression;
}

export interface For extends Documented {
  readonly kind: "for";
  readonly over: Over;
  readonly body: Block;
}

/** `l in 1 to L`, `l in L downto 1` (both inclusive), or `f in [relu, tanh]` (no `to`). */
export interface Over extends Span {
  readonly name: Identifier;
  readonly from: Expression;
  readonly direction: "to" | "downto" | "list";
  readonly to: Expression | undefined;
}

export interface Seed extends Documented {
  readonly kind: "seed";
  readonly generator: "torch" | "numpy";
  readonly value: Expression;
}

export interface DTypeStatement extends Documented {
  readonly kind: "dtype";
  readonly dtype: "float32" | "float64";
}

export interface Check extends Documented {
  readonly kind: "check";
  readonly label: StringLiteral | undefined;
  readonly condition: Expression;
  readonly within: Tolerance | undefined;
}

export interface Gradcheck extends Documented {
  readonly kind: "gradcheck";
  readonly of: Expression;
  readonly wrt: readonly Expression[];
  readonly within: Tolerance | undefined;
}

/** `within t` (both the same expression) or `within (atol, rtol)`. */
export interface Tolerance extends Span {
  readonly absolute: Expression;
  readonly relative: Expression;
}

export interface Show extends Documented {
  readonly kind: "show";
  readonly values: readonly Expression[];
}

export interface Plot extends Documented {
  readonly kind: "plot";
  readonly values: readonly Expression[];
}

export type Expression =
  | NumberLiteral
  | StringLiteral
  | Name
  | Hole
  | List
  | Comprehension
  | Parenthesized
  | Unary
  | Binary
  | Comparison
  | Call
  | Indexing
  | Member
  | Missing;

export interface NumberLiteral extends Span {
  readonly kind: "number";
  readonly value: number;
  /** Written without '.' or exponent, so that it may be an int. */
  readonly whole: boolean;
}

export interface StringLiteral extends Span {
  readonly kind: "string";
  readonly value: string;
}

export interface Name extends Span {
  readonly kind: "name";
  readonly name: string;
}

export interface Hole extends Span {
  readonly kind: "hole";
}

export interface List extends Span {
  readonly kind: "list";
  readonly items: readonly Expression[];
}

export interface Comprehension extends Span {
  readonly kind: "comprehension";
  readonly item: Expression;
  readonly over: Over;
}

export interface Parenthesized extends Span {
  readonly kind: "parenthesized";
  readonly inner: Expression;
}

export interface Unary extends Span {
  readonly kind: "unary";
  readonly operator: "-" | "+" | "not";
  readonly operand: Expression;
}

export interface Binary extends Span {
  readonly kind: "binary";
  readonly operator: "+" | "-" | "*" | "/" | "@" | "^" | "and" | "or";
  readonly left: Expression;
  readonly right: Expression;
  readonly operatorSpan: Span;
}

export type ComparisonOperator = "==" | "~=" | "!=" | "<" | "<=" | ">" | ">=";

/** A chain as in Python: `a < b <= c` has operands [a, b, c] and operators [<, <=]. */
export interface Comparison extends Span {
  readonly kind: "comparison";
  readonly operands: readonly Expression[];
  readonly operators: readonly { readonly operator: ComparisonOperator; readonly span: Span }[];
}

export interface Call extends Span {
  readonly kind: "call";
  readonly callee: Expression;
  readonly arguments: readonly Argument[];
}

/** `name = value`, `W[1] = value` or `fc.W = value` where `path` is given. */
export interface Argument extends Span {
  readonly path: ArgumentPath | undefined;
  readonly value: Expression;
}

/** The steps after the first name: `.W` or `[1]`. */
export interface ArgumentPath extends Span {
  readonly name: Identifier;
  readonly steps: readonly (
    { readonly kind: "member"; readonly name: Identifier } | { readonly kind: "index"; readonly index: Index }
  )[];
}

export interface Indexing extends Span {
  readonly kind: "indexing";
  readonly base: Expression;
  readonly index: Index;
}

/** One bracket: `[0]`, `[:, 1:3]`, `[..., 0]`, `[:, None]`. */
export interface Index extends Span {
  readonly items: readonly IndexItem[];
}

export type IndexItem =
  | { readonly kind: "at"; readonly value: Expression; readonly start: number; readonly end: number }
  | Ellipsis
  | NewAxis
  | {
      readonly kind: "slice";
      readonly from: Expression | undefined;
      readonly to: Expression | undefined;
      readonly step: Expression | undefined;
      readonly start: number;
      readonly end: number;
    };

/** `None`, as in NumPy: a dimension of size 1. */
export interface NewAxis extends Span {
  readonly kind: "new-axis";
}

export interface Member extends Span {
  readonly kind: "member";
  readonly base: Expression;
  /** Empty name where it is not typed yet (`m.`). */
  readonly name: Identifier;
}

/** Where an expression was needed and none stands; an error has been reported there. */
export interface Missing extends Span {
  readonly kind: "missing";
}
