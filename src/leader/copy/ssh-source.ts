/**
 * COPY over SSH: the manifest names hosts and commands, each entry is one connection, and what its command writes is read like a file. Connections
 * are made by the slices' I/O threads, several at a time; this machine and the hosts of --ssh-hosts are all they go to.
 */
import type { SliceId } from '../../common/ids.ts';
import type { SshCommand } from '../../common/remote-source.ts';
import { invalidS3Url, manifestError } from '../../common/errors/catalogue.ts';
import { sshHostNotAllowed, sshHostKeyType, sshNoConnection } from '../../common/errors/remote-errors.ts';
import { SSH_COMMAND_BYTES_MAX, SSH_ENTRIES_MAX } from '../../common/limits.ts';
import { isLoopback } from '../../common/loopback.ts';
import type { LoadPiece } from '../../formats/load-work.ts';
import type { RemoteAccess } from '../../remote/access.ts';
import { HOST_KEY_TYPES, hostKeyType } from '../../remote/ssh/host-keys.ts';
import { parseS3Url, type ObjectStore } from '../../s3/object-store.ts';
import type { FoundSource } from './found-source.ts';
import type { SliceLoad } from './load-records.ts';
import type { CopyOptions } from './options.ts';
import { readNamed } from './sources.ts';

const PORT = 22;
const USER = 'redshift';
const FIELDS = ['endpoint', 'command', 'publickey', 'mandatory', 'username'];

/** `host`, `host:port`, `[address]:port` or an address of IPv6. */
export function endpointOf(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, inside, plain, port] = /^(?:\[([0-9a-f:.%]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  if (inside === undefined && plain === undefined)
    return /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text) ? { host: text, port: PORT } : undefined;
  const number = port === undefined ? PORT : Number(port);
  return number >= 1 && number <= 65_535 ? { host: (inside ?? plain)!, port: number } : undefined;
}
const isAllowed = (host: string, { sshHosts }: RemoteAccess): boolean => {
  const name = host.toLowerCase();
  return isLoopback(name) || sshHosts.some((h) => (h.startsWith('.') ? name.endsWith(h) : h === name));
};
/** The key as SSH writes it, with or without its type in front and a comment behind; undefined: none was given. */
function hostKeyOf(text: string, bad: (what: string) => Error, entry: string): string | undefined {
  const words = text.trim().split(/\s+/);
  const key = (/^(?:ssh|ecdsa|sk)-/.test(words[0]!) ? words[1] : words[0]) ?? '';
  if (key === '') return undefined;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key)) throw bad(`"publickey" of ${entry} is no key`);
  const bytes = Buffer.from(key, 'base64');
  if (hostKeyType(bytes) === undefined) throw sshHostKeyType(entry, HOST_KEY_TYPES.join(', '));
  return bytes.toString('base64');
}

/** Its mistakes are worded for people who write it by hand. */
export function parseSshManifest(text: string, url: string): readonly SshCommand[] {
  const bad = (what: string): Error =>
    manifestError(`Manifest file is not in correct json format: ${what}`, `Manifest file location = ${url}`);
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (e) {
    throw bad((e as Error).message);
  }
  const entries = (json as { entries?: unknown } | null)?.entries;
  if (!Array.isArray(entries) || entries.length === 0) throw bad('"entries" must be a list of connections');
  if (entries.length > SSH_ENTRIES_MAX) throw bad(`there may be ${SSH_ENTRIES_MAX} entries at most`);
  return entries.map((given: unknown, i): SshCommand => {
    const name = `entry ${i + 1}`;
    const entry = (given ?? {}) as Readonly<Record<string, unknown>>;
    const string = (field: string): string | undefined => {
      const value = entry[field];
      if (value !== undefined && typeof value !== 'string') throw bad(`"${field}" of ${name} must be a text`);
      return value as string | undefined;
    };
    const strange = Object.keys(entry).find((field) => !FIELDS.includes(field));
    if (strange !== undefined) throw bad(`${name} has an unknown field "${strange}"`);
    const endpoint = endpointOf(string('endpoint') ?? '');
    if (endpoint === undefined) throw bad(`"endpoint" of ${name} must be a host name or an address`);
    const command = string('command') ?? '';
    if (command.trim() === '') throw bad(`${name} has no "command"`);
    if (Buffer.byteLength(command) > SSH_COMMAND_BYTES_MAX) throw bad(`"command" of ${name} is too long`);
    const { mandatory = false } = entry;
    if (typeof mandatory !== 'boolean') throw bad(`"mandatory" of ${name} must be true or false`);
    return {
      kind: 'ssh',
      number: i + 1,
      ...endpoint,
      username: string('username') || USER,
      command,
      mandatory,
      hostKey: hostKeyOf(string('publickey') ?? '', bad, name),
    };
  });
}

/** No connection at all fails the COPY, whatever is mandatory. */
function requireConnection(loads: readonly SliceLoad[]): void {
  const all = loads.flatMap(({ result }) => result.pieces.map((p) => p.traffic?.skipped));
  if (all.length > 0 && all.every((skipped) => skipped !== undefined)) throw sshNoConnection(all[0]!);
}

export async function sshSource(
  store: ObjectStore,
  access: RemoteAccess,
  from: string,
  options: Pick<CopyOptions, 'manifest' | 'credentials' | 'region' | 'compression'>,
): Promise<FoundSource> {
  if (parseS3Url(from) === undefined) throw invalidS3Url(from);
  const text = Buffer.from(await readNamed(store, from, options)).toString('utf8');
  const commands = parseSshManifest(text, from);
  for (const { host } of commands) if (!isAllowed(host, access)) throw sshHostNotAllowed(host);
  const pieces = commands.map((remote): LoadPiece => {
    const state = { size: 0, modifiedMs: 0 };
    return { bucket: '', key: '', start: 0, end: 0, state, first: true, compression: options.compression, remote };
  });
  return {
    objects: [],
    files: pieces.length,
    bytes: 0,
    deal: (slices) => {
      const work = Array.from({ length: slices }, (_, slice): [SliceId, LoadPiece[]] => [slice as SliceId, []]);
      pieces.forEach((piece, i) => work[i % slices]![1].push(piece));
      return Promise.resolve(new Map(work));
    },
    check: requireConnection,
  };
}
