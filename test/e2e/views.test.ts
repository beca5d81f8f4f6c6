// Every view of the inspector in the real editor, in three themes: opened by mouse and by
// keyboard, free of accessibility violations, and looking as its committed picture (see view-pictures.ts) does.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import axe from "axe-core";
import { besideTheSpec, hideSideBar, openTab, row } from "./places";
import { updatingPictures, viewDifference, writeInOwnFonts } from "./view-pictures";
import { suiteWorkbench, type Workbench } from "./workbench";

interface Theme {
  readonly name: string;
  readonly title: string;
  readonly kind: string;
  /** What opens the views. */
  readonly by: "mouse" | "keyboard";
}

const themes: readonly Theme[] = [
  { name: "dark", title: "Default Dark Modern", kind: "vscode-dark", by: "mouse" },
  { name: "light", title: "Default Light Modern", kind: "vscode-light", by: "keyboard" },
  { name: "high-contrast", title: "Default High Contrast", kind: "vscode-high-contrast", by: "keyboard" },
];

interface View {
  readonly name: string;
  readonly tab: RegExp;
  /** Makes of the open tab what is to be seen, and waits for it. */
  readonly show: (workbench: Workbench, by: Theme["by"]) => Promise<void>;
}

const hide = (element: HTMLElement | SVGElement): void => {
  element.style.display = "none";
};

const views: readonly View[] = [
  {
    name: "values",
    tab: /^Values/,
    show: async (workbench, by) => {
      await chooseRow(workbench, "m.W1", by);
      await workbench.panel.locator('tr[aria-selected="true"]', { hasText: "m.W1" }).waitFor();
      await workbench.panel.locator("nnspec-heat-map canvas").first().waitFor();
    },
  },
  {
    name: "tensor",
    tab: /^Tensor/,
    show: async ({ panel }) => {
      await panel.locator("nnspec-heat-map[data-side=gradient] canvas").waitFor();
    },
  },
  {
    name: "graph",
    tab: /^Graph/,
    show: async ({ panel }) => {
      await panel.getByRole("tree", { name: /^Graph of all_views/ }).waitFor();
    },
  },
  {
    name: "replay",
    tab: /^Graph/,
    show: async ({ panel, page }) => {
      await panel.getByRole("button", { name: "Replay backward" }).press("Enter");
      await panel.getByRole("region", { name: "Steps of the backward pass" }).waitFor();
      await page.keyboard.press("End");
      await panel.locator("nnspec-equation .katex").first().waitFor();
    },
  },
  {
    name: "derive",
    tab: /^Derive/,
    show: async ({ panel, page }) => {
      if (await panel.getByRole("region", { name: "Steps of the backward pass" }).isVisible())
        await page.keyboard.press("Escape");
      const reached = panel.locator("nnspec-derive tbody th", { hasText: "m.b1" });
      await panel.getByRole("combobox", { name: "Node" }).selectOption("m.h");
      await panel.getByRole("combobox", { name: "Cotangent" }).selectOption("ones");
      // The pass that was begun in the theme before is kept.
      if (!(await reached.isVisible()))
        await panel.getByRole("button", { name: "Backward", exact: true }).press("Enter");
      await reached.waitFor();
    },
  },
  {
    name: "checks",
    tab: /^Checks/,
    show: async ({ panel }) => {
      await panel.getByText("the sum of z", { exact: true }).waitFor();
    },
  },
  {
    name: "gradcheck",
    tab: /^Gradcheck/,
    show: async ({ panel }) => {
      await panel
        .getByText(/should be/)
        .first()
        .waitFor();
    },
  },
  {
    name: "training",
    tab: /^Training/,
    show: async ({ panel }) => {
      await panel.locator("nnspec-curve-chart .u-over").nth(1).waitFor();
      // How many steps a machine makes in a second is its own, and so is how often it has measured a norm.
      for (const own of [/steps\/s/, /examples\/s/])
        await panel.locator("nnspec-training .figures > div", { hasText: own }).evaluate(hide);
      await panel.locator("nnspec-curve-chart").nth(1).evaluate(hide);
    },
  },
];

interface Fault {
  readonly fault: string;
  readonly selector: string;
  /** Spoils the element and gives what mends it. Runs in the page. */
  readonly spoil: (element: HTMLElement | SVGElement) => () => void;
}

/** Mistakes that a view could have. */
const faults: readonly Fault[] = [
  {
    fault: "a swapped axis",
    selector: "nnspec-heat-map[data-side=value] canvas",
    spoil: (element) => {
      const canvas = element as unknown as HTMLCanvasElement; // The selector is one of a canvas.
      const { width, height } = canvas;
      const copy = new OffscreenCanvas(width, height);
      copy.getContext("2d")!.drawImage(canvas, 0, 0);
      const context = canvas.getContext("2d")!;
      context.setTransform(0, height / width, width / height, 0, 0, 0);
      context.drawImage(copy, 0, 0);
      return () => {
        context.resetTransform();
        context.clearRect(0, 0, width, height);
        context.drawImage(copy, 0, 0);
      };
    },
  },
  {
    fault: "another scale of colours",
    selector: "nnspec-heat-map[data-side=gradient] canvas",
    spoil: (element) => {
      element.style.filter = "hue-rotate(60deg)";
      return () => element.style.removeProperty("filter");
    },
  },
  {
    fault: "a colour of text that is not the theme's",
    selector: "nnspec-inspector",
    spoil: (element) => {
      element.style.setProperty("--vscode-foreground", "#c08040");
      return () => element.style.removeProperty("--vscode-foreground");
    },
  },
  {
    fault: "a missing pane",
    selector: "nnspec-tensor-pane[data-pane=gradient]",
    spoil: (element) => {
      element.style.visibility = "hidden";
      return () => element.style.removeProperty("visibility");
    },
  },
  {
    fault: "a row that has slipped",
    selector: "nnspec-inspector header",
    spoil: (element) => {
      element.style.paddingBottom = "12px";
      return () => element.style.removeProperty("padding-bottom");
    },
  },
];

