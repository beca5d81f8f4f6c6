/** What is shown for words that no file defines: arguments of what is built in, the transpose, fields of what it gives. Knows no editor. */
import type { CheckedModule } from "../check";
import { nodeAt, type Call, type Member } from "../syntax";
import { calleeOf, formalsOf } from "./callees";
import type { Hover } from "./hover";
import { calleeName, typeOf } from "./value-text";

export function wordAt(checked: CheckedModule, offset: number): Hover | undefined {
  const path = nodeAt(checked.module.file, offset);
  const [identifier] = path;
  if (identifier?.kind !== "identifier") return undefined;
  const around = path[1];
  const span = { start: identifier.node.start, end: identifier.node.end };
  const call = path.find(({ kind }) => kind === "call");
  const markdown =
    around?.kind === "argumentPath" && call?.kind === "call"
      ? argumentText(checked, call.node, identifier.node.name)
      : around?.kind === "member"
        ? memberText(checked, around.node)
        : undefined;
  return markdown === undefined ? undefined : { span, markdown };
}

/** `keepdim = false`, and whose it is. */
function argumentText(checked: CheckedModule, call: Call, name: string): string | undefined {
  const callee = calleeOf(checked, call.callee);
  const formal = callee && formalsOf(callee).find((each) => each.name === name);
  if (callee === undefined || formal === undefined) return undefined;
  const doc =
    callee.kind === "operator" ? callee.op.doc : callee.kind === "builtin" ? callee.builtin.doc : "";
  const choices = formal.choices.map((choice) => `\`"${choice}"\``).join(", ");
  return [
    code(formal.label),
    `An argument of \`${calleeName(callee)}\`${choices === "" ? "" : `: one of ${choices}`}.`,
    ...(doc === "" ? [] : [doc]),
  ].join("\n\n");
}

function memberText({ module, facts }: CheckedModule, { base, name }: Member): string | undefined {
  if (name.name === "T")
    return `${code("x.T")}\n\nThe transpose: the last two dimensions exchanged. The same as \`transpose(x, -2, -1)\`.`;
  const value = facts.at(base.end).values.get(`${module.id}:${String(base.end)}`);
  const field = value?.kind === "record" ? value.fields.get(name.name) : undefined;
  const type = field === undefined ? "" : typeOf(field);
  return value?.kind !== "record" || field === undefined
    ? undefined
    : `${code(`${name.name}${type === "" ? "" : `: ${type}`}`)}\n\nA field of \`${module.file.text.slice(base.start, base.end)}\`.`;
}

function code(text: string): string {
  return `\`\`\`nnspec\n${text}\n\`\`\``;
}
