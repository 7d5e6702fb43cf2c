/** Ends the cluster that global-setup.mjs started. */
export default () => globalThis.slicehouse.close();
