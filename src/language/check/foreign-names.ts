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

/** What needs no name here, and how it is written. */
export const foreignIdioms: ReadonlyMap<string, string> = new Map([
  ["range", "count by `for i in 0 to n - 1`, both ends included"],
  ["array", "numbers in brackets are a tensor already, as in `x = [1, 2, 3]`"],
  ["asarray", "numbers in brackets are a tensor already, as in `x = [1, 2, 3]`"],
  ["tensor", "numbers in brackets are a tensor already, as in `x = [1, 2, 3]`"],
  ["newaxis", "write `None`, as in `x[:, None]`"],
  ["self", "names of a net stand by themselves, as in `z = x @ W`"],
  ["T", "the transpose of `x` is written `x.T`"],
  ["allclose", "write `a ~= b`, or `a ~= b within 1e-6`, in a check"],
  ["assert_allclose", "write `check a ~= b`, or `check a ~= b within 1e-6`"],
  ["array_equal", "write `a == b` in a check"],
  ["e", "Euler's number is `exp(1)`"],
  ["enumerate", "count by `for i in 0 to n - 1`, both ends included"],
  ["zip", "count by `for i in 0 to n - 1`, both ends included"],
  ["grad", "a pass is named, `d = backward(loss)`, and read by `d.x`"],
  ["autograd", "a pass is named, `d = backward(loss)`, and read by `d.x`"],
  ["float32", "a run says `dtype float32` before its first value"],
  ["float64", "numbers are float64 unless the run says `dtype float32`"],
  ["vstack", "write `cat([a, b], dim = 0)`"],
  ["hstack", "write `cat([a, b], dim = 1)`"],
  ["no_grad", "write `stop_gradient(x)`"],
  ["Parameter", "write `param W: [3, 4] = randn()` in the net"],
  ["Sequential", "layers in a row are `chain([Linear(3, 4), relu])`"],
  ["super", "a net needs no constructor"],
]);

/** What is written for a member or method that another library's tensors have; `$` is the tensor. */
const foreignMembers: ReadonlyMap<string, string> = new Map([
  ...["shape", "size"].map((name): [string, string] => [name, `${name}($)`]),
  ["numel", "size($)"],
  ...["ndim", "dim"].map((name): [string, string] => [name, "len(shape($))"]),
  ...["t", "mT", "transpose"].map((name): [string, string] => [name, "$.T"]),
  ...["dot", "matmul", "mm", "bmm", "mv"].map((name): [string, string] => [name, "$ @ …"]),
  ["view", "reshape($, […])"],
  ["reshape", "reshape($, […])"],
  ["ravel", "flatten($)"],
  ["detach", "stop_gradient($)"],
  ...["int", "long", "astype", "type"].map((name): [string, string] => [name, "int($)"]),
  ...["float", "double"].map((name): [string, string] => [name, "float($)"]),
  ...["item", "numpy", "clone", "copy", "contiguous", "cpu", "cuda", "to", "data", "tolist"].map(
    (name): [string, string] => [name, "$"],
  ),
  ["requires_grad_", "$"],
  ["backward", "backward($)"],
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
