/** Names and paths of instances and of their parameters. */
import type { Scope } from "./scope";
import type { InstanceValue, LayerValue, TensorValue, Value } from "./value";

/** The name under which a scope holds a layer: `fc`, `l[2]`, `parts[0]`. */
export function layerName(scope: Scope, layer: LayerValue): string | undefined {
  for (const { name, value } of scope.bindings()) {
    const path = pathIn(name, value, layer);
    if (path !== undefined) return path;
  }
  return scope.parent === undefined ? undefined : layerName(scope.parent, layer);
}

function pathIn(path: string, value: Value, layer: LayerValue): string | undefined {
  if (value === layer) return path;
  const inner =
    value.kind === "family"
      ? [...value.members.values()]
      : value.kind === "list"
        ? value.items.map((item, index) => ({ key: String(index), value: item }))
        : [];
  for (const each of inner) {
    const found = pathIn(`${path}[${each.key}]`, each.value, layer);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Every parameter in force in an instance and below, by path. */
export function parametersOf(
  instance: InstanceValue,
): Map<string, { readonly value: TensorValue; readonly layer: LayerValue; readonly key: string }> {
  const found = new Map(instance.state.parameters);
  for (const child of instance.state.children) {
    const prefix = layerName(instance.scope, child.layer) ?? child.state.name ?? child.layer.name;
    for (const [path, parameter] of parametersOf(child)) {
      if (![...found.values()].some(({ value }) => value === parameter.value))
        found.set(`${prefix}.${path}`, parameter);
    }
  }
  return found;
}

/** The path of an instance in its run: `m`, `m.fc`, `m.out.layers[0]`. */
export function instancePath(instance: InstanceValue): string {
  const name =
    instance.state.name ??
    layerName(instance.state.parent?.scope ?? instance.scope, instance.layer) ??
    instance.layer.name;
  return instance.state.parent === undefined ? name : `${instancePath(instance.state.parent)}.${name}`;
}
