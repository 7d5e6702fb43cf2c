/**
 * Whether an address is this machine's own only. Used where a door opens: the command line and startCluster refuse any
 * other without a password.
 */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
