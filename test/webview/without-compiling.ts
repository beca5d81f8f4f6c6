/** The page's content policy forbids compiled modules, as it should: the engine of the harness does without. Imported first. */
Reflect.deleteProperty(globalThis, "WebAssembly");
