// Where things are in a window, by what a person reads there: lines, lenses, the panel's rows and tabs, commands.
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

/** Selects the text, which leaves the cursor at its end. */
export async function find(workbench: Workbench, text: string): Promise<void> {
  const { page } = workbench;
  await line(workbench, text).click();
  await page.keyboard.press("Control+f");
  await page.keyboard.insertText(text);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
}

/** Runs a command by its title in the palette. */
export async function command({ page }: Workbench, title: string): Promise<void> {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget:visible input").first().waitFor();
  await page.keyboard.insertText(title);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().click();
}
