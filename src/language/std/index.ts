/**
 * The standard library, written in .nnspec: the text that `import { … } from "std"` reads. One file for each group of layers; together
 * they are one namespace and one module. Knows nothing of how it is read.
 */
import attention from "./attention.nnspec";
import convolution from "./convolution.nnspec";
import dense from "./dense.nnspec";
import losses from "./losses.nnspec";
import normalization from "./normalization.nnspec";
import recurrent from "./recurrent.nnspec";

/** The whole library as the text of one module. */
export function standardLibrary(): string {
  return whole;
}

const whole = [dense, convolution, normalization, attention, recurrent, losses].join("\n");
