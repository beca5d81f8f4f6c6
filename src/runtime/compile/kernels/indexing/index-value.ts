/** Whole numbers that kernels read as indices: checked, as i32. Knows no operators. */
import type { Local } from "../../emit";
import type { KernelContext } from "../../kernel-contract";
import { pushAddress } from "../product/write-product";

/** Reads element `position` of the tensor of whole numbers at `address`; the kernel fails where it is not one of 0 … size − 1. */
export function readIndex(context: KernelContext, address: Local, position: Local, size: number): Local {
  const { code } = context;
  const value = code.define("f64", () => {
    pushAddress(code, address, [[position, 8]]);
    code.access("f64.load", 0);
  });
  code.op("f64.ge", value, () => {
    code.f64(0);
  });
  code.op("f64.lt", value, () => {
    code.f64(size);
  });
  code.op("i32.and");
  code.op("i32.eqz");
  code.if(() => {
    context.fail();
  });
  const index = code.define("i32", () => {
    code.op("i32.trunc_f64_s", value);
  });
  code.release(value);
  return index;
}
