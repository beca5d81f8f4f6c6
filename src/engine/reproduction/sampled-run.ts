/** A run that applies an op or net as its own gradcheck samples it, so that its inputs can be made smaller. */
import type { Library, Module, Value } from "../../language/check";
import type { Input, Net, Op } from "../../language/syntax";
import type { Tensor } from "../../runtime/tensor";
import { FirstApplication } from "../first-application";
import { wrongRules } from "../../runtime/gradcheck";
import type { DeclarationSample } from "../sample-declaration";
import { drawText, type Domains } from "../sample-domains";
import { sampleDraws } from "../sample-draws";

export interface SampledRun {
  readonly name: string;
  /** Texts of the run, the most explicit first. */
  readonly texts: readonly string[];
}

/** How inputs are sampled and told. */
export interface SampledInputs {
  readonly firstSize?: number;
  /** Tensors with no more elements are written out, in few digits. */
  readonly mostWritten?: number;
}

export function sampledRun(
  context: { readonly module: Module; readonly library: Library; readonly poll: () => void },
  declaration: Op | Net,
  { firstSize, mostWritten = 0 }: SampledInputs = {},
): SampledRun {
  const { module } = context;
  const own = declaration.name.name;
  const name = free(module, `check_${own}`);
  const plain = `run ${name} {\n  gradcheck ${own}\n}\n`;
  const draws = sampleDraws(context, declaration, firstSize === undefined ? {} : { firstSize });
  const { machine, record, applied, domains } = draws.find(isWrong) ?? draws[0];
  if ("reason" in applied) return { name, texts: [plain] };
  const inputs = declaration.inputs.filter(({ type }) => type !== undefined);
  const lines: string[] = [];
  for (const input of inputs) {
    const node = record.named.find((each) => each.role === "input" && each.name === input.name.name)?.value
      .node;
    const value = node && machine.evaluator.evaluate(node);
    if (value === undefined || "fault" in value) return { name, texts: [plain] };
    lines.push(`  ${input.name.name} = ${drawn(declaration, input, value, { mostWritten, domains })}`);
  }
  const call = callText(context, declaration, inputs);
  if (call === undefined) return { name, texts: [plain] };
  const result = inputs.some((input) => input.name.name === "y") ? "result" : "y";
  const explicit = [`run ${name} {`, ...lines, `  ${result} = ${call}`, `  gradcheck ${result}`, "}", ""];
  return { name, texts: [explicit.join("\n"), plain] };
}

function isWrong({ machine: { graph }, applied }: DeclarationSample): boolean {
  return "root" in applied && wrongRules({ graph, root: applied.root }).size > 0;
}

function free(module: Module, wanted: string): string {
  let name = wanted;
  for (let i = 2; module.declarations.has(name); i++) name = `${wanted}_${String(i)}`;
  return name;
}

/** What has a sample of its own is written out, since other values may be outside of the domain. */
function drawn(
  { body }: Op | Net,
  { name }: Input,
  { shape, dtype, data }: Tensor,
  { mostWritten, domains }: { readonly mostWritten: number; readonly domains: Domains },
): string {
  const sampled = body.statements.some(
    (statement) => statement.kind === "sample" && statement.name.name === name.name,
  );
  const isWritten = sampled || dtype === "int" || dtype === "bool";
  if (!isWritten && data.length > mostWritten) {
    const text = drawText(domains, name.name, `[${shape.join(", ")}]`);
    if (text !== undefined) return text;
  }
  const digits = sampled ? 4 : 2;
  const number = (x: number): string =>
    dtype === "bool" ? String(x !== 0) : dtype === "int" ? String(x) : String(Number(x.toPrecision(digits)));
  return nested(shape, Array.from(data, number));
}

function nested(shape: readonly number[], texts: readonly string[]): string {
  const [first, ...rest] = shape;
  if (first === undefined) return texts[0] ?? "0";
  const size = texts.length / Math.max(1, first);
  return `[${Array.from({ length: first }, (_, i) => nested(rest, texts.slice(i * size, (i + 1) * size))).join(", ")}]`;
}

function callText(
  context: { readonly module: Module; readonly library: Library },
  declaration: Op | Net,
  inputs: readonly Input[],
): string | undefined {
  const own = declaration.name.name;
  const plain = inputs.map(({ name }) => name.name).join(", ");
  const hyperparameters =
    declaration.kind === "net"
      ? declaration.hyperparameters
      : declaration.inputs.filter(({ type }) => type === undefined);
  const first = new FirstApplication(context, declaration);
  const given: string[] = [];
  for (const input of hyperparameters ?? []) {
    const { name } = input.name;
    const sample = declaration.body.statements.find(
      (statement) => statement.kind === "sample" && statement.name.name === name,
    );
    if (sample?.kind !== "sample" && input.default !== undefined) continue;
    const text =
      sample?.kind === "sample"
        ? context.module.file.text.slice(sample.value.start, sample.value.end)
        : valueText(first.hyperparameters?.get(name));
    if (text === undefined) return undefined;
    given.push(`${name} = ${text}`);
  }
  if (declaration.kind === "net")
    return hyperparameters === undefined ? `${own}(${plain})` : `${own}(${given.join(", ")})(${plain})`;
  if (given.length === 0) return `${own}(${plain})`;
  return `${own}(${[...inputs.map(({ name }) => `${name.name} = ${name.name}`), ...given].join(", ")})`;
}

/** A number, or a list of such, as one writes it. */
function valueText(value: Value | undefined): string | undefined {
  if (value?.kind === "number") return value.value === undefined ? undefined : String(value.value);
  if (value?.kind !== "list") return undefined;
  const items = value.items.map(valueText);
  return items.includes(undefined) ? undefined : `[${items.join(", ")}]`;
}
