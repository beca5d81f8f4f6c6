/** Tensors as files, part by part: one as npy, every named value as npz. */
import type { FilePart, Question } from "../../protocol";
import type { Tensor } from "../../runtime/tensor";
import { npyFile } from "../export/npy-file";
import { npzFile } from "../export/npz-file";
import { readSegments, totalLength, type Segment } from "../export/segments";
import type { Target } from "../target";

/** More than this never travels in one part. */
const mostBytes = 1 << 26;

/** The layout of the file that is being read, so that checksums are made once. */
const layouts = new WeakMap<Target, { readonly key: string; readonly segments: readonly Segment[] }>();

/** Undefined where the tensor has no value, or all of them are too many for one npz. */
export function answerFile(target: Target, { tensor, from, to }: Question<"file">): FilePart | undefined {
  const key = tensor === null ? "" : [tensor.node, tensor.of, tensor.root].join(" ");
  const known = layouts.get(target);
  const segments = known?.key === key ? known.segments : layOut(target, tensor);
  if (segments === undefined) return undefined;
  const total = totalLength(segments);
  // The last part was read: its layout need not be kept.
  if (to >= total) layouts.delete(target);
  else layouts.set(target, { key, segments });
  return { total, bytes: readSegments(segments, from, Math.min(to, from + mostBytes)) };
}

function layOut(target: Target, tensor: Question<"file">["tensor"]): readonly Segment[] | undefined {
  if (tensor === null) return npzFile(namedValues(target));
  const value = target.tensor(tensor);
  return value && npyFile(value);
}

/** By path; where a loop makes several of one name, with the turn: names in a zip are unique. */
function namedValues(target: Target): ReadonlyMap<string, Tensor> {
  const found = new Map<string, Tensor>();
  const names = target.rows.map((row) => target.nameOf(row));
  const repeated = new Set(names.filter((name, at) => names.indexOf(name) !== at));
  for (const row of target.rows) {
    const value = target.evaluate(row.node);
    if (typeof value === "string") continue;
    const name = target.nameOf(row);
    const turn = Object.entries(row.named.turn).map(([index, at]) => `${index}=${String(at)}`);
    found.set(repeated.has(name) ? [name, ...turn].join(" ") : name, value);
  }
  return found;
}
