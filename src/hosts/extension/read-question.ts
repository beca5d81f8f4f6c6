/** Judges the panel's questions, one row a kind. Knows no editor. */
import type { Question, QuestionKind, Questions } from "../../protocol";
import { readContributions, readDerive } from "./read-derive-questions";
import { readCompare, readFile, readOneTensor } from "./read-tensor-questions";
import { isCount, isFields, type Fields } from "./unknown-values";

/** What a kind's question holds beside its target; undefined where something is not as the protocol says. */
type Readers = {
  readonly [K in QuestionKind]: (fields: Fields) => Omit<Questions[K]["question"], "target"> | undefined;
};

const readers: Readers = {
  training: () => ({}),
  cause: readOneTensor,
  tensor: readOneTensor,
  check: ({ index }) => (isCount(index) ? { index } : undefined),
  compare: readCompare,
  differences: ({ run, root }) =>
    isCount(run) && (root === null || isCount(root)) ? { run, root } : undefined,
  contributions: readContributions,
  derive: readDerive,
  file: readFile,
  graph: ({ root, norms }) =>
    (root === null || isCount(root)) && typeof norms === "boolean" ? { root, norms } : undefined,
  step: ({ root, node, through }) =>
    (root === null || isCount(root)) && isCount(node) && Array.isArray(through) && through.every(isCount)
      ? { root, node, through }
      : undefined,
};

export function readQuestion(value: unknown): Question | undefined {
  if (!isFields(value)) return undefined;
  const { kind, target } = value;
  if (typeof target !== "string" || !isKind(kind)) return undefined;
  const rest = readers[kind](value);
  // The reader of this kind has read all that its question holds.
  return rest === undefined ? undefined : ({ kind, target, ...rest } as Question);
}

function isKind(value: unknown): value is QuestionKind {
  return typeof value === "string" && Object.hasOwn(readers, value);
}
