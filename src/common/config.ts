/**
 * The configuration of the command: every option as data, taken from the command line, else from SLICEHOUSE_<NAME>,
 * else its default. All wrong values are named at once. zod/mini, because it costs a bundled start nothing measurable
 * (15 KB; the full zod costs 30 ms bundled and 130 ms unbundled). Called by main.ts and by startCluster.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { DEFAULT_REGION, isRegion } from './account.ts';
import { IDENTIFIER_BYTES_MAX, NODE_MEMORY_MB_MAX, NODE_MEMORY_MB_MIN, SLICES_MAX } from './limits.ts';
import type { LogFormat } from './log.ts';
import { isLoopback } from './loopback.ts';

export interface Config {
  /** Postgres wire; 0 = any free port. */
  readonly port: number;
  /** S3 and the other HTTP doors; 0 = any free port. */
  readonly httpPort: number;
  readonly host: string;
  readonly dataDir: string;
  /** Nothing is written to disk but S3 objects. */
  readonly memory: boolean;
  readonly nodes: number;
  /** Slices of each node. */
  readonly slices: number;
  /** Memory of each node in MiB; undefined = as much as there is address space for. */
  readonly nodeMemory?: number | undefined;
  /** Folder of the buckets; by default `s3` in the data directory. */
  readonly s3Root: string;
  /** Secrets by access key id, with which requests to the S3 port must be signed; empty: signatures are not verified. */
  readonly s3Keys?: ReadonlyMap<string, string> | undefined;
  /** Names of the Host header that the HTTP port answers to beside loopback's; `.name`: any below it. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** The AWS region in which the cluster is: what COPY and UNLOAD mean without REGION. */
  readonly region: string;
  /** Where COPY and UNLOAD find buckets: an S3 endpoint over the network; undefined: the folders. */
  readonly s3Endpoint?: string | undefined;
  /** A DynamoDB endpoint that COPY reads tables from; undefined: AWS_ENDPOINT_URL_DYNAMODB, else none. */
  readonly dynamodbEndpoint?: string | undefined;
  /** Hosts that COPY may connect to over SSH beside this machine; `.name`: any below it. */
  readonly sshHosts?: readonly string[] | undefined;
  /** Address that is sent an event when a COPY has ended. */
  readonly loadEvents?: string | undefined;
  /** Folder of fixtures (client/fixtures.ts) that the first start loads. */
  readonly init?: string | undefined;
  /** How the server says what it has to say; default: text. */
  readonly log?: LogFormat | undefined;
  /** Texts in memory may have 16,000,000 bytes (enable_large_strings_opt_in), else 65,535. */
  readonly largeStrings: boolean;
  readonly database: string;
  readonly user: string;
  /** Undefined = trust (loopback only). */
  readonly password: string | undefined;
  /** on: offered, off: refused, required: plain connections are refused. */
  readonly tls: 'on' | 'off' | 'required';
  /** PEM files of the server's certificate and its key; undefined = made on first use. */
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
}
export type ParsedConfig =
  Config | { readonly help: string } | { readonly version: true } | { readonly error: string };

const whole = (low: number, high: number) =>
  z.pipe(
    z
      .string()
      .check(
        z.refine(
          (t) => /^\d{1,9}$/.test(t.trim()) && Number(t) >= low && Number(t) <= high,
          `must be a whole number from ${low} to ${high}`,
        ),
      ),
    z.transform(Number),
  );
const name = z
  .string()
  .check(
    z.refine(
      (t) => /^[\p{L}_][\p{L}\p{N}_$-]*$/u.test(t) && Buffer.byteLength(t) <= IDENTIFIER_BYTES_MAX,
      'must be a name of letters, digits, _, $ and -',
    ),
  );
const folder = z.string().check(z.refine((t) => t !== '' && !t.includes('\0'), 'must be the path of a folder'));
const hostName = z.string().check(z.refine((t) => /^[\w.:-]+$/.test(t), 'must be an address or host name'));
const file = z.string().check(z.refine((t) => t !== '' && !t.includes('\0'), 'must be the path of a file'));
const flag = z.pipe(
  z.string().check(z.refine((t) => /^(1|0|true|false|on|off|yes|no)$/i.test(t), 'must be true or false')),
  z.transform((t: string) => /^(1|true|on|yes)$/i.test(t)),
);

