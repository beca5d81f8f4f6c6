/** Vector maths: transcendental functions of the lanes of a vector. */
import type { VectorMathsOf } from "../maths-contract";

export const vectorMathsOf: VectorMathsOf = () => undefined;
