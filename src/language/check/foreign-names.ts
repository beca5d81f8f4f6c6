/** What NumPy and other libraries call what PyTorch, and so this language, calls otherwise. Owns the words alone. */

/** By the other library's name. */
export const foreignNames: ReadonlyMap<string, string> = new Map([
  ["axis", "dim"],
  ["axes", "dim"],
  ["dims", "dim"],
  ["keepdims", "keepdim"],
  ["ddof", "correction"],
  ["absolute", "abs"],
  ["add_n", "add"],
  ["arccos", "acos"],
  ["arcsin", "asin"],
  ["arctan", "atan"],
  ["arctan2", "atan2"],
  ["clip", "clamp"],
  ["concat", "cat"],
  ["concatenate", "cat"],
  ["divide", "div"],
  ["expand_dims", "unsqueeze"],
  ["fill", "full"],
  ["inv", "inverse"],
  ["ln", "log"],
  ["logistic", "sigmoid"],
  ["multiply", "mul"],
  ["negative", "neg"],
  ["power", "pow"],
  ["product", "prod"],
  ["reduce_max", "amax"],
  ["reduce_mean", "mean"],
  ["reduce_min", "amin"],
  ["reduce_sum", "sum"],
  ["subtract", "sub"],
  ["swish", "silu"],
  ["tile", "repeat"],
  ["true_divide", "div"],
  ["σ", "sigmoid"],
]);

/** Names apart by blanks, each with the same text. */
function byEach(entries: readonly (readonly [names: string, text: string])[]): ReadonlyMap<string, string> {
  return new Map(entries.flatMap(([names, text]) => names.split(" ").map((name) => [name, text])));
}

/** What needs no name here, and how it is written. */
export const foreignIdioms: ReadonlyMap<string, string> = byEach([
  ["range enumerate zip", "count by `for i in 0 to n - 1`, both ends included"],
  ["array asarray tensor", "numbers in brackets are a tensor already, as in `x = [1, 2, 3]`"],
  ["newaxis", "write `None`, as in `x[:, None]`"],
  ["self", "names of a net stand by themselves, as in `z = x @ W`"],
  ["T", "the transpose of `x` is `x.T`"],
  ["allclose assert_allclose", "write `a ~= b`, or `a ~= b within 1e-6`, in a check"],
  ["array_equal", "write `a == b` in a check"],
  ["e", "Euler's number is `exp(1)`"],
  ["grad autograd", "a pass is named, `d = backward(loss)`, and read by `d.x`"],
  ["float32 float64", "a run says `dtype float32` before its first value"],
  ["vstack", "write `cat([a, b], dim = 0)`"],
  ["hstack", "write `cat([a, b], dim = 1)`"],
  ["no_grad", "write `stop_gradient(x)`"],
  ["Parameter", "write `param W: [3, 4] = randn()` in the net"],
  ["Sequential", "layers in a row are `chain([Linear(3, 4), relu])`"],
]);

/** What is written for a member or method that another library's tensors have; `$` is the tensor. */
const foreignMembers = byEach([
  ["numel", "size($)"],
  ["ndim dim", "len(shape($))"],
  ["t mT transpose", "$.T"],
  ["dot matmul mm bmm mv", "$ @ …"],
  ["view reshape", "reshape($, […])"],
  ["ravel", "flatten($)"],
  ["detach", "stop_gradient($)"],
  ["long astype type", "int($)"],
  ["double", "float($)"],
  ["item numpy clone copy contiguous cpu cuda to data tolist requires_grad_", "$"],
]);

/** How `$.name` of another library is written here, with `$` for the tensor. */
export function foreignMember(name: string): string | undefined {
  return foreignMembers.get(name);
}

const libraries =
  "np|numpy|jnp|jax|torch|nn|functional|F|tf|math|self|optim|random|linalg|init|special|autograd";

/** The prefix of `np.sum` or `torch.nn.functional.relu` at the start of the text: operators have no prefix here. */
export function libraryPrefix(text: string): string | undefined {
  return new RegExp(`^(?:(?:${libraries})\\.)+(?=\\p{L})`, "u").exec(text)?.[0];
}