const KEY = /^([\w.-]{3,128}):(\S{1,256})$/;
const s3Keys = z.pipe(
  z
    .string()
    .check(
      z.refine((t) => t.split(',').every((pair) => KEY.test(pair)), 'must be one or more ID:SECRET joined by commas'),
    ),
  z.transform((t: string) => new Map(t.split(',').map((pair) => [KEY.exec(pair)![1]!, KEY.exec(pair)![2]!]))),
);
const hostList = z.pipe(
  z
    .string()
    .check(
      z.refine(
        (t) => t.split(',').every((h) => /^\.?[\w-]+(\.[\w-]+)*$/.test(h)),
        'must be host names joined by commas',
      ),
    ),
  z.transform((t: string) => t.toLowerCase().split(',')),
);

const sshHosts = z.pipe(
  z
    .string()
    .check(
      z.refine(
        (t) => t.split(',').every((h) => /^(\.?[\w-]+(\.[\w-]+)*|[0-9a-f:]*:[0-9a-f:.]+)$/i.test(h)),
        'must be host names or addresses joined by commas',
      ),
    ),
  z.transform((t: string) => t.toLowerCase().split(',')),
);

const webAddress = z
  .string()
  .check(z.refine((t) => /^https?:\/\//.test(t) && URL.canParse(t), 'must be an http or https address'));
const address = z
  .string()
  .check(z.refine((t) => /^https?:\/\/[^/?#]+\/?$/.test(t) && URL.canParse(t), 'must be an http or https address'));

const SCHEMA = z.object({
  port: whole(0, 65535),
  'http-port': whole(0, 65535),
  host: hostName,
  'data-dir': folder,
  memory: flag,
  nodes: whole(1, SLICES_MAX),
  slices: whole(1, SLICES_MAX),
  'node-memory': z.optional(whole(NODE_MEMORY_MB_MIN, NODE_MEMORY_MB_MAX)),
  's3-root': folder,
  's3-keys': z.optional(s3Keys),
  'allowed-hosts': z.optional(hostList),
  region: z.string().check(z.refine(isRegion, 'must be the name of an AWS region')),
  's3-endpoint': z.optional(address),
  'dynamodb-endpoint': z.optional(address),
  'ssh-hosts': z.optional(sshHosts),
  'load-events': z.optional(webAddress),
  init: z.optional(folder),
  log: z.enum(['text', 'json'], 'must be text or json'),
  'large-strings': z.enum(['on', 'off'], 'must be on or off'),
  database: name,
  user: name,
  tls: z.enum(['on', 'off', 'required'], 'must be on, off or required'),
  'tls-cert': z.optional(file),
  'tls-key': z.optional(file),
  password: z.optional(z.string().check(z.refine((t) => t !== '' && !t.includes('\0'), 'must not be empty'))),
});
type OptionName = keyof z.infer<typeof SCHEMA>;

interface Option {
  readonly name: OptionName;
  readonly value: string | undefined;
  readonly default: string | undefined;
  readonly doc: string;
}
/** The options in the order of --help. */
const OPTIONS: readonly Option[] = [
  { name: 'port', value: 'N', default: '5439', doc: 'port of the Postgres wire protocol (0: any free port)' },
  { name: 'http-port', value: 'N', default: '5440', doc: 'port of the S3 stand-in (0: any free port)' },
  {
    name: 'host',
    value: 'ADDR',
    default: '127.0.0.1',
    doc: 'address to listen on; others than loopback need a password',
  },
  { name: 'data-dir', value: 'DIR', default: './slicehouse-data', doc: 'where blocks, log and buckets are kept' },
  { name: 'memory', value: undefined, default: 'false', doc: 'keep all tables in memory' },
  { name: 'nodes', value: 'N', default: '2', doc: 'compute nodes' },
  { name: 'slices', value: 'N', default: '2', doc: 'slices of each node' },
  {
    name: 'node-memory',
    value: 'MB',
    default: undefined,
    doc: 'memory of each node (default: up to 2047, less with many nodes)',
  },
  {
    name: 's3-root',
    value: 'DIR',
    default: undefined,
    doc: 'folder whose sub-folders are the buckets (default: s3 in the data directory)',
  },
  {
    name: 's3-keys',
    value: 'ID:SECRET,...',
    default: undefined,
    doc: 'access keys with which requests to the S3 port must be signed (default: signatures are not verified)',
  },
  {
    name: 'region',
    value: 'NAME',
    default: DEFAULT_REGION,
    doc: 'AWS region of the cluster: COPY and UNLOAD without REGION reach buckets that were made there, and folders',
  },
  {
    name: 's3-endpoint',
    value: 'URL',
    default: undefined,
    doc: "S3 endpoint that COPY and UNLOAD use, with the AWS SDK's credentials (default: the folders of --s3-root)",
  },
  {
    name: 'dynamodb-endpoint',
    value: 'URL',
    default: undefined,
    doc: "DynamoDB endpoint that COPY reads tables from, with its own keys or the AWS SDK's credentials (default: AWS_ENDPOINT_URL_DYNAMODB, else none)",
  },
  {
    name: 'ssh-hosts',
    value: 'NAME,...',
    default: undefined,
    doc: 'hosts that COPY may connect to over SSH; .NAME: any below it (default: this machine only)',
  },
  {
    name: 'load-events',
    value: 'URL',
    default: undefined,
    doc: 'address that is sent an event (POST, in the shape of EventBridge) when a COPY has ended',
  },
  {
    name: 'init',
    value: 'DIR',
    default: undefined,
    doc: 'folder of *.sql, data files named by their tables, and buckets/, loaded at the first start; an error ends it with exit code 3',
  },
  { name: 'log', value: 'text|json', default: 'text', doc: 'lines of text, or an object of JSON a line' },
  {
    name: 'allowed-hosts',
    value: 'NAME,...',
    default: undefined,
    doc: 'other host names that the HTTP port answers to; .NAME: any name below it, its first part may be a bucket',
  },
  {
    name: 'large-strings',
    value: 'on|off',
    default: 'off',
    doc: 'texts in memory of up to 16,000,000 bytes (enable_large_strings_opt_in), else 65,535',
  },
  { name: 'database', value: 'NAME', default: 'dev', doc: 'first database' },
  { name: 'user', value: 'NAME', default: 'awsuser', doc: 'superuser' },
  { name: 'password', value: 'TEXT', default: undefined, doc: "the superuser's password (default: none asked for)" },
  {
    name: 'tls',
    value: 'MODE',
    default: 'on',
    doc: 'encrypted connections: on (offered), off, required (plain ones are refused)',
  },
  {
    name: 'tls-cert',
    value: 'FILE',
    default: undefined,
    doc: 'certificate of the server, PEM (default: made on first use, with its authority in tls/ca.crt of the data directory)',
  },
  { name: 'tls-key', value: 'FILE', default: undefined, doc: 'private key of that certificate, PEM' },
];
const variable = (option: string): string => `SLICEHOUSE_${option.toUpperCase().replaceAll('-', '_')}`;

export function helpText(): string {
  const rows: (readonly [string, string])[] = OPTIONS.map((o) => [
    `--${o.name}${o.value === undefined ? '' : ` ${o.value}`}`,
    o.doc + (o.default === undefined || o.value === undefined ? '' : ` (default: ${o.default})`),
  ]);
  rows.push(['--help', 'this text'], ['--version', 'the version']);
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return [
    'Usage: slicehouse [options]',
    '       slicehouse sql [-c SQL] [-f FILE]         an SQL shell',
    '       slicehouse manifest s3://bucket/prefix    a manifest for COPY; --help tells more',
    "       slicehouse public-key                     the cluster's public key, for hosts that COPY reads over SSH",
    '       slicehouse load TABLE s3://bucket/prefix --quarantine s3://bucket/prefix/    what can be loaded, whole objects only',
    '',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`),
    '',
    'Every option can be given as an environment variable: SLICEHOUSE_PORT, SLICEHOUSE_DATA_DIR, ...',
    '',
    'Exit codes: 0 stopped when asked, 1 could not start or stop, 2 wrong options, 3 the init folder could not be loaded,',
    '70 the leader or a compute node is lost: start again, 130 stopped by a second Ctrl-C',
    '',
  ].join('\n');
}

/** Values as text with where each came from; what parseArgs could not place goes to `problems`. */
function gather(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  problems: string[],
): { texts: Record<string, string>; from: Map<string, string>; help: boolean; version: boolean } {
  const options: Record<string, { type: 'string' | 'boolean' }> = {
    help: { type: 'boolean' },
    version: { type: 'boolean' },
  };
  for (const o of OPTIONS) options[o.name] = { type: o.value === undefined ? 'boolean' : 'string' };
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true, allowPositionals: true });
  const texts: Record<string, string> = {};
  const from = new Map<string, string>();
  for (const o of OPTIONS) {
    const given = env[variable(o.name)];
    if (given !== undefined && given !== '') {
      texts[o.name] = given;
      from.set(o.name, variable(o.name));
    } else if (o.default !== undefined) texts[o.name] = o.default;
  }
  const flags = { help: false, version: false };
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`unexpected argument "${token.value}"`);
    if (token.kind !== 'option') continue;
    const option = OPTIONS.find((o) => o.name === token.name);
    if (token.name === 'help' || token.name === 'version') flags[token.name] = true;
    else if (token.rawName === '-h') flags.help = true;
    else if (option === undefined) problems.push(`unknown option ${token.rawName}`);
    else if (option.value !== undefined && token.value === undefined) problems.push(`--${option.name} needs a value`);
    else {
      texts[option.name] = token.value ?? 'true';
      from.set(option.name, `--${option.name}`);
    }
  }
  return { texts, from, ...flags };
}

/** `argv` without the node binary and script. Never throws. */
export function parseConfig(argv: readonly string[], env: NodeJS.ProcessEnv = {}): ParsedConfig {
  const problems: string[] = [];
  const { texts, from, help, version } = gather(argv, env, problems);
  if (help) return { help: helpText() };
  if (version) return { version: true };
  texts['s3-root'] ??= join(texts['data-dir'] ?? '.', 's3');
  const result = SCHEMA.safeParse(texts);
  if (!result.success) {
    for (const issue of result.error.issues) {
      const key = String(issue.path[0]);
      const shown = key === 'password' || key === 's3-keys' ? '' : `, not ${JSON.stringify(texts[key])}`;
      problems.push(`${from.get(key) ?? `--${key}`} ${issue.message}${shown}`);
    }
  } else {
    const v = result.data;
    if (v.nodes * v.slices > SLICES_MAX)
      problems.push(`--nodes x --slices may be at most ${SLICES_MAX} slices, not ${v.nodes * v.slices}`);
    if (v.port !== 0 && v.port === v['http-port'])
      problems.push(`--port and --http-port must differ, both are ${v.port}`);
    if ((v['tls-cert'] === undefined) !== (v['tls-key'] === undefined))
      problems.push('--tls-cert and --tls-key are given together');
    if (!isLoopback(v.host) && v.password === undefined) {
      problems.push(
        `--host ${v.host} can be reached from other machines: give a --password (or SLICEHOUSE_PASSWORD) too`,
      );
    }
  }
  if (problems.length > 0 || !result.success) return { error: problems.join('\n') };
  const v = result.data;
  return {
    port: v.port,
    httpPort: v['http-port'],
    host: v.host,
    dataDir: v['data-dir'],
    memory: v.memory,
    nodes: v.nodes,
    slices: v.slices,
    nodeMemory: v['node-memory'],
    s3Root: v['s3-root'],
    s3Keys: v['s3-keys'],
    allowedHosts: v['allowed-hosts'],
    region: v.region,
    s3Endpoint: v['s3-endpoint'],
    dynamodbEndpoint: v['dynamodb-endpoint'],
    sshHosts: v['ssh-hosts'],
    loadEvents: v['load-events'],
    init: v.init,
    log: v.log,
    largeStrings: v['large-strings'] === 'on',
    database: v.database,
    user: v.user,
    password: v.password,
    tls: v.tls,
    tlsCert: v['tls-cert'],
    tlsKey: v['tls-key'],
  };
}
