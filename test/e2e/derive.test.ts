// Deriving from any node in a real workbench: a pass with chosen numbers, its line for the spec, and a gradient's parts.
import assert from "node:assert/strict";
import { besideTheSpec, hideSideBar, line, openTab, row } from "./places";
import { suiteWorkbench } from "./workbench";

suite("end to end: deriving from a node", () => {
  const window = suiteWorkbench({ file: "weight-decay.nnspec", settings: besideTheSpec });

  suiteSetup(async () => {
    await hideSideBar(window());
    await row(window(), "m.o").click();
    await openTab(window(), /^Derive/);
  });

  test("a backward pass from a node in the middle reaches what comes before it, and nothing else", async () => {
    const { panel } = window();
    await panel.getByRole("combobox", { name: "Cotangent" }).selectOption("one element");
    await panel.getByRole("textbox", { name: "Element" }).fill("0, 1");
    await panel.getByRole("button", { name: "Backward", exact: true }).click();
    await panel.getByText("d_o = backward(m.o, [[0, 1], [0, 0]", { exact: false }).waitFor();
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
    await window().screenshot("derive");
  });

  test("a weight's gradient is the sum of the loss's part and the penalty's", async () => {
    const { panel } = window();
    await panel.getByRole("combobox", { name: "Node" }).selectOption("m.W2");
    await panel.getByRole("combobox", { name: "Direction" }).selectOption("forward from");
    await panel.getByRole("combobox", { name: "Tangent", exact: true }).selectOption("ones");
    await panel.getByRole("button", { name: "Forward", exact: true }).click();
    await panel.getByText("t_W2 = jvp(m.W2, ones([3, 2]))").waitFor();
    await panel.getByRole("combobox", { name: "Direction" }).selectOption("backward from");
    await panel.getByRole("combobox", { name: "Node" }).selectOption("m.J");
    await panel.getByRole("combobox", { name: "Cotangent" }).selectOption("ones");
    await panel.getByRole("button", { name: "Backward", exact: true }).click();
    await panel.getByText("d_J = backward(m.J)").waitFor();
    const name = panel.getByRole("textbox", { name: "Name", exact: true });
    await name.fill("all_of_it");
    await name.press("Enter");
    await panel.getByText("all_of_it = backward(m.J)").waitFor();
    await panel.getByRole("button", { name: "m.W2", exact: true }).click();
    await panel.locator("nnspec-derive li", { hasText: "m.o" }).waitFor();
    await panel.locator("nnspec-derive li", { hasText: "m.s" }).first().waitFor();
    await panel.getByRole("button", { name: "Take away" }).first().click();
    await panel.getByText(/^without /).waitFor();
    await window().screenshot("contributions");
  });

  test("a pass is written into the spec as a line", async () => {
    const { panel } = window();
    await panel.getByRole("button", { name: "Insert into the spec" }).click();
    await line(window(), "all_of_it = backward(m.J)").waitFor();
    await window().screenshot("derive-inserted");
  });

  test("numbers of the wrong shape are refused with both shapes", async () => {
    const { panel } = window();
    await panel.getByRole("combobox", { name: "Cotangent" }).selectOption("pasted numbers");
    await panel.getByRole("textbox", { name: /^Numbers of shape/ }).fill("[1, 2, 3]");
    await panel.getByRole("button", { name: "Backward", exact: true }).click();
    await panel.getByRole("alert").filter({ hasText: "the numbers have shape [3], not [3, 2]" }).waitFor();
  });
});
