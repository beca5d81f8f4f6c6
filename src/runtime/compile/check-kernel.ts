/** A condition on values that an operator makes: what is false is a fault of the run. Knows no operator. */
import type { Kernel } from "./kernel-contract";

/** Gives its operand, which is true, on. */
export const checkKernel: Kernel = {
  op: "check",
  mayFail: true,
  emit(context) {
    const { code, operands, result } = context;
    const { condition } = operands;
    if (condition === undefined || !("address" in condition)) throw new Error("a check of nothing");
    code.access("i32.load8_u", 0, condition.address);
    code.op("i32.eqz");
    code.if(() => {
      context.fail();
    });
    code.get(result.address);
    code.i32(1);
    code.access("i32.store8", 0);
  },
};
