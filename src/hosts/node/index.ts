/** What Node lends the engine wherever it runs there: files of the machine, and threads. */
export { openDataFile } from "./data-file";
export { isMissing, systemReason } from "./system-errors";
export { nodeThreads } from "./threads";
