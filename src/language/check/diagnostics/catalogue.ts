/**
 * Every diagnostic of names, shapes and statements: one entry each, with its stable code and its text.
 * Syntax problems have theirs in the syntax room, data files in the engine's. Knows nothing of the tree.
 */
import { capital, entry, sentence } from "./entry";
import { notices } from "./notices";

function nearestHint(nearest: string | undefined): string {
  return nearest === undefined ? "" : ` Did you mean \`${nearest}\`?`;
}

export const problems = {
  unknownName: entry(
    "NN201",
    "error",
    (name: string, nearest?: string) => `\`${name}\` is not defined here.${nearestHint(nearest)}`,
  ),
  nameOfInstance: entry(
    "NN201",
    "error",
    (name: string, instance: string) =>
      `\`${name}\` is not defined here; \`${instance}\` has one. Write \`${instance}.${name}\`.`,
  ),
  notImported: entry(
    "NN201",
    "error",
    (name: string) => `\`${name}\` is in the standard library: \`import { ${name} } from "std"\`.`,
  ),
  libraryPrefix: entry(
    "NN201",
    "error",
    (prefix: string) =>
      `\`${prefix.slice(0, -1)}\` is not defined here: ${prefix === "self." ? "names of a net" : "operators"} have no prefix. Leave out \`${prefix}\`.`,
  ),
  foreignIdiom: entry(
    "NN201",
    "error",
    (name: string, instead: string) => `\`${name}\` is not defined here: ${instead}.`,
  ),
  unequalDimensions: entry("NN202", "error", (text: string) => text),
  doubleStretch: entry(
    "NN203",
    "warning",
    (left: string, right: string, result: string) =>
      `Broadcasting stretches both operands: ${left} with ${right} gives ${result}. If that is meant, annotate the result; ` +
      "if not, one of them misses a reshape or `keepdim = true`.",
  ),
  broadcast: entry("NN204", "error", (text: string) => text),
  rank: entry(
    "NN205",
    "error",
    (operand: string, needs: string, found: string) => `${operand} must be ${needs}, but it is ${found}.`,
  ),
  size: entry("NN206", "error", (text: string) => text),
  dtype: entry(
    "NN207",
    "error",
    (operand: string, needs: string, found: string) =>
      `${operand} must be ${needs}, but its elements are ${found}.`,
  ),
  dimOutOfRange: entry("NN208", "error", (attribute: string, found: number, rank: number) =>
    rank === 0
      ? `\`${attribute} = ${String(found)}\` does not exist: the tensor is a scalar.`
      : `\`${attribute} = ${String(found)}\` does not exist: the tensor has ${String(rank)} dimension${rank === 1 ? "" : "s"}, ` +
        `${String(-rank)} to ${String(rank - 1)}.`,
  ),
  attribute: entry("NN209", "error", (message: string) => sentence(message)),
  operand: entry("NN210", "error", (message: string) => sentence(message)),
  annotation: entry(
    "NN211",
    "error",
    (name: string, declared: string, found: string) =>
      `\`${name}\` is declared as ${declared}, but the expression is ${found}.`,
  ),
  argumentCount: entry(
    "NN212",
    "error",
    (callee: string, needs: string, found: string) => `\`${callee}\` takes ${needs}; ${found}.`,
  ),
  looseSizes: entry(
    "NN212",
    "error",
    (callee: string, list: string) => `\`${callee}\` takes its shape as a list: write \`${list}\`.`,
  ),
  unknownArgument: entry(
    "NN212",
    "error",
    (callee: string, name: string, known: string) =>
      `\`${callee}\` has no argument \`${name}\`. It takes ${known}.`,
  ),
  missingArgument: entry(
    "NN212",
    "error",
    (callee: string, name: string) => `\`${callee}\` needs \`${name}\`, which is not given.`,
  ),
  duplicateArgument: entry("NN212", "error", (name: string) => `\`${name}\` is given twice.`),
  duplicateName: entry(
    "NN213",
    "error",
    (name: string) =>
      `\`${name}\` is defined already: a name is assigned once. Choose another name, or an index: \`${name}[1]\`.`,
  ),
  duplicateMember: entry(
    "NN213",
    "error",
    (name: string) => `\`${name}\` is defined already: a member of a family is assigned once.`,
  ),
  transposeName: entry("NN209", "error", () => "No node is named `T`: `.T` is the transpose."),
  notCallable: entry("NN214", "error", (what: string) => `${what} cannot be called.`),
  noMember: entry(
    "NN215",
    "error",
    (owner: string, name: string, nearest?: string) => `${owner} has no \`${name}\`.${nearestHint(nearest)}`,
  ),
  foreignMember: entry(
    "NN215",
    "error",
    (owner: string, name: string, instead: string) =>
      `${owner} has no \`${name}\`: tensors have no methods. Write \`${instead}\`.`,
  ),
  gradientMember: entry(
    "NN215",
    "error",
    (owner: string, name: string) =>
      `${owner} has no \`grad\`: a pass is named, \`d = backward(loss)\`, and read by \`d.${name}\`.`,
  ),
  importNotFound: entry(
    "NN216",
    "error",
    (path: string) => `"${path}" cannot be read. An import is "std" or a path relative to this file.`,
  ),
  importedNameMissing: entry(
    "NN217",
    "error",
    (name: string, path: string, nearest?: string, holder?: "run" | "import") =>
      holder === "run"
        ? `\`${name}\` is a run of "${path}": only ops, nets and constants can be imported.`
        : holder === "import"
          ? `"${path}" imports \`${name}\` itself: import it from the file that declares it.`
          : `"${path}" declares no \`${name}\`.${nearestHint(nearest)}`,
  ),
  importCycle: entry(
    "NN218",
    "error",
    (path: string) => `Import cycle: "${path}" imports this file in turn.`,
  ),
  importClash: entry(
    "NN213",
    "error",
    (name: string) =>
      `\`${name}\` is both imported and declared. Import it under another name: \`${name} as …\`.`,
  ),
  callCycle: entry(
    "NN219",
    "error",
    (path: readonly string[]) =>
      `Call cycle: ${path.length === 2 ? `\`${path[0] ?? ""}\` calls itself` : arrows(path)}. Ops and nets cannot call themselves.`,
  ),
  constantCycle: entry(
    "NN219",
    "error",
    (path: readonly string[]) => `A constant cannot be defined through itself: ${arrows(path)}.`,
  ),
  needsCompileTime: entry(
    "NN220",
    "error",
    (name: string, use: string) =>
      `${use} must be known before anything runs, but \`${name}\` is a node. Write \`const ${name} = …\`.`,
  ),
  needsCompileTimeExpression: entry(
    "NN220",
    "error",
    (use: string) => `${use} must be known before anything runs, but this is a tensor.`,
  ),
  hyperparametersFirst: entry(
    "NN220",
    "error",
    (name: string, form: string) =>
      `\`${name}\` takes its hyperparameters first, then its tensors, as in \`${form}\`; this is a tensor.`,
  ),
  gradientName: entry(
    "NN221",
    "error",
    (name: string, offers: string) => `\`.${name}\` names no node of this pass.${offers}`,
  ),
  notANode: entry(
    "NN221",
    "error",
    (name: string, what: string) => `\`${name}\` is ${what}, not a node: it has no gradient.`,
  ),
  familyKey: entry(
    "NN222",
    "error",
    (family: string, key: string, known: string) =>
      `\`${family}\` has no member \`${family}[${key}]\`. It has ${known}.`,
  ),
  familyOrPlain: entry(
    "NN222",
    "error",
    (name: string) =>
      `\`${name}\` is used both as a plain name and with an index. It can be one of them only.`,
  ),
  familyIndex: entry(
    "NN222",
    "error",
    (name: string) =>
      `An index of \`${name}\` must be a whole number, a function or a layer known before anything runs.`,
  ),
  ragged: entry(
    "NN223",
    "error",
    (first: string, other: string) =>
      `The items of a list must have equal shapes: one is ${first}, another ${other}.`,
  ),
  notHere: entry(
    "NN224",
    "error",
    (statement: string, place: string, wayOut: string) =>
      `\`${statement}\` cannot stand in ${place}${wayOut === "" ? "" : `: ${wayOut}`}.`,
  ),
  closeNeedsTolerance: entry(
    "NN225",
    "error",
    () => "`~=` stands only in a check: `check a ~= b` or `check a ~= b within 1e-6`.",
  ),
  withinNeedsClose: entry(
    "NN225",
    "error",
    () => "`within` gives the tolerance of `~=`, but this condition has none.",
  ),
  noReturn: entry("NN226", "error", (name: string) => `\`${name}\` returns nothing. Add \`return …\`.`),
  secondReturn: entry("NN226", "error", () => "The result is named already: `return` stands once."),
  ruleTarget: entry(
    "NN227",
    "error",
    (name: string, known: string) =>
      `A rule needs an input${known === "" ? "" : ` (${known})`}, and \`${name}\` is none.`,
  ),
  sampleTarget: entry(
    "NN227",
    "error",
    (name: string) => `\`sample\` needs an input, a hyperparameter or a size, and \`${name}\` is none.`,
  ),
  ruleHyperparameter: entry(
    "NN227",
    "error",
    (name: string) => `\`${name}\` is a hyperparameter; only tensors have rules.`,
  ),
  ruleDiscrete: entry(
    "NN227",
    "error",
    (name: string, element: string) => `\`${name}\` is ${element}; only float tensors have rules.`,
  ),
  ruleTwice: entry("NN227", "error", (rule: string) => `\`${rule}\` has a rule already.`),
  ruleShape: entry(
    "NN228",
    "error",
    (rule: string, needs: string, found: string, why: string) =>
      `\`${rule}\` must have the shape of ${why}, ${needs}, but the expression is ${found}.`,
  ),
  dtypeTwice: entry("NN229", "error", () => "`dtype` is stated once in a run."),
  dtypeLate: entry("NN229", "error", () => "`dtype` must come before the first value of the run."),
  unsupported: entry("NN230", "error", (what: string) => `${what} is not supported yet.`),
  cotangentNeeded: entry(
    "NN231",
    "error",
    (what: string, name: string, shape: string) =>
      `${name} has shape ${shape}: give the ${what}, a tensor of that shape. The default 1 needs a single element.`,
  ),
  cotangentShape: entry(
    "NN231",
    "error",
    (what: string, name: string, needs: string, found: string) =>
      `The ${what} must have the shape of ${name}, ${needs}, but it is ${found}.`,
  ),
  notDifferentiable: entry(
    "NN232",
    "error",
    (name: string, element: string) => `${name} is ${element}; only float tensors can be differentiated.`,
  ),
  booleanMask: entry(
    "NN233",
    "error",
    () =>
      "A boolean mask cannot index: the result's shape would depend on values. Write `where(mask, x, 0)`.",
  ),
  paramNeedsValue: entry(
    "NN234",
    "error",
    (name: string) => `\`${name}\` has no initialiser and must be given: \`…, ${name} = value)\`.`,
  ),
  expected: entry(
    "NN236",
    "error",
    (needs: string, found: string) => `${capital(needs)} is needed here, but this is ${found}.`,
  ),
  sizeUndeclared: entry(
    "NN237",
    "error",
    (name: string) =>
      `The size \`${name}\` is nowhere declared: it must stand alone as a dimension of an input once, as in \`[${name}, 3]\`.`,
  ),
  inputUntyped: entry(
    "NN237",
    "error",
    (name: string) =>
      `\`${name}\` needs a type, as in \`${name}: [N, 3]\`: the last list of a net holds its tensors.`,
  ),
  hyperparameterTyped: entry(
    "NN237",
    "error",
    (name: string) => `\`${name}\` is a hyperparameter and takes no type.`,
  ),
  cannotInferShape: entry(
    "NN238",
    "error",
    (name: string) =>
      `\`${name}\` needs a shape here: \`${name}([5, 4])\`. Only a typed param's initialiser may leave it out.`,
  ),
  ambiguousEllipsis: entry("NN239", "error", () => "`...` stands at most once in a shape or an index."),
  indexCount: entry(
    "NN240",
    "error",
    (found: number, shape: string) =>
      `${String(found)} ${found === 1 ? "index" : "indices"} for a tensor of shape ${shape}.`,
  ),
  indexRange: entry(
    "NN240",
    "error",
    (index: number, size: string) => `Index ${String(index)} is outside a dimension of size ${size}.`,
  ),
  listIndexRange: entry(
    "NN240",
    "error",
    (index: number, count: number) =>
      `Index ${String(index)} is outside a list of ${String(count)} item${count === 1 ? "" : "s"}.`,
  ),
  tooLarge: entry("NN241", "error", (what: string) => `${what} is too large to unroll.`),
  iterateShape: entry(
    "NN242",
    "error",
    (name: string, first: string, next: string) =>
      `\`${name}\` must keep its shape: it starts as ${first}, and a turn gives ${next}.`,
  ),
  neverRuns: entry("NN243", "error", (detail: string) => detail),
  oneElement: entry(
    "NN244",
    "error",
    (what: string, shape: string) => `${capital(what)} needs a single element, but it has shape ${shape}.`,
  ),

  ...notices,
} as const;

function arrows(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(" → ");
}
