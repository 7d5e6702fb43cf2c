/**
 * What the commands beside the server have in common: their options, and the place where objects lie, which is the folder of a
 * server's buckets or an S3 endpoint.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EndpointStore } from '../s3/endpoint/store.ts';
import { parseS3Url, type ObjectInfo, type ObjectStore } from '../s3/object-store.ts';
import { LocalObjectStore } from '../s3/store.ts';

/** What the user is told, without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
export interface Output {
  readonly env: NodeJS.ProcessEnv;
  /** To stdout, and to stderr. */
  print(text: string): void;
  say(text: string): void;
}
export type CommandOptions = Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;
const PLACE: CommandOptions = {
  'data-dir': { type: 'string' },
  's3-root': { type: 'string' },
  's3-endpoint': { type: 'string' },
  help: { type: 'boolean' },
};
export interface Arguments {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  has(name: string): boolean;
}
/** Options from the command line, else from SLICEHOUSE_<NAME>. */
export function readArguments(argv: readonly string[], own: CommandOptions, env: NodeJS.ProcessEnv): Arguments {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options: { ...PLACE, ...own }, allowPositionals: true });
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
  const { values, positionals } = parsed;
  const text = (name: string): string | undefined =>
    (values[name] as string | undefined) ??
    (env[`SLICEHOUSE_${name.toUpperCase().replaceAll('-', '_')}`] || undefined);
  return { positionals, text, has: (name) => values[name] === true };
}
export function storeOf(args: Arguments): ObjectStore {
  const root = args.text('s3-root') ?? join(args.text('data-dir') ?? './slicehouse-data', 's3');
  const endpoint = args.text('s3-endpoint');
  return endpoint === undefined ? new LocalObjectStore(root) : new EndpointStore({ url: endpoint }, root);
}

export interface Place {
  readonly bucket: string;
  readonly key: string;
}
export function placeOf(url: string | undefined, what: string): Place {
  const place = parseS3Url(url ?? '');
  if (place === undefined)
    throw new CommandError(`${what} must be s3://bucket/prefix, not ${JSON.stringify(url ?? '')}`);
  return place;
}
export const urlOf = ({ bucket, key }: Place): string => `s3://${bucket}/${key}`;
/** Objects below a prefix that a manifest can name: no empty markers of folders. */
export async function objectsBelow(
  store: ObjectStore,
  { bucket, key: prefix }: Place,
): Promise<readonly ObjectInfo[]> {
  const { objects } = await store.list(bucket, { prefix });
  return objects.filter((o) => !o.key.endsWith('/'));
}
