/** What each name is, for colouring beyond the grammar. Knows no editor. */
import type { CheckedModule } from "../check";
import type { Span } from "../syntax";
import { namesOf, type NameUse } from "./names";

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

/** In the order of the text. */
export function semanticTokensOf(checked: CheckedModule): readonly SemanticToken[] {
  return namesOf(checked).map((use) => ({
    span: use.span,
    type: typeOfName(use),
    modifiers: modifiersOf(use),
  }));
}

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
