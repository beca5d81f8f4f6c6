/** Names and paths of instances and of their parameters. */
import type { Scope } from "./scope";
import type { InstanceValue, LayerValue, TensorValue } from "./value";

/** The name under which a scope holds a layer. */
export function layerName(scope: Scope, layer: LayerValue): string | undefined {
  for (const { name, value } of scope.bindings()) {
    if (value === layer) return name;
    if (value.kind === "family")
      for (const member of value.members.values())
        if (member.value === layer) return `${name}[${member.key}]`;
    if (value.kind === "list") {
      const index = value.items.indexOf(layer);
      if (index !== -1) return `${name}[${String(index)}]`;
    }
  }
  return scope.parent === undefined ? undefined : layerName(scope.parent, layer);
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
