// Where things are in a window, by what a person reads there: lines, lenses, the panel's rows and tabs, commands. Whatever is
// done here is done as a person does it, who sees whether the window has heard, and otherwise does it again.
import type { Locator } from "playwright-core";
import type { Workbench } from "./workbench";

/** Settings for the inspector beside the spec, with nothing saved by itself. */
export const besideTheSpec = {
  "nnspec.openInspectorOnStart": true,
  "editor.minimap.enabled": false,
  "files.autoSave": "off",
} as const;

/** The line of the editor that holds a text. */
export function line({ page }: Workbench, text: string): Locator {
  return page.locator(".view-line", { hasText: text }).first();
}

/** A lens by its title; `over` is which of the file's declarations it stands over, from the top. */
export function lens({ page }: Workbench, title: RegExp, over?: number): Locator {
  const decorations = page.locator(".codelens-decoration");
  const row = over === undefined ? decorations : decorations.nth(over);
  return row.locator("a", { hasText: title }).first();
}

/** A node's row in the inspector's table of values. */
export function row({ panel }: Workbench, name: string): Locator {
  return panel.getByRole("row", { name: new RegExp(`^${name.replace(".", "\\.")}\\s`) });
}

export async function openTab({ panel }: Workbench, name: RegExp): Promise<void> {
  await panel.getByRole("tab", { name }).click();
  await panel.getByRole("tab", { name, selected: true }).waitFor();
}

/**
 * Does something until it has been heard: a key or a click that comes while the window is busy with itself may be lost, or
 * meet what has just moved away. To be used for what may be done twice.
 */
export async function until(seen: Locator, act: () => Promise<unknown>, patience = 6000): Promise<void> {
  for (const deadline = Date.now() + 50_000; ;) {
    await act();
    try {
      await seen.waitFor({ timeout: patience });
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/** Clicks on a lens until what it begins is seen: to click again begins it again, so that it is given its time. */
export async function clickLens(
  workbench: Workbench,
  title: RegExp,
  seen: Locator,
  over?: number,
): Promise<void> {
  await until(seen, () => lens(workbench, title, over).click(), 25_000);
}

/** Without the side bar there is room for the spec and the inspector. */
export async function hideSideBar({ page }: Workbench): Promise<void> {
  const sideBar = page.locator(".part.sidebar");
  await sideBar.waitFor();
  for (let tries = 0; tries < 5 && (await sideBar.isVisible()); tries++) {
    await page.keyboard.press("Control+b");
    await sideBar.waitFor({ state: "hidden", timeout: 4000 }).catch(() => undefined);
  }
  await sideBar.waitFor({ state: "hidden" });
}

/** Selects the text, which leaves the cursor at its end. */
export async function find(workbench: Workbench, text: string): Promise<void> {
  const { page } = workbench;
  const widget = page.locator(".editor-instance .find-widget.visible");
  const box = widget.locator(".find-part textarea, .find-part input").first();
  await until(box, async () => {
    await line(workbench, text).click();
    await page.keyboard.press("Control+f");
  });
  await box.fill(text);
  await widget.locator(".matchesCount", { hasText: /of [1-9]/ }).waitFor();
  await box.press("Enter");
  await widget.locator(".matchesCount", { hasText: /^[1-9]\d* of/ }).waitFor();
  await box.press("Escape");
  await widget.waitFor({ state: "hidden" });
  await page.locator(".editor-instance .monaco-editor.focused").first().waitFor();
}

/** Puts the cursor at the beginning of the line that has the text, until that shows in the panel. */
export async function cursorTo(workbench: Workbench, text: string, seen: Locator): Promise<void> {
  await until(seen, async () => {
    await line(workbench, text).click();
    await workbench.page.keyboard.press("Home");
  });
}

/** Opens what the editor tells of the place of the cursor. */
export async function hover({ page }: Workbench, told: string): Promise<Locator> {
  const shown = page.locator(".monaco-hover:visible", { hasText: told }).first();
  await until(shown, async () => {
    await page.keyboard.press("Control+k");
    await page.keyboard.press("Control+i");
  });
  return shown;
}

/** Takes back what was typed, until a line reads as it did and none as it was typed. */
export async function undo(workbench: Workbench, typed: string, before: string): Promise<void> {
  const { page } = workbench;
  const isBack = async (): Promise<boolean> =>
    (await line(workbench, typed).count()) === 0 && (await line(workbench, before).count()) > 0;
  for (let tries = 0; tries < 20 && !(await isBack()); tries++) {
    await page.keyboard.press("Control+z");
    await page.waitForTimeout(100);
  }
  await line(workbench, typed).waitFor({ state: "detached" });
  await line(workbench, before).waitFor();
}

/** Runs a command by its title in the palette. */
export async function command({ page }: Workbench, title: string): Promise<void> {
  const box = page.locator(".quick-input-widget:visible input").first();
  await until(box, () => page.keyboard.press("F1"));
  await box.fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().click();
}

/** Opens a file of the folder by its name. */
export async function openFile({ page }: Workbench, name: string): Promise<void> {
  const box = page.locator(".quick-input-widget:visible input").first();
  await until(box, () => page.keyboard.press("Control+p"));
  await box.fill(name);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().click();
}
