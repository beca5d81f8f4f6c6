/** The operators that reduce dimensions or run along them. */
import type { OpDefinition } from "../define-op";
import { allTrue } from "./all";
import { amax } from "./amax";
import { amin } from "./amin";
import { anyTrue } from "./any";
import { argmax } from "./argmax";
import { argmin } from "./argmin";
import { argsort } from "./argsort";
import { cumprod } from "./cumprod";
import { cumsum } from "./cumsum";
import { linearRecurrence } from "./linear-recurrence";
import { logSoftmax } from "./log-softmax";
import { logsumexp } from "./logsumexp";
import { max } from "./max";
import { mean } from "./mean";
import { median } from "./median";
import { min } from "./min";
import { norm } from "./norm";
import { prod } from "./prod";
import { softmax } from "./softmax";
import { sort } from "./sort";
import { std } from "./std";
import { sum } from "./sum";
import { topk } from "./topk";
import { variance } from "./var";

export const reductions: readonly OpDefinition[] = [
  allTrue,
  amax,
  amin,
  anyTrue,
  argmax,
  argmin,
  argsort,
  cumprod,
  cumsum,
  linearRecurrence,
  logSoftmax,
  logsumexp,
  max,
  mean,
  median,
  min,
  norm,
  prod,
  softmax,
  sort,
  std,
  sum,
  topk,
  variance,
];
