/** Parts of the page that are loaded when they are first needed, from the folder of its script. Knows none of them. */

// Set while the page's script runs for the first time, and never again.
const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;
const loading = new Map<string, Promise<void>>();

export function partUrl(name: string): string {
  return new URL(name, script?.src ?? location.href).href;
}

/** Runs another script of the page, once, under the same nonce. */
export function loadScript(name: string): Promise<void> {
  let loaded = loading.get(name);
  if (loaded === undefined) {
    loaded = new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.nonce = script?.nonce ?? "";
      element.src = partUrl(name);
      element.onload = () => resolve();
      element.onerror = () => reject(new Error(`${name} could not be loaded.`));
      document.head.append(element);
    });
    loading.set(name, loaded);
  }
  return loaded;
}
