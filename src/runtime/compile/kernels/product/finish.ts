/** What is done with the elements of a product before others see them: a bias, and what is fused behind the kernel. */
import type { FunctionBuilder, Local } from "../../emit";
import type { Epilogue } from "../../kernel-contract";
import { lanesOf, sizeOf, widthOf, type Product } from "./product";
import { storeLanes } from "./tile-kernel";
import type { Finish } from "./write-product";

/** A number for each column, or one for all. */
export interface Bias {
  readonly address: Local;
  readonly perColumn: boolean;
}

export function finishWith(
  code: FunctionBuilder,
  { type, zRow }: Product,
  bias: Bias | undefined,
  epilogue: Epilogue | undefined,
): Finish | undefined {
  if (bias === undefined && epilogue === undefined) return undefined;
  const [lanes, size, width] = [lanesOf(type), sizeOf(type), widthOf(type)];
  return ({ row, column, rows, vectors, lastColumns, address }) => {
    const shifts = Array.from({ length: bias === undefined ? 0 : vectors }, (_, j) =>
      code.define("v128", () => {
        loadBias(code, type, bias!, column, j);
      }),
    );
    for (let down = 0; down < rows; down++) {
      for (let j = 0; j < vectors; j++) {
        const offset = down * zRow * size + 16 * j;
        const value = code.define("v128", () => {
          code.access("v128.load", offset, address);
          if (bias !== undefined) code.op(`${width}.add`, shifts[j]!);
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
        const count = j === vectors - 1 && lastColumns > 0 ? lastColumns : lanes;
        storeLanes(code, type, address, offset, value, count);
        code.release(value);
      }
    }
    code.release(...shifts);
  };
}

function loadBias(
  code: FunctionBuilder,
  type: Product["type"],
  bias: Bias,
  column: Local,
  vector: number,
): void {
  if (!bias.perColumn) {
    code.access(type === "f32" ? "v128.load32_splat" : "v128.load64_splat", 0, bias.address);
    return;
  }
  code.op("i32.mul", column, () => {
    code.i32(sizeOf(type));
  });
  code.op("i32.add", bias.address);
  code.access("v128.load", 16 * vector);
}
