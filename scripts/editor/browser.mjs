// Owns how the tests' Chromium is started: headless, without a sandbox, contacting nobody by itself.
import { chromium } from "playwright-core";
import { ensureChromium } from "../setup/chromium.mjs";

const switches = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function launchBrowser() {
  return chromium.launch({ executablePath: await ensureChromium(), headless: true, args: switches });
}
