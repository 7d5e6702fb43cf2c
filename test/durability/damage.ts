/**
 * Damage to a data directory, and what a server makes of it. A TEMPLATE is a directory as a clean stop or a kill left it,
 * with the rows its tables must show and an older copy of itself. A trial damages one file (or folder) of a fresh copy,
 * starts a server on it and reads every table whole. Legal ends: the start refuses and names what is wrong; a query that
 * reads the damage is refused with its name; or everything is right. Anything else (other rows, a missing table, an error
 * without a name, an assertion) is a failure. Used by damage.test.ts and tools/campaign/damage.ts.
 */
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import pg from 'pg';
import { Prng } from '../../src/common/prng.ts';
import { newDirectory } from './server.ts';

const dist = process.env['SLICEHOUSE_DIST'] ?? join(import.meta.dirname, '../../dist');
interface Running {
  readonly url: string;
  close(): Promise<void>;
}
type Start = (options: { readonly [name: string]: unknown }) => Promise<Running>;
const { startCluster } = (await import(join(dist, 'index.js'))) as { startCluster: Start };

export interface Template {
  readonly name: string;
  readonly directory: string;
  /** The same warehouse some commits and a checkpoint earlier. */
  readonly older: string;
  readonly tables: Readonly<Record<string, string>>;
}
export type Outcome = 'refused' | 'named at the query' | 'warned, all right' | 'all right';
export interface Trial {
  readonly file: string;
  readonly damage: string;
  readonly outcome: Outcome;
}
export class Unseen extends Error {}

const open = (dataDir: string, warnings: string[] = []): Promise<Running> =>
  startCluster({
    dataDir,
    nodes: 2,
    slices: 1,
    nodeMemory: 64,
    onWarning: (w: string) => warnings.push(w),
    onBug: (e: unknown) => warnings.push(String(e)),
    onLost: (m: string) => warnings.push(m),
  });
