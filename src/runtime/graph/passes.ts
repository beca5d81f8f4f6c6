/** What backward and jvp passes give: for every node its cotangent or tangent, as nodes of the same graph. */
import type { Node } from "./node";

/** One path's share of a gradient. */
export interface Contribution {
  /** The node through which it came: a consumer, an application's result (by hand rule), or undefined for the seed. */
  readonly through: Node | undefined;
  /** The hand rule that made it, as in "vjp W", or undefined. */
  readonly rule: string | undefined;
  readonly value: Node;
}

export interface BackwardPass {
  readonly root: Node;
  readonly cotangent: Node;
  /** The gradient of the root at `node`; undefined is a structural zero; "pending" where a hole stands in its way. */
  gradient(node: Node): Node | "pending" | undefined;
  /** The exact summands of `gradient(node)`, in the order in which they arrive. */
  contributions(node: Node): readonly Contribution[];
}

export interface JvpPass {
  readonly moved: Node;
  readonly tangent: Node;
  /** How `node` moves; undefined is a structural zero. */
  tangentOf(node: Node): Node | "pending" | undefined;
}

export interface PassOptions {
  /** Whether hand-written rules are used (default) or everything is derived from the bodies. */
  readonly rules: "hand" | "derived";
}
