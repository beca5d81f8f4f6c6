// Stands for `node:assert/strict` in the web extension host.
import assert from "assert/";

export default assert.strict;
