/** What the panel offers about a failure: its fix, and a minimal reproduction; both are asked of the editor. */
import assert from "node:assert/strict";
import { heard, inspectorSuite, openTab, posted, violations } from "./inspector-driver";

inspectorSuite("repairs in the inspector", (open) => {
  test("a failed check's fix is a button that says what it does and sends the very edits", async () => {
    const page = await open("scene=failed", { width: 900, height: 900 });
    await openTab(page, "Checks");
    await page.getByRole("button", { name: "Fix: Write x.T @ u for u.T @ x" }).click();
    const last = (await posted(page)).at(-1);
    assert.ok(last?.type === "apply-fix");
    assert.equal(last.fix.title, "Write `x.T @ u` for `u.T @ x`");
    assert.deepEqual(
      last.fix.edits.map(({ newText }) => newText),
      ["x.T @ u"],
    );
    await heard(page, /Applying the fix/);
  });

  test("a blamed rule has its fix, and a failed gradcheck its reproduction, by keyboard too", async () => {
    const page = await open("scene=failed", { width: 420, height: 900 });
    await openTab(page, "Gradcheck");
    await page.getByRole("button", { name: /^Fix:/ }).first().focus();
    await page.keyboard.press("Enter");
    assert.equal((await posted(page)).at(-1)?.type, "apply-fix");
    await page.getByRole("button", { name: "Copy minimal reproduction" }).first().focus();
    await page.keyboard.press("Space");
    const last = (await posted(page)).at(-1);
    assert.ok(last?.type === "reproduce");
    assert.deepEqual(last.of, { kind: "gradcheck", name: "broken", index: last.of.index });
    await heard(page, /Looking for a minimal reproduction/);
    assert.deepEqual(await violations(page), []);
  });

  test("the reproduction that is asked for is of the check beside its button, and what passes has none", async () => {
    const page = await open("scene=failed", { width: 900, height: 900 });
    await openTab(page, "Checks");
    assert.equal(await page.getByRole("button", { name: "Copy minimal reproduction" }).count(), 1);
    await page.getByRole("button", { name: "Copy minimal reproduction" }).click();
    assert.deepEqual((await posted(page)).at(-1), {
      type: "reproduce",
      of: { kind: "check", name: "broken", index: 2 },
    });
    const passed = await open("scene=passed", { width: 900, height: 900 });
    for (const tab of ["Checks", "Gradcheck"]) {
      await openTab(passed, tab);
      assert.equal(await passed.locator(".repair").count(), 0);
    }
  });
});
