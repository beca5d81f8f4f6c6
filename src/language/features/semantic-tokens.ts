/** What each name is, for colouring beyond the grammar. Knows no editor. */
import type { CheckedModule, DerivedKey } from "../check";
import type { Span } from "../syntax";
import { namesIn, type NameUse } from "./names";

export const tokenTypes = [
  "class",
  "function",
  "variable",
  "parameter",
  "property",
  "typeParameter",
  "namespace",
] as const;
export const tokenModifiers = ["declaration", "readonly", "defaultLibrary"] as const;

export interface SemanticToken {
  readonly span: Span;
  readonly type: (typeof tokenTypes)[number];
  readonly modifiers: readonly (typeof tokenModifiers)[number][];
}

/** In the order of the text. Those of a declaration are kept for as long as nothing changes for it. */
export function semanticTokensOf(checked: CheckedModule): readonly SemanticToken[] {
  const { module, facts } = checked;
  return module.file.declarations.flatMap((declaration) => {
    const make = (): readonly SemanticToken[] =>
      namesIn(checked, declaration).map((use) => ({
        span: { start: use.span.start - declaration.start, end: use.span.end - declaration.start },
        type: typeOfName(use),
        modifiers: modifiersOf(use),
      }));
    const tokens = declaration.kind === "import" ? make() : facts.derive(declaration, tokensKey, make);
    return tokens.map(({ span: { start, end }, type, modifiers }) => ({
      span: { start: start + declaration.start, end: end + declaration.start },
      type,
      modifiers,
    }));
  });
}

const tokensKey: DerivedKey<readonly SemanticToken[]> = { what: "semantic tokens" };

function typeOfName({ role, value }: NameUse): SemanticToken["type"] {
  switch (role) {
    case "net":
      return "class";
    case "op":
    case "builtin":
      return "function";
    case "run":
      return "namespace";
    case "input":
    case "hyperparameter":
    case "argument":
      return "parameter";
    case "parameter":
      return "property";
    case "size":
      return "typeParameter";
    case "const":
    case "constant":
    case "index":
      return "variable";
    case "value":
      return value?.kind === "layer" ? "class" : "variable";
  }
}

function modifiersOf({ role, defines, symbol }: NameUse): SemanticToken["modifiers"] {
  const modifiers: SemanticToken["modifiers"][number][] = [];
  if (defines) modifiers.push("declaration");
  if (
    role === "const" ||
    role === "constant" ||
    role === "hyperparameter" ||
    role === "size" ||
    role === "index"
  ) {
    modifiers.push("readonly");
  }
  if (role === "builtin" || symbol?.file === "std") modifiers.push("defaultLibrary");
  return modifiers;
}
