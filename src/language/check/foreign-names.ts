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
]);

/** What needs no name here, and how it is written. */
export const foreignIdioms: ReadonlyMap<string, string> = new Map([
  ["range", "count by `for i in 0 to n - 1`, both ends included"],
  ["array", "numbers in brackets are a tensor already, as in `x = [1, 2, 3]`"],
  ["asarray", "numbers in brackets are a tensor already, as in `x = [1, 2, 3]`"],
  ["tensor", "numbers in brackets are a tensor already, as in `x = [1, 2, 3]`"],
  ["newaxis", "write `None`, as in `x[:, None]`"],
  ["self", "names of a net stand by themselves, as in `z = x @ W`"],
]);

const libraries = "np|numpy|jnp|jax|torch|nn|functional|F|tf|math|self";

/** The prefix of `np.sum` or `torch.nn.functional.relu` at the start of the text: operators have no prefix here. */
export function libraryPrefix(text: string): string | undefined {
  return new RegExp(`^(?:(?:${libraries})\\.)+(?=\\p{L})`, "u").exec(text)?.[0];
}