async function withClient<T>(cluster: Running, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: cluster.url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const TABLES = [
  ['ev', 'diststyle even'],
  ['ky', 'distkey(id)'],
  ['al', 'diststyle all'],
  ['so', 'diststyle even sortkey(id)'],
] as const;
const READ = (table: string): string => `select id, v, s from ${table} order by 1, 2, 3`;
async function write(client: pg.Client, random: Prng, first: number): Promise<void> {
  for (const [table] of TABLES) {
    for (const count of [1, random.int(2, 20), random.pick([300, 900])]) {
      const rows = Array.from({ length: count }, (_, i) => {
        const text = `${random.u32()}-${random.u32()}-`.repeat(8);
        return `(${first + random.int(0, 9999)},${i},${random.int(0, 20) === 0 ? 'null' : `'${text}'`})`;
      });
      await client.query(`insert into ${table} values ${rows.join(',')}`);
    }
    await client.query(`delete from ${table} where v % 11 = ${random.int(0, 10)}`);
    if (random.int(0, 2) === 0) await client.query(`update ${table} set v = v + 1 where v < 5`);
  }
}
const readAll = (cluster: Running): Promise<Record<string, string>> =>
  withClient(cluster, async (client) => {
    const out: Record<string, string> = {};
    for (const [table] of TABLES) out[table] = JSON.stringify((await client.query(READ(table))).rows);
    return out;
  });
/** A dead process's lock, as a kill leaves it. */
const leaveLock = (directory: string): void =>
  writeFileSync(join(directory, 'server.lock'), JSON.stringify({ pid: 999_999_999, token: 'x', started: 'boot 1' }));

/** Two templates: one stopped cleanly, one killed with work behind its checkpoints. */
export async function makeTemplates(seed: number): Promise<readonly Template[]> {
  const random = new Prng(seed);
  const live = newDirectory();
  const copy = (to: string): string => (cpSync(live, to, { recursive: true }), to);
  const older = newDirectory();
  for (let life = 0; life < 3; life++) {
    const cluster = await open(live);
    await withClient(cluster, async (client) => {
      if (life === 0) {
        for (const [table, style] of TABLES)
          await client.query(`create table ${table} (id int, v int, s varchar(400) encode raw) ${style}`);
      }
      await write(client, random, life * 10_000);
      if (life === 1) await client.query('vacuum full so to 100 percent');
    });
    await cluster.close();
    if (life === 1) copy(older);
  }
  let cluster = await open(live);
  const tables = await readAll(cluster);
  await cluster.close();
  const clean = copy(newDirectory());
  cluster = await open(live);
  await withClient(cluster, (client) => write(client, random, 50_000));
  const killedTables = await readAll(cluster);
  const killed = copy(newDirectory());
  leaveLock(killed);
  await cluster.close();
  rmSync(live, { recursive: true, force: true });
  return [
    { name: 'stopped', directory: clean, older, tables },
    { name: 'killed', directory: killed, older, tables: killedTables },
  ];
}
export function removeTemplates(templates: readonly Template[]): void {
  for (const t of templates) for (const d of [t.directory, t.older]) rmSync(d, { recursive: true, force: true });
}

// ---- what can be damaged, and how ---------------------------------------------------------------------------------

const filesIn = (directory: string, folder: string, pattern: RegExp): string[] =>
  readdirSync(join(directory, folder))
    .filter((n) => pattern.test(n))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((n) => join(folder, n));
/** Files of each kind, relative to the directory. */
export const KINDS: Readonly<Record<string, (directory: string) => readonly string[]>> = {
  'newest log segment': (d) => filesIn(d, 'catalog/log', /\.log$/).slice(-1),
  'older log segment': (d) => filesIn(d, 'catalog/log', /\.log$/).slice(0, -1),
  'catalog checkpoint': (d) => filesIn(d, 'catalog', /^catalog-[ab]$/),
  root: (d) => filesIn(d, '.', /^root-[ab]$/),
  superblock: (d) => ['slices/0', 'slices/1'].flatMap((s) => filesIn(d, s, /^superblock-/)),
  'block file': (d) => ['slices/0', 'slices/1'].flatMap((s) => filesIn(d, s, /\.blk$/)),
  FORMAT: () => ['FORMAT'],
  CLUSTER: () => ['CLUSTER'],
  'server.lock': (d) => (existsSync(join(d, 'server.lock')) ? ['server.lock'] : []),
  folder: () => ['catalog', 'catalog/log', 'slices', 'slices/0', 'slices/1'],
  'pair of copies': () => ['catalog/catalog-', 'root-', 'slices/0/superblock-', 'slices/1/superblock-'],
};
/** Gives the other file, when two were damaged. */
type Damage = (directory: string, file: string, random: Prng, template: Template) => string | void;
const edit =
  (change: (bytes: Buffer, random: Prng) => Buffer): Damage =>
  (directory, file, random) => {
    const path = join(directory, file);
    writeFileSync(path, change(readFileSync(path), random));
  };
export const DAMAGES: Readonly<Record<string, Damage>> = {
  flip: edit((bytes, random) => {
    if (bytes.length > 0) bytes[random.int(0, bytes.length - 1)]! ^= 1 << random.int(0, 7);
    return bytes;
  }),
  truncate: (directory, file, random) => {
    const path = join(directory, file);
    truncateSync(path, random.int(0, Math.max(0, statSync(path).size - 1)));
  },
  empty: (directory, file) => truncateSync(join(directory, file), 0),
  zero: edit((bytes, random) => {
    const at = random.int(0, Math.max(0, bytes.length - 1));
    return bytes.fill(0, at, random.int(0, 2) === 0 ? bytes.length : Math.min(bytes.length, at + random.int(1, 600)));
  }),
  append: edit((bytes, random) =>
    Buffer.concat([
      bytes,
      random.int(0, 1) === 0 ? bytes.subarray(-random.int(1, 4000)) : Buffer.alloc(random.int(1, 600), 0x53),
    ]),
  ),
  delete: (directory, file) => rmSync(join(directory, file), { recursive: true }),
  'older state': (directory, file, _random, template) => {
    rmSync(join(directory, file), { recursive: true });
    if (existsSync(join(template.older, file)))
      cpSync(join(template.older, file), join(directory, file), { recursive: true });
  },
  swap: (directory, file, random) => {
    const others = Object.values(KINDS)
      .flatMap((list) => list(directory))
      .filter((f) => f !== file && existsSync(join(directory, f)) && statSync(join(directory, f)).isFile());
    const alike = others.filter(
      (f) => basename(f).replace(/\d+|[ab]$/g, '') === basename(file).replace(/\d+|[ab]$/g, ''),
    );
    const other = random.pick(alike.length > 0 ? alike : others);
    const [a, b] = [join(directory, file), join(directory, other)];
    renameSync(a, `${a}.swap`);
    renameSync(b, a);
    renameSync(`${a}.swap`, b);
    return other;
  },
};
const FOLDER_DAMAGES = ['delete', 'older state'];

export interface Plan {
  readonly template: Template;
  readonly kind: string;
  readonly files: readonly string[];
  readonly damage: string;
}
/** Every kind of file meets every kind of damage in turn; which file and where is drawn. */
export function planTrials(templates: readonly Template[], seed: number, count: number): readonly Plan[] {
  const random = new Prng(seed);
  const pairs = Object.keys(KINDS).flatMap((kind) =>
    (kind === 'folder' || kind === 'pair of copies' ? FOLDER_DAMAGES : Object.keys(DAMAGES)).map(
      (damage) => [kind, damage] as const,
    ),
  );
  const plans: Plan[] = [];
  for (let i = 0; plans.length < count; i++) {
    const [kind, damage] = pairs[i % pairs.length]!;
    const template = templates[(i + Math.floor(i / pairs.length)) % templates.length]!;
    const files = KINDS[kind]!(template.directory);
    if (files.length === 0) continue;
    const file = random.pick(files);
    const copies = filesIn(template.directory, '.', /./).length === 0 ? [] : copiesOf(template.directory, file);
    plans.push({ template, kind, damage, files: kind === 'pair of copies' ? copies : [file] });
  }
  return plans;
}
const copiesOf = (directory: string, start: string): string[] =>
  [`${start}a`, `${start}b`, `${start}0`, `${start}1`].filter((f) => existsSync(join(directory, f)));

/** Names of the damaged file, of its folder, or of what lay in it. */
function isNamed(text: string, files: readonly string[]): boolean {
  const words = files.flatMap((f) => [basename(f), f]);
  const twin: Readonly<Record<string, string>> = { catalog: 'catalog-', slices: 'slices/', log: '.log' };
  return words.some((w) => text.includes(w) || text.includes(twin[w] ?? w));
}

export async function runTrial(plan: Plan, random: Prng): Promise<Trial> {
  const { template, kind, damage, files } = plan;
  const directory = newDirectory();
  const what = `${damage} of ${files.join(' and ')} (${template.name})`;
  try {
    cpSync(template.directory, directory, { recursive: true });
    const hurt = files.flatMap((file) => [file, DAMAGES[damage]!(directory, file, random, template) ?? file]);
    const outcome = await judge(directory, template, hurt, what);
    // Nothing that was acknowledged is in it, so it may be cut off; but not in silence.
    const mustBeSaid = kind === 'newest log segment' && damage === 'append';
    if (mustBeSaid && outcome === 'all right') throw new Unseen(`${what}: cut off without a word`);
    return { file: kind, damage, outcome };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function judge(
  directory: string,
  template: Template,
  files: readonly string[],
  what: string,
): Promise<Outcome> {
  const warnings: string[] = [];
  let cluster: Running;
  try {
    cluster = await open(directory, warnings);
  } catch (error) {
    const { message, detail = '' } = error as { readonly message: string; readonly detail?: string };
    if (/assert|at .*\.[jt]s:/i.test(message)) throw new Unseen(`${what}: ${message}`);
    // A swapped or rolled back file may be the sound one of two that contradict each other: any file of ours is a name.
    const anyName = /(FORMAT|CLUSTER|root-[ab]|catalog-[ab]|\d+\.log|superblock-[01]|slices\/\d)/.test(message);
    if (!anyName && !isNamed(message + detail, files)) throw new Unseen(`${what}: not named: ${message}`);
    return 'refused';
  }
  try {
    let named = false;
    await withClient(cluster, async (client) => {
      for (const [table] of TABLES) {
        try {
          const rows = JSON.stringify((await client.query(READ(table))).rows);
          if (rows !== template.tables[table]) throw new Unseen(`${what}: table ${table} shows other rows`);
        } catch (error) {
          if (error instanceof Unseen) throw error;
          const { message } = error as { readonly message: string };
          if (
            !message.includes('Corrupt block') ||
            !isNamed(
              message,
              files.map((f) => basename(f)),
            )
          )
            throw new Unseen(`${what}: ${table}: ${message}`);
          named = true;
        }
      }
    });
    if (named) return 'named at the query';
    return warnings.length > 0 ? 'warned, all right' : 'all right';
  } finally {
    await cluster.close();
  }
}
