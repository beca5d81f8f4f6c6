/** What is done with the elements of a product before others see them: a bias, and what is fused behind the kernel. */
import type { Shape } from "../../../tensor";
import type { FunctionBuilder, Local } from "../../emit";
import type { Epilogue } from "../../kernel-contract";
import { lanesOf, sizeOf, widthOf, withoutColumn, type Product } from "./product";
import { storeLanes } from "./tile-kernel";
import type { Finish } from "./write-product";

/** A number for each column or row, or one for all. */
export interface Bias {
  readonly address: Local;
  readonly along: "columns" | "rows" | "all";
}

export function finishWith(
  code: FunctionBuilder,
  product: Product,
  shift: Bias | undefined,
  epilogue: Epilogue | undefined,
): Finish | undefined {
  if (shift === undefined && epilogue === undefined) return undefined;
  const { type, zRow } = product;
  const bias = shift === undefined || withoutColumn(product) === product ? shift : turned(shift);
  const [lanes, size, width] = [lanesOf(type), sizeOf(type), widthOf(type)];
  return ({ row, column, rows, vectors, lastColumns, address, from, fromRow }) => {
    // Across the tile, or down its rows.
    const count =
      bias === undefined ? 0 : bias.along === "columns" ? vectors : bias.along === "rows" ? rows : 1;
    const shifts = Array.from({ length: count }, (_, i) =>
      code.define("v128", () => {
        loadBias(code, type, bias!, { row, column }, i);
      }),
    );
    const shiftAt = (down: number, across: number): Local =>
      bias!.along === "columns" ? shifts[across]! : bias!.along === "rows" ? shifts[down]! : shifts[0]!;
    for (let down = 0; down < rows; down++) {
      for (let j = 0; j < vectors; j++) {
        const offset = down * zRow * size + 16 * j;
        const value = code.define("v128", () => {
          code.access("v128.load", down * fromRow + 16 * j, from);
          if (bias !== undefined) code.op(`${width}.add`, shiftAt(down, j));
        });
        if (epilogue !== undefined) {
          const own = code.define("i32", () => {
            code.op("i32.add", row, () => {
              code.i32(down);
            });
          });
          epilogue.emit(code, value, { row: own, column, offset: j * lanes }, "vector");
          code.release(own);
        }
        const stored = j === vectors - 1 && lastColumns > 0 ? lastColumns : lanes;
        storeLanes(code, type, address, offset, value, stored);
        code.release(value);
      }
    }
    code.release(...shifts);
  };
}

/**
 * Whether the product's columns are the last dimension of the result, whatever way it is computed: a single column is computed
 * as a row.
 */
export function hasColumns({ n }: Product, shape: Shape): boolean {
  return n !== 1 || shape.length < 2;
}

/** Along the row that a column is computed as. */
function turned({ address, along }: Bias): Bias {
  return { address, along: along === "rows" ? "columns" : along === "columns" ? "rows" : "all" };
}

function loadBias(
  code: FunctionBuilder,
  type: Product["type"],
  { address, along }: Bias,
  at: { readonly row: Local; readonly column: Local },
  position: number,
): void {
  const size = sizeOf(type);
  if (along === "all") code.push(address);
  else {
    code.op("i32.mul", along === "rows" ? at.row : at.column, () => {
      code.i32(size);
    });
    code.op("i32.add", address);
  }
  if (along === "columns") code.access("v128.load", 16 * position);
  else code.access(type === "f32" ? "v128.load32_splat" : "v128.load64_splat", size * position);
}
