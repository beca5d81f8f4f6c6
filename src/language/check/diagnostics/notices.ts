/** What is no mistake of writing: hints and warnings (NN3xx), and what only values show (NN5xx). Knows nothing of the tree. */
import { entry, sentence } from "./entry";

export const notices = {
  unusedName: entry("NN301", "hint", (name: string) => `\`${name}\` is never used.`),
  unusedImport: entry("NN307", "hint", (name: string) => `\`${name}\` is imported and never used.`),
  structuralZero: entry(
    "NN302",
    "warning",
    (name: string, root: string) =>
      `${root} does not depend on \`${name}\`: its gradient is zero whatever the values.`,
  ),
  structurallyStill: entry(
    "NN302",
    "warning",
    (name: string, pass: string) =>
      `\`${name}\` does not depend on the node that \`${pass}\` moves: its tangent is zero whatever the values.`,
  ),
  stepWithoutGradient: entry(
    "NN302",
    "warning",
    (pass: string, instance: string) =>
      `The root of ${pass} depends on no parameter of \`${instance}\`: the step changes nothing.`,
  ),
  missingRule: entry(
    "NN303",
    "hint",
    (name: string, mode: string, inputs: string) =>
      `\`${name}\` has no \`${mode}\` rule for ${inputs}: it is derived from the body.`,
  ),
  shadowedGradient: entry(
    "NN304",
    "warning",
    (name: string, path: string) =>
      `\`.${name}\` is \`${path}\` here; the run has another \`${name}\`. Write \`[${path}]\` or \`[${name}]\` to say which.`,
  ),
  reasonMissing: entry(
    "NN305",
    "warning",
    (code: string) => `Silencing ${code} needs a reason: \`# ok ${code}: reason\`.`,
  ),
  nothingSilenced: entry("NN305", "hint", (code: string) => `Nothing on this line reports ${code}.`),
  hole: entry("NN306", "information", (shape: string, fits: string) => `To be written: ${shape}.${fits}`),
  constantReassigned: entry("NN213", "error", (name: string) => `\`${name}\` is a constant already.`),
  duplicateDeclaration: entry("NN213", "error", (name: string) => `\`${name}\` is declared already.`),

  bornNotFinite: entry(
    "NN501",
    "warning",
    (name: string, what: string, inputs: string) => `${what} is born at ${name}: ${inputs}.`,
  ),
  trainingBroken: entry(
    "NN501",
    "warning",
    (step: number, text: string) => `From step ${String(step)} on the loss is NaN. ${text}`,
  ),
  trainingFault: entry(
    "NN502",
    "error",
    (step: number, message: string) => `Training stops at step ${String(step)}: ${message}.`,
  ),
  fault: entry(
    "NN502",
    "error",
    (name: string, message: string, inputs: string) => `${name}: ${message}.${inputs}`,
  ),
  iterateEndless: entry(
    "NN503",
    "error",
    (name: string, turns: number, value: string) =>
      `\`${name}\` did not stop after ${String(turns)} turns${value === "" ? "" : `; by then it is ${value}`}.`,
  ),
  memory: entry("NN504", "error", (message: string) => sentence(message)),
  cancelled: entry("NN506", "information", () => "Cancelled."),
  internal: entry(
    "NN599",
    "error",
    (detail: string) => `The tool failed here, which is its own fault and not yours: ${detail}`,
  ),
} as const;
