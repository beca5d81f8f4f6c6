/** The kernels of embedding, its tangent and its adjoint: rows of a table by their indices. Knows nothing of graphs. */
import { elementCount } from "../../../tensor";
import { forRange } from "../../emit";
import type { Kernel, KernelContext } from "../../kernel-contract";
import { numberType, operandOf, typeOf } from "../operands";
import { sizeOf } from "../product/product";
import { pushAddress } from "../product/write-product";
import { rowFunction } from "../row-function";
import { readIndex } from "./index-value";

interface Lookup {
  readonly op: string;
  /** The tensor of rows: a table that is read, or rows that are added up in a table. */
  readonly rows: "weight" | "y";
  /** Whether the padding index counts as none. */
  readonly skipsPadding: boolean;
}

const lookups: readonly Lookup[] = [
  { op: "embedding", rows: "weight", skipsPadding: false },
  { op: "_embedding_tangent", rows: "weight", skipsPadding: true },
  { op: "_embedding_gradient", rows: "y", skipsPadding: true },
];

export const embeddings: readonly Kernel[] = lookups.map((lookup) => ({
  op: lookup.op,
  mayFail: true,
  takes: (node) =>
    numberType(typeOf(node, lookup.rows), node.output) !== undefined && typeOf(node, "index").dtype === "int",
  emit(context) {
    emitLookup(context, lookup);
  },
}));

function emitLookup(context: KernelContext, { rows: name, skipsPadding }: Lookup): void {
  const { code, module, result, attributes } = context;
  const [index, rows] = [operandOf(context, "index"), operandOf(context, name)];
  const type = numberType(rows, result)!;
  const width = rows.shape.at(-1)!;
  const table = name === "weight" ? rows : result;
  const height = table.shape[0]!;
  const padding = attributes.padding_idx;
  const skipped = skipsPadding && typeof padding === "number" ? (padding + height) % height : undefined;
  const bytes = width * sizeOf(type);
  if (skipsPadding) {
    code.fill(result.address, number(0), number(elementCount(result.shape) * sizeOf(type)));
  }
  const work = { type, count: width, step: 1, does: name === "weight" ? "copy" : "add" } as const;
  forRange(code, 0, elementCount(index.shape), 1, (position) => {
    const row = readIndex(context, index.address, position, height);
    const move = (): void => {
      const [inTable, own] =
        name === "weight" ? [rows.address, result.address] : [result.address, rows.address];
      code.call(
        rowFunction(module, work),
        () => {
          pushAddress(code, inTable, [[row, bytes]]);
        },
        () => {
          pushAddress(code, own, [[position, bytes]]);
        },
      );
    };
    if (skipped === undefined) move();
    else {
      code.op("i32.ne", row, number(skipped));
      code.if(move);
    }
    code.release(row);
  });

  function number(value: number): () => void {
    return () => {
      code.i32(value);
    };
  }
}
