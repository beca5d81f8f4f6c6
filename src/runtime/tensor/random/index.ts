/** The random streams of PyTorch and NumPy, and the initialisers drawn from them. */
export type { Generator } from "./generator";
export { torchGenerator } from "./torch-generator";
export { numpyGenerator, type ChoiceOptions, type NumpyGenerator } from "./numpy-generator";
export {
  fans,
  initializers,
  type Initializer,
  type InitializerName,
  type InitializerOptions,
  type Nonlinearity,
} from "./initializers";
