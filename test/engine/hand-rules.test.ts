/** Hand rules in whole specs: where they are used, where they are not, and what they may rely on. Expected values are closed forms. */
import assert from "node:assert/strict";
import { runText, troubles } from "./run-text";

async function holds(text: string): Promise<void> {
  assert.deepEqual(troubles(await runText(text)), []);
}

suite("hand rules in specs", () => {
  test("one node given to two inputs has a flow through each", () =>
    holds(`op mul(x: [n], y: [n]) -> [n] {
  return x * y
  vjp x(u) = u * y
}
run r {
  a = [1, 2, 3]
  d = backward(mul(a, a), ones([3]))
  check d.a == 2 * a
}
`));
  test("a rule is used wherever the op is applied, and not with rules = false", () =>
    holds(`op wrong(x: [n]) -> [n] {
  return 2 * x
  vjp x(u) = 7 * u
}
run r {
  a = [1, 2]
  y = wrong(wrong(a))
  check backward(y, ones([2])).a == 49
  check backward(y, ones([2]), rules = false).a == 4
  check jvp(a, ones([2])).y == 4
  check finite_differences(y, ones([2])).a ~= 4 * ones([2]) within 1e-6
}
`));
  test("a net's rule replaces autodiff for the returned value only", () =>
    holds(`net N(x: [n]) -> [] {
  param w: [n] = ones()
  z = w * x
  loss = sum(z)
  return loss
  vjp w(u) = 10 * u * x
}
run r {
  x = [1, 2]
  m = N(x)
  check backward(m.loss).w == 10 * x
  check backward(m).w == 10 * x
  check backward(m.z, ones([2])).w == x
  both = m.loss + sum(m.z)
  check backward(both).w == 11 * x
  check backward(m.loss).z == 1
}
`));
  test("an op that returns its input, or another op's result, keeps its own rule", () =>
    holds(`op inner(x: [n]) -> [n] {
  return x + 0
  vjp x(u) = 2 * u
}
op outer2(x: [n]) -> [n] {
  return inner(x)
  vjp x(u) = 5 * u
}
op same(x: [n]) -> [n] {
  return x
  vjp x(u) = 3 * u
}
run r {
  a = [1, 2]
  check backward(outer2(a), ones([2])).a == 5
  check backward(inner(a), ones([2])).a == 2
  check backward(same(a), ones([2])).a == 3
}
`));
  test("rules see names that stand after them, and can be differentiated again", () =>
    holds(`op cube(x: [n]) -> [n] {
  vjp x(u) = u * slope
  slope = 3 * x^2
  return x^3
}
run r {
  a = [1, 2]
  d = backward(cube(a), ones([2]))
  check d.a == 3 * a^2
  check backward(sum(d.a)).a == 6 * a
}
`));
});
