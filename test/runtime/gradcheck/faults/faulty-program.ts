// Owns the form of a program with planted faults and how it is judged: each fault edits the text of a right program, as a student's slip would.
import assert from "node:assert/strict";
import { execute } from "../../../../src/engine";
import { hostFor } from "../../../engine/run-text";

/** What is expected to be blamed: the name or rule at fault, and the kind of mistake (several where two names are as good). */
export interface Place {
  /** "vjp W" for the rule itself, else the name of the value that is the first wrong one. In a check: its label. */
  readonly at: string;
  readonly kind: string | readonly string[];
  /** What a message must say. */
  readonly says?: RegExp;
  /** Where else the same line is wrong. */
  readonly also?: readonly string[];
}

export interface Fault {
  readonly name: string;
  /** What stands in the right text, and what the student wrote. */
  readonly edits: readonly (readonly [right: string, wrong: string])[];
  readonly blame: readonly Place[];
}

export interface FaultyProgram {
  readonly name: string;
  readonly text: string;
  readonly faults: readonly Fault[];
  /** A verdict of the right program other than passed. */
  readonly verdict?: "passed" | "undecided";
}

export interface Found {
  readonly at: string;
  readonly kind: string;
  readonly message: string;
  readonly text: string;
  readonly also: readonly string[];
}

export interface Judgement {
  readonly verdicts: readonly string[];
  readonly errors: readonly string[];
  readonly found: readonly Found[];
  readonly milliseconds: number;
}

/** The op's own gradcheck where a text has no run; else the gradchecks and failing checks of its runs. */
export async function judge(text: string): Promise<Judgement> {
  const started = performance.now();
  // A clock that leaps leaves no time for looking for fixes, which are tested by themselves.
  let clock = 0;
  const host = { ...hostFor(), now: () => (clock += 1e6) };
  const action = /^run /mu.test(text) ? "run" : "gradcheck";
  const session = await execute(
    host,
    { id: "fault.nnspec", text, version: 1 },
    { action, target: undefined },
  );
  const { report, diagnostics } = session.outcome;
  const runs = report.runs ?? [];
  const checks = runs.flatMap((run) => run.checks).filter(({ status }) => status !== "passed");
  const gradchecks =
    runs.length > 0
      ? runs.flatMap((run) => run.gradchecks)
      : [...(report.ops ?? []), ...(report.nets ?? [])].map(({ gradcheck }) => gradcheck);
  const blamed = gradchecks.flatMap(({ blame }) =>
    blame.map(({ rule, node, explanation, also = [] }): Found => ({
      ...found(placeText(rule, node), explanation),
      also: also.map((each) => placeText(each.rule, each.node)),
    })),
  );
  const explained = checks.map(({ label, explanation, message }) =>
    explanation === null
      ? { at: label ?? "", kind: "none", message, text: message, also: [] }
      : found(label ?? "", explanation),
  );
  return {
    verdicts: [
      ...gradchecks.map(({ verdict, reason }) => `${verdict} ${reason ?? ""}`),
      ...checks.map(({ status }) => status),
    ],
    errors: diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message),
    found: [...blamed, ...explained],
    milliseconds: performance.now() - started,
  };
}

/** The rule where that is wrong itself, else the value. */
function placeText(rule: string, node: string): string {
  const isRule = rule.split(", ").some((each) => lastName(node) === lastName(each));
  return isRule || node === "" ? rule : node.slice(node.indexOf(".") + 1);
}

/** W of m.W and of vjp W. */
function lastName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("."), path.lastIndexOf(" ")) + 1);
}

function found(
  at: string,
  e: {
    kind: string;
    message: string;
    fit: number;
    factor: number | null;
    runnerUp: { kind: string; fit: number } | null;
  },
): Found {
  const runnerUp = e.runnerUp === null ? "" : ` before ${e.runnerUp.kind} ${e.runnerUp.fit.toExponential(0)}`;
  return {
    at,
    kind: e.kind,
    message: e.message,
    also: [],
    text: `${at} ${e.kind} ${e.fit.toExponential(0)}${runnerUp}: ${e.message}`,
  };
}

export function edited(text: string, { edits }: Fault): string {
  let result = text;
  for (const [right, wrong] of edits) {
    assert.ok(result.includes(right), `"${right}" stands nowhere`);
    result = result.replace(right, () => wrong);
  }
  return result;
}

/** The tests of a program: right it passes, and each fault is found where it is; runs in both float types. */
export function testProgram(program: FaultyProgram): void {
  suite(program.name, () => {
    testIn(program, (text) => text, "");
    if (/^run /mu.test(program.text))
      testIn(program, (text) => text.replaceAll(/^run .*\{$/gmu, "$&\n  dtype float32"), ", float32");
  });
}

function testIn(
  { text, faults, verdict = "passed" }: FaultyProgram,
  inType: (text: string) => string,
  suffix: string,
): void {
  test(`right${suffix}`, async () => {
    const judgement = await judge(inType(text));
    assert.deepEqual(judgement.errors, []);
    assert.deepEqual(
      judgement.found.map((each) => each.text),
      [],
    );
    assert.ok(judgement.verdicts.length > 0 || text.includes("check"));
    for (const each of judgement.verdicts) assert.ok(each.startsWith(verdict), each);
  });
  for (const fault of faults) {
    test(`${fault.name}${suffix}`, async () => {
      const judgement = await judge(inType(edited(text, fault)));
      const all = judgement.found.map((each) => each.text).join("\n");
      if (process.env.SHOW !== undefined)
        console.log(`    ${all.replaceAll("\n", "\n    ")}  [${judgement.milliseconds.toFixed(0)} ms]`);
      assert.deepEqual(judgement.errors, []);
      const places = judgement.found.map(({ at }) => at);
      assert.deepEqual(
        places,
        fault.blame.map(({ at }) => at),
        all,
      );
      fault.blame.forEach(({ kind, says, also = [] }, i) => {
        const { kind: actual, message, also: others } = judgement.found[i]!;
        assert.deepEqual(others, also, all);
        assert.ok([kind].flat().includes(actual), `${actual} for ${String(kind)}: ${all}`);
        if (says !== undefined) assert.match(message, says);
      });
    });
  }
}
