/** The page of all operators, from their own declarations: what hover says of each, in one place. Knows no editor. */
import { callableOperators, type OpDefinition, type Sample } from "../../runtime/ops";
import { builtinText } from "./hover";

/** Markdown: one section for each operator that a spec can call, by name. */
export function operatorPage(): string {
  const named = [...callableOperators.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const index = named.map(({ name }) => `[${name}](#${name})`).join(" · ");
  return [
    "# Operators",
    "",
    "Names, arguments, defaults and conventions at kinks and edges are PyTorch's. This page is made from the operators' own",
    "declarations; the editor's hover and completion say the same. Arithmetic and comparison are written `x + y`, `x @ y`,",
    "`x ^ y`, `x == y`; indexing is NumPy's.",
    "",
    index,
    "",
    ...named.flatMap(section),
  ].join("\n");
}

function section(op: OpDefinition): string[] {
  const example = exampleOf(op);
  return [
    `## ${op.name}`,
    "",
    builtinText(op.name) ?? "",
    "",
    ...(example === undefined ? [] : [`Example: ${example}`, ""]),
  ];
}

/** The first sample as a call: shapes in, as a spec writes them. */
function exampleOf(op: OpDefinition): string | undefined {
  const sample = op.samples[0];
  if (sample === undefined) return undefined;
  const given = op.callOrder.flatMap((name) => argumentOf(name, sample));
  return `\`${op.name}(${given.join(", ")})\``;
}

function argumentOf(name: string, sample: Sample): string[] {
  const input = sample.inputs[name];
  if (input !== undefined) {
    const shapes = (Array.isArray(input) ? input : [input]).map(
      (each: { readonly shape: readonly number[] }) => `randn([${each.shape.join(", ")}])`,
    );
    return [Array.isArray(input) ? `[${shapes.join(", ")}]` : (shapes[0] ?? "")];
  }
  const attribute = sample.attributes?.[name];
  if (attribute === undefined) return [];
  const text =
    typeof attribute === "string"
      ? `"${attribute}"`
      : Array.isArray(attribute)
        ? `[${attribute.join(", ")}]`
        : String(attribute);
  return [`${name} = ${text}`];
}
