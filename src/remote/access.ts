/**
 * Where COPY's other sources are, as the server was started with. Plain values: they travel to the I/O threads.
 */
export interface RemoteAccess {
  /** The cluster's. */
  readonly region: string;
  /** A DynamoDB endpoint; undefined: there is none. */
  readonly dynamodb: string | undefined;
  /** Hosts that may be connected to over SSH, beside this machine; `.name`: any below it. */
  readonly sshHosts: readonly string[];
  /** Folder of the cluster's own key. */
  readonly keyFolder: string;
}
