// The parts of untyped browser builds that the web extension host's suites use.
declare module "mocha-browser" {
  const mocha: BrowserMocha & { run(done: (failures: number) => void): Mocha.Runner };
  export default mocha;
}

declare module "assert/" {
  const assert: { readonly strict: unknown };
  export default assert;
}
