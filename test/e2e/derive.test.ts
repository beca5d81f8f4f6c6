// Deriving from any node in a real workbench: a pass with chosen numbers, its line for the spec, and a gradient's parts.
import assert from "node:assert/strict";
import { openWorkbench, type Workbench } from "./workbench";

suite("end to end: deriving from a node", () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    workbench = await openWorkbench({
      file: "weight-decay.nnspec",
      settings: { "nnspec.openInspectorOnStart": true },
    });
    await workbench.page.keyboard.press("Control+b");
    const { panel } = workbench;
    await panel.getByRole("row", { name: /^m\.o\s/ }).click();
    await panel.getByRole("tab", { name: "Derive" }).click();
  });

  suiteTeardown(async () => {
    await workbench.close();
  });

  teardown(async function () {
    if (this.currentTest?.state === "failed") await workbench.screenshot("failure-derive");
  });

  test("a backward pass from a node in the middle reaches what comes before it, and nothing else", async () => {
    const { panel } = workbench;
    await panel.getByRole("combobox", { name: "Cotangent" }).selectOption("one element");
    await panel.getByRole("textbox", { name: "Element" }).fill("0, 1");
    await panel.getByRole("button", { name: "Backward", exact: true }).click();
    await panel.getByText("d = backward(m.o, [[0, 1], [0, 0]", { exact: false }).waitFor();
    const reached = await panel.locator("nnspec-derive tbody th").allTextContents();
    assert.deepEqual(reached.map((name) => name.trim()).sort(), [
      "X",
      "m.W1",
      "m.W2",
      "m.b1",
      "m.b2",
      "m.h",
      "m.o",
      "m.z",
    ]);
    await workbench.screenshot("derive");
  });

  test("a weight's gradient is the sum of the loss's part and the penalty's", async () => {
    const { panel } = workbench;
    await panel.getByRole("combobox", { name: "Node" }).selectOption("m.W2");
    await panel.getByRole("combobox", { name: "Direction" }).selectOption("forward from");
    await panel.getByRole("combobox", { name: "Tangent", exact: true }).selectOption("ones");
    await panel.getByRole("button", { name: "Forward", exact: true }).click();
    await panel.getByText("d = jvp(m.W2, ones([3, 2]))").waitFor();
    await panel.getByRole("combobox", { name: "Direction" }).selectOption("backward from");
    await panel.getByRole("combobox", { name: "Node" }).selectOption("m.J");
    await panel.getByRole("combobox", { name: "Cotangent" }).selectOption("ones");
    await panel.getByRole("button", { name: "Backward", exact: true }).click();
    await panel.getByText("d = backward(m.J)").waitFor();
    await panel.getByRole("button", { name: "m.W2", exact: true }).click();
    await panel.locator("nnspec-derive li", { hasText: "m.o" }).waitFor();
    await panel.locator("nnspec-derive li", { hasText: "m.s" }).first().waitFor();
    await panel.getByRole("button", { name: "Take away" }).first().click();
    await panel.getByText(/^without /).waitFor();
    await workbench.screenshot("contributions");
  });

  test("a pass is written into the spec as a line", async () => {
    const { page, panel } = workbench;
    await panel.getByRole("button", { name: "Insert into the spec" }).click();
    await page.locator(".view-line", { hasText: "d = backward(m.J)" }).waitFor();
    await workbench.screenshot("derive-inserted");
  });

  test("numbers of the wrong shape are refused with both shapes", async () => {
    const { panel } = workbench;
    await panel.getByRole("combobox", { name: "Cotangent" }).selectOption("pasted numbers");
    await panel.getByRole("textbox", { name: /^Numbers of shape/ }).fill("[1, 2, 3]");
    await panel.getByRole("button", { name: "Backward", exact: true }).click();
    await panel.getByRole("alert").filter({ hasText: "the numbers have shape [3], not [3, 2]" }).waitFor();
  });
});
