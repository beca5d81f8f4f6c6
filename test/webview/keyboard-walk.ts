/** What the tests of narrow panels ask of a view: where Tab leads, whether one sees where it is, and what hangs over the edge. */
import type { Page } from "playwright-core";

/** Everything of the page that Tab should reach, and what it reached, as words; and what was wrong at each stop. */
export interface Walk {
  readonly missed: readonly string[];
  readonly unseen: readonly string[];
  readonly stops: number;
}

/** More stops than any view has. */
const mostStops = 150;

/** Presses Tab until it comes round, looking at each stop. No function in the page has a name: its helpers would not be there. */
export async function walkByTab(page: Page): Promise<Walk> {
  await page.evaluate(() => {
    const roots: (Document | ShadowRoot)[] = [document];
    const wanted = new Set<HTMLElement>();
    for (const root of roots)
      for (const element of root.querySelectorAll<HTMLElement>("*")) {
        if (element.shadowRoot !== null) roots.push(element.shadowRoot);
        const isField = element.matches("button, input, select, textarea, a[href], summary, [tabindex]");
        const isOff =
          element.matches(":disabled") || element.tabIndex < 0 || element.shadowRoot?.delegatesFocus === true;
        const isShown =
          element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
        if (isField && !isOff && isShown) wanted.add(element);
      }
    Object.assign(window, { wanted, reached: new Set<HTMLElement>() });
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
  const unseen: string[] = [];
  let stops = 0;
  // It begins where the last click was, and comes by the end of the page once.
  for (let ends = 0; stops < mostStops;) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const { reached } = window as unknown as { readonly reached: Set<HTMLElement> };
      let focused = document.activeElement;
      while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
      if (!(focused instanceof HTMLElement) || focused === document.body) return "end";
      if (reached.has(focused)) return "again";
      reached.add(focused);
      const words = focused.outerHTML.replaceAll(/<!--.*?-->|\s+/g, " ").slice(0, 110);
      const box = focused.getBoundingClientRect();
      const isInside = box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
      if (!isInside) return `outside of the page: ${words}`;
      // Something of it is on top, whatever scrolls over it.
      const spots = [0.1, 0.5, 0.9].flatMap((x) =>
        [0.1, 0.5, 0.9].map((y) => [box.left + x * box.width, box.top + y * box.height] as const),
      );
      const isOnTop = spots.some(([x, y]) => {
        let top = document.elementFromPoint(x, y);
        while (top?.shadowRoot?.elementFromPoint(x, y) && top.shadowRoot.elementFromPoint(x, y) !== top)
          top = top.shadowRoot.elementFromPoint(x, y);
        for (
          let each: Node | null = top;
          each !== null;
          each = each.parentNode ?? (each instanceof ShadowRoot ? each.host : null)
        )
          if (each === focused) return true;
        return false;
      });
      if (!isOnTop) return `covered: ${words}`;
      // A ring around it or around the field that it is the inside of.
      let isRinged = false;
      for (let each: Node | null = focused, steps = 0; each !== null && steps < 4; steps++) {
        if (each instanceof HTMLElement) {
          const { outlineStyle, outlineWidth, outlineColor, borderColor } = getComputedStyle(each);
          const hasOutline =
            outlineStyle !== "none" && parseFloat(outlineWidth) > 0 && !/, 0\)$/.test(outlineColor);
          const probe = document.createElement("i");
          probe.style.color = "var(--vscode-focusBorder)";
          document.body.append(probe);
          const hasBorder = borderColor === getComputedStyle(probe).color;
          probe.remove();
          isRinged ||= hasOutline || hasBorder;
        }
        each = each.parentNode ?? (each instanceof ShadowRoot ? each.host : null);
      }
      return isRinged ? "seen" : `without a ring: ${words}`;
    });
    if (stop === "again" || (stop === "end" && ++ends > 1)) break;
    if (stop === "end") continue;
    stops++;
    if (stop !== "seen") unseen.push(stop);
  }
  const missed = await page.evaluate(() => {
    const { wanted, reached } = window as unknown as Readonly<Record<"wanted" | "reached", Set<HTMLElement>>>;
    return [...wanted]
      .filter((element) => element.isConnected && !reached.has(element))
      .map((element) => element.outerHTML.replaceAll(/<!--.*?-->|\s+/g, " ").slice(0, 110));
  });
  return { missed, unseen, stops };
}

/** What hangs over the right edge and cannot be scrolled to by the keyboard. */
export function hangingOver(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const roots: (Document | ShadowRoot)[] = [document];
    const found: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
    for (const root of roots)
      for (const element of root.querySelectorAll<HTMLElement>("*")) {
        if (element.shadowRoot !== null) roots.push(element.shadowRoot);
        if (element.getBoundingClientRect().right <= innerWidth + 1 || element.matches(".unseen, .unseen *"))
          continue;
        let holder: HTMLElement | null = null;
        for (let each: Node | null = element; each !== null && holder === null;) {
          each = each.parentNode ?? (each instanceof ShadowRoot ? each.host : null);
          if (!(each instanceof HTMLElement) || getComputedStyle(each).overflowX === "visible") continue;
          if (each.getBoundingClientRect().right <= innerWidth + 1) holder = each;
        }
        if (holder === null) {
          found.push(element.outerHTML.replaceAll(/<!--.*?-->|\s+/g, " ").slice(0, 110));
          continue;
        }
        const { overflowX, textOverflow } = getComputedStyle(holder);
        const isReached =
          textOverflow === "ellipsis" ||
          holder.tabIndex >= 0 ||
          holder.querySelector("button, [tabindex], input, select") !== null;
        if (overflowX === "hidden" && textOverflow !== "ellipsis" && holder.localName !== "svg")
          found.push(`cut off: ${element.outerHTML.replaceAll(/<!--.*?-->|\s+/g, " ").slice(0, 110)}`);
        else if (!isReached)
          found.push(
            `no way to scroll to: ${element.outerHTML.replaceAll(/<!--.*?-->|\s+/g, " ").slice(0, 110)}`,
          );
      }
    return found;
  });
}
