/** What the host puts in place of the address of a row that was marked before. */
export const KNOWN = -1n;