async function openView(workbench: Workbench, { tab }: View, by: "mouse" | "keyboard"): Promise<void> {
  const { panel, page } = workbench;
  if (by === "mouse") return openTab(workbench, tab);
  await panel.getByRole("tab", { selected: true }).focus();
  await page.keyboard.press("Home");
  const wanted = panel.getByRole("tab", { name: tab, selected: true });
  for (let i = 0; i < 8 && (await wanted.count()) === 0; i++) {
    const before = await panel.getByRole("tab", { selected: true }).innerText();
    await page.keyboard.press("ArrowRight");
    await panel.getByRole("tab", { selected: true }).filter({ hasNotText: before }).waitFor();
  }
  await wanted.waitFor();
}

async function chooseRow(workbench: Workbench, name: string, by: "mouse" | "keyboard"): Promise<void> {
  const { panel, page } = workbench;
  const wanted = row(workbench, name);
  if (by === "mouse") return wanted.click({ position: { x: 60, y: 10 } });
  await panel.locator("nnspec-values tr[tabindex='0']").focus();
  await page.keyboard.press("Home");
  const isThere = (): Promise<boolean> =>
    wanted.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element);
  for (let i = 0; i < 40 && !(await isThere()); i++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
}

/** As the settings editor does: the window follows the file. */
async function chooseTheme({ folder, panel }: Workbench, { title, kind }: Theme): Promise<void> {
  mkdirSync(path.join(folder, ".vscode"), { recursive: true });
  writeFileSync(
    path.join(folder, ".vscode/settings.json"),
    JSON.stringify({ "workbench.colorTheme": title }),
  );
  await panel.locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor();
}

/** Axe's findings in the panel, as sentences. */
async function violations({ panel }: Workbench): Promise<readonly string[]> {
  const frame = await (await panel.locator("body").elementHandle()).ownerFrame();
  assert.ok(frame);
  await frame.evaluate(axe.source);
  return frame.evaluate(async () => {
    const { axe: checker } = window as unknown as { readonly axe: typeof axe };
    // Preloading would put copies of style sheets into the page, which the content policy forbids.
    const results = await checker.run(document, { resultTypes: ["violations"], preload: false });
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 90)} ${failureSummary ?? ""}`),
    );
  });
}

/** The inspector with the run's values, alone in the window but for the spec beside it, ready to be pictured. */
async function prepare(workbench: Workbench): Promise<void> {
  await hideSideBar(workbench);
  await row(workbench, "m.W1").waitFor();
  await writeInOwnFonts(workbench.panel);
}

/** The pass that was begun is kept from view to view; the first pictures were taken before it. */
async function forgetPasses(workbench: Workbench): Promise<void> {
  const { panel } = workbench;
  await openTab(workbench, /^Derive/);
  const forget = panel.locator("nnspec-derive").getByRole("button", { name: /^Forget/ });
  while (await forget.isVisible()) {
    const passes = panel.getByRole("group", { name: "Kept passes" }).getByRole("button");
    const before = await passes.count();
    await forget.click();
    await passes.nth(before - 1).waitFor({ state: "detached" });
  }
}

suite("end to end: every view of the inspector", () => {
  const window = suiteWorkbench({ file: "views.nnspec", settings: besideTheSpec });
  suiteSetup(() => prepare(window()));

  for (const theme of themes)
    test(`views open by ${theme.by}, are accessible and look as they did (${theme.name})`, async () => {
      await chooseTheme(window(), theme);
      const found: string[] = [];
      for (const view of views) {
        await openView(window(), view, theme.by);
        await view.show(window(), theme.by);
        found.push(...(await violations(window())).map((each) => `${view.name}: ${each}`));
        const difference = await viewDifference(window(), `${view.name}-${theme.name}`);
        if (difference !== null) found.push(difference);
      }
      assert.deepEqual(found, []);
    });

  for (const { fault, selector, spoil } of faults)
    test(`the pictures are not passed by ${fault}`, async () => {
      if (updatingPictures) return;
      await chooseTheme(window(), themes[0]!);
      await forgetPasses(window());
      for (const view of views.slice(0, 2)) {
        await openView(window(), view, "mouse");
        await view.show(window(), "mouse");
      }
      assert.equal(await viewDifference(window(), "tensor-dark"), null);
      const mend = await window().panel.locator(selector).first().evaluateHandle(spoil);
      assert.match((await viewDifference(window(), "tensor-dark", 1)) ?? "", /^tensor-dark differs in /);
      await mend.evaluate((undo) => undo());
      assert.equal(await viewDifference(window(), "tensor-dark"), null);
    });

  test("nothing but our own server was contacted", () => {
    assert.deepEqual([...window().foreignRequests], []);
  });
});
