/**
 * What a piece of a COPY reads that is no range of an object, as plain values: the leader makes them, slices hand them to
 * their node's I/O thread, src/remote reads them.
 */

/** What all readers of one source may take of it together. Threads share it. */
export interface SharedRate {
  readonly unitsPerSecond: number;
  /** One i64: microseconds (since 2000) at which the next reading may begin. */
  readonly free: SharedArrayBuffer;
}
/** Keys that a statement names. */
export interface AccessKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}
/** One segment of a DynamoDB table's parallel Scan; its bytes are items as JSON, a line each. */
export interface DynamoSegment {
  readonly kind: 'dynamodb';
  readonly table: string;
  /** REGION; undefined: the endpoint's own. */
  readonly region: string | undefined;
  /** Those that requests are signed with; undefined: the server's own. */
  readonly keys: AccessKeys | undefined;
  readonly segment: number;
  readonly segments: number;
  readonly rate: SharedRate;
  /** Read capacity units of an average item; undefined: unknown. */
  readonly itemUnits: number | undefined;
}
/** What a command on a host writes: one entry of an SSH manifest. */
export interface SshCommand {
  readonly kind: 'ssh';
  /** Of the entry, from 1. */
  readonly number: number;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly command: string;
  readonly mandatory: boolean;
  /** The host's public key (base64 of SSH's form); undefined: any host will do. */
  readonly hostKey: string | undefined;
}
export type RemoteSource = DynamoSegment | SshCommand;

/** `host`, with its port where that is not SSH's own. */
export const sshEndpoint = ({ host, port }: Pick<SshCommand, 'host' | 'port'>): string =>
  port === 22 ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
/** How system views name it. */
export const remoteName = (source: RemoteSource): string =>
  source.kind === 'dynamodb'
    ? `dynamodb://${source.table}`
    : `ssh://${source.username}@${sshEndpoint(source)}/${source.number}`;
