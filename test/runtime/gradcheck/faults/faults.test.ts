// Students' hand derivations with one slip or several: each is found at its place, by its kind; and the right ones pass.
import { activationPrograms } from "./activations";
import { checkPrograms } from "./checks";
import { conventionPrograms } from "./conventions";
import { copiedNumbers } from "./copied-numbers";
import { decayInLayers } from "./decay-in-layers";
import { deepPrograms } from "./deep-nets";
import { branchPrograms } from "./elements-and-branches";
import { testProgram } from "./faulty-program";
import { gatePrograms } from "./gates";
import { givenInputs } from "./given-inputs";
import { lossPrograms } from "./losses";
import { netPrograms } from "./nets";
import { normalisingPrograms } from "./normalising-ops";
import { oddPrograms } from "./odd";
import { opPrograms } from "./ops";
import { otherHandsPrograms } from "./other-hands";
import { partsLeftOut } from "./parts-left-out";
import { piecewisePrograms } from "./piecewise";
import { placePrograms } from "./places";
import { recurrentPrograms } from "./recurrent-nets";
import { sequencePrograms } from "./sequences";
import { directionPrograms } from "./shared-errors";
import { sharedPrograms } from "./shared-nets";
import { taps } from "./taps";
import { throughTime } from "./through-time";
import { tiedWeights } from "./tied-weights";
import { twoAtOncePrograms } from "./two-at-once";
import { writtenTerms } from "./written-terms";

suite("faults in ops", () => {
  for (const program of [
    ...opPrograms,
    ...normalisingPrograms,
    ...activationPrograms,
    ...branchPrograms,
    ...piecewisePrograms,
    ...partsLeftOut,
  ])
    testProgram(program);
});

suite("faults in losses", () => {
  for (const program of lossPrograms) testProgram(program);
});

suite("faults in nets", () => {
  for (const program of [
    ...netPrograms,
    ...sharedPrograms,
    ...deepPrograms,
    ...gatePrograms,
    ...tiedWeights,
    ...decayInLayers,
  ])
    testProgram(program);
});

suite("faults in sequences, convolutions and attention", () => {
  for (const program of [...sequencePrograms, ...taps]) testProgram(program);
});

suite("faults in every turn of a recurrent net", () => {
  for (const program of [...recurrentPrograms, ...throughTime]) testProgram(program);
});

suite("faults in values that two directions or branches share", () => {
  for (const program of directionPrograms) testProgram(program);
});

suite("faults found by checks", () => {
  for (const program of [...checkPrograms, ...copiedNumbers, ...givenInputs]) testProgram(program);
});

suite("faults of rarer kinds", () => {
  for (const program of oddPrograms) testProgram(program);
});

suite("faults in programs by other hands", () => {
  for (const program of [...otherHandsPrograms, ...conventionPrograms]) testProgram(program);
});

suite("faults that come together", () => {
  for (const program of twoAtOncePrograms) testProgram(program);
});

suite("faults at their places", () => {
  for (const program of placePrograms) testProgram(program);
});

suite("faults told in the file's own names", () => {
  for (const program of writtenTerms) testProgram(program);
});
