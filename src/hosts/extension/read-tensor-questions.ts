/** Judges the panel's questions about tensors. Knows no editor. */
import type { Questions, TensorRef } from "../../protocol";
import { isCount, isFields, type Fields } from "./unknown-values";

type Rest<K extends keyof Questions> = Omit<Questions[K]["question"], "target"> | undefined;

export function readCompare(fields: Fields): Rest<"compare"> {
  const tensor = readTensor(fields["tensor"]);
  const reference = readTensor(fields["with"]);
  const run = isFields(fields["with"]) ? fields["with"]["run"] : undefined;
  if (tensor === undefined || reference === undefined || !(run === null || isCount(run))) return undefined;
  return { tensor, with: { ...reference, run } };
}

/** The questions that are about one tensor. */
export function readOneTensor(fields: Fields): Rest<"cause" | "tensor"> {
  const tensor = readTensor(fields["tensor"]);
  return tensor && { tensor };
}

export function readFile({ tensor: given, from, to }: Fields): Rest<"file"> {
  const tensor = given === null ? null : readTensor(given);
  return tensor !== undefined && isCount(from) && isCount(to) && from <= to
    ? { tensor, from, to }
    : undefined;
}

export function readTensor(value: unknown): TensorRef | undefined {
  if (!isFields(value)) return undefined;
  const { node, of, root } = value;
  if (!isCount(node) || (of !== "value" && of !== "gradient") || !(root === null || isCount(root)))
    return undefined;
  return { node, of, root };
}
