/** How much memory the values of one evaluation may take. */

/** In bytes, all values together. */
export const memoryLimit = 4 * 2 ** 30;
