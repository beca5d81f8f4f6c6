/** The least and the largest of any number of numbers, which a call's arguments could not hold. */
export function extentOf(numbers: Iterable<number>): { readonly least: number; readonly most: number } {
  let [least, most] = [Infinity, -Infinity];
  for (const x of numbers) {
    if (x < least) least = x;
    if (x > most) most = x;
  }
  return { least, most };
}
