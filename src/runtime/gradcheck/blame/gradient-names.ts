/** What names say: which value a name like `dz[2]` is the gradient at, and what family it is of. Knows no values. */

/** `delta` of `m.delta[3]` with its owner: `m.delta`. */
export function familyOf(name: string): string {
  const at = name.indexOf("[");
  return at < 0 ? name.replace(/\d+$/u, "") : name.slice(0, at);
}

/** `dz` of `m.dz[2]`. */
export function wordOf(name: string): string {
  const family = name.replace(/\[.*$/u, "");
  return family.slice(family.lastIndexOf(".") + 1);
}

/** What a name like dz[2], δ_z[2], grad_z[2], dJ_dz[2] or z_bar is the gradient at; m.dz[2] is that at m.z[2]. */
export function gradientNames(path: string): string[] {
  const at = path.lastIndexOf(".") + 1;
  const [owner, name] = [path.slice(0, at), path.slice(at)];
  const prefixed = prefix.exec(name)?.[1];
  const suffixed = /^(.*?)_?(?:bar|grad|delta|adj)((?:\d*|\[.*\]))$/u.exec(name);
  const names = [
    /^(?:d|∂)_?(?:J|L|E|C|loss|cost|Loss)_?(?:d|∂)_?(.+)$/u.exec(name)?.[1],
    prefixed,
    /^(?:d|∂)_?(.+)$/u.exec(name)?.[1],
    suffixed === null ? undefined : `${suffixed[1]!}${suffixed[2]!}`,
  ];
  return [...new Set(names)].flatMap((each) =>
    each === undefined || !/^[\p{L}_]/u.test(each) ? [] : [`${owner}${each}`],
  );
}

const prefix = /^(?:delta|Delta|grad|nabla|error|err|adj|δ|Δ|∇|g)_?(.+)$/u;
