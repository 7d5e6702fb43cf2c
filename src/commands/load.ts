/**
 * `slicehouse load TABLE s3://bucket/prefix --quarantine s3://bucket/prefix/`: loads what can be loaded whole. Objects with a
 * record that COPY refuses, or that cannot be read, are moved to the quarantine, each beside a report of what is wrong;
 * all others are loaded by one COPY of a manifest. An object is in the table or in the quarantine, never in part.
 *
 *   1. COPY ... NOLOAD finds the bad objects (by halves, where one cannot be read at all)
 *   2. bad objects are copied to the quarantine with their reports
 *   3. COPY of the others, committed
 *   4. bad objects are deleted where they were
 */
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { ObjectInfo, ObjectStore } from '../s3/object-store.ts';
import { manifestText } from './manifest-text.ts';
import {
  CommandError,
  objectsBelow,
  placeOf,
  readArguments,
  storeOf,
  urlOf,
  type Output,
  type Place,
} from './objects.ts';

const HELP = `Usage: slicehouse load TABLE s3://bucket/prefix --quarantine s3://bucket/prefix/ [options]

Loads the objects below the prefix. Those with a record that COPY refuses are moved to the quarantine, with a report beside
each (<key>.errors.json); the others are loaded together. Prints what was done as JSON.

  --options TEXT        options of COPY: --options "csv ignoreheader 1"
  --sha256              the manifest has the SHA-256 of each object, which COPY verifies
  --url URL             of the server (default: postgres://awsuser@127.0.0.1:5439/dev)
  --s3-root DIR         folder of the buckets (default: s3 in --data-dir)
  --data-dir DIR        of the server (default: ./slicehouse-data)
  --s3-endpoint URL     an S3 endpoint instead of the folder, which the server uses too

Exit codes: 0 all objects loaded, 1 nothing loaded, 2 wrong options, 3 some objects are in the quarantine.
`;
const OWN = {
  quarantine: { type: 'string' },
  options: { type: 'string' },
  url: { type: 'string' },
  sha256: { type: 'boolean' },
} as const;
/** Errors of one validation, and of one report. */
const ERRORS_MAX = 100_000;
const REPORTED_MAX = 1_000;
/** Validations behind a load that still met a bad record. */
const ROUNDS_MAX = 3;
const PARTLY = 3;
/** A name, quoted or not, behind a schema or not. */
const TABLE = /^(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)(?:\.(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)){0,2}$/u;

interface Bad {
  readonly object: ObjectInfo;
  readonly message: string;
  readonly errors: readonly Record<string, unknown>[];
}

class QuarantinedLoad {
  private readonly id = randomUUID();
  constructor(
    private readonly store: ObjectStore,
    private readonly client: Client,
    private readonly table: string,
    private readonly from: Place,
    private readonly quarantine: Place,
    private readonly options: string,
    private readonly withSha256: boolean,
  ) {}

  async run(): Promise<{
    readonly rows: number;
    readonly loaded: readonly ObjectInfo[];
    readonly bad: readonly Bad[];
  }> {
    const { store, from, quarantine } = this;
    let rest = (await objectsBelow(store, from)).filter((o) => !this.isQuarantined(o.key));
    if (rest.length === 0) throw new CommandError(`there is no object below ${urlOf(from)}`);
    const bad: Bad[] = [];
    let rows = 0;
    for (let round = 1; ; round++) {
      bad.push(...(await this.validate(rest)));
      rest = rest.filter((o) => !bad.some((b) => b.object.key === o.key));
      for (const b of bad) await this.copyAside(b);
      if (rest.length === 0) break;
      try {
        await this.copy(rest, '');
        rows = Number((await this.client.query('select pg_last_copy_count()')).rows[0]?.['pg_last_copy_count'] ?? 0);
        break;
      } catch (error) {
        // A record that only loading meets; another round finds its object.
        if (round >= ROUNDS_MAX) throw error;
      }
    }
    for (const { object } of bad) await store.delete(from.bucket, object.key);
    await store.delete(quarantine.bucket, this.manifestKey);
    return { rows, loaded: rest, bad };
  }
  private isQuarantined(key: string): boolean {
    return this.quarantine.bucket === this.from.bucket && key.startsWith(this.quarantine.key);
  }
  private get manifestKey(): string {
    return `${this.quarantine.key}load-${this.id}.manifest`;
  }
  private async copy(objects: readonly ObjectInfo[], more: string): Promise<void> {
    const { store, quarantine, from, table, options } = this;
    const text = await manifestText(store, from.bucket, objects, this.withSha256);
    await store.put(quarantine.bucket, this.manifestKey, Buffer.from(text));
    const manifest = urlOf({ bucket: quarantine.bucket, key: this.manifestKey }).replaceAll("'", "''");
    await this.client.query(`copy ${table} from '${manifest}' iam_role default manifest ${options} ${more}`);
  }
  /** Objects that cannot be loaded whole. */
  private async validate(objects: readonly ObjectInfo[]): Promise<readonly Bad[]> {
    try {
      await this.copy(objects, `noload maxerror ${ERRORS_MAX}`);
      return await this.refused(objects);
    } catch (error) {
      const { code = '', message } = error as { readonly code?: string; readonly message: string };
      if (!FAULTS_OF_OBJECTS.test(code)) throw error;
      const [only] = objects;
      if (objects.length === 1) return [{ object: only!, message, errors: await this.errorsOf(only!.key) }];
      const half = Math.ceil(objects.length / 2);
      return [...(await this.validate(objects.slice(0, half))), ...(await this.validate(objects.slice(half)))];
    }
  }
  private async refused(objects: readonly ObjectInfo[]): Promise<readonly Bad[]> {
    const { rows } = await this.client.query<{ filename: string }>(
      'select distinct trim(filename) as filename from stl_load_errors where query = pg_last_copy_id()',
    );
    const names = new Set(rows.map((r) => r.filename));
    const out: Bad[] = [];
    for (const object of objects) {
      // The view shows 256 characters.
      const name = urlOf({ bucket: this.from.bucket, key: object.key }).slice(0, 256).trimEnd();
      if (!names.has(name)) continue;
      const errors = await this.errorsOf(object.key);
      out.push({ object, message: `${errors.length} record(s) cannot be loaded`, errors });
    }
    return out;
  }
  private async errorsOf(key: string): Promise<readonly Record<string, unknown>[]> {
    const name = urlOf({ bucket: this.from.bucket, key }).slice(0, 256).trimEnd();
    const { rows } = await this.client.query<Record<string, unknown>>(
      `select line_number, trim(colname) as column, trim(type) as type, position, err_code, trim(err_reason) as reason,
        trim(raw_field_value) as value, trim(raw_line) as line from stl_load_errors
        where trim(filename) = $1 and session = pg_backend_pid()
          and query = (select max(query) from stl_load_errors where session = pg_backend_pid() and trim(filename) = $1)
        order by line_number limit ${REPORTED_MAX}`,
      [name],
    );
    return rows;
  }
  private async copyAside({ object, message, errors }: Bad): Promise<void> {
    const { store, from, quarantine } = this;
    const to = `${quarantine.key}${object.key}`;
    await store.copy(from.bucket, object.key, quarantine.bucket, to);
    const report = { object: urlOf({ bucket: from.bucket, key: object.key }), table: this.table, message, errors };
    await store.put(quarantine.bucket, `${to}.errors.json`, Buffer.from(`${JSON.stringify(report, undefined, 2)}\n`));
  }
}
/** SQLSTATEs of what an object can have: refused records, damage, input that is no text. */
const FAULTS_OF_OBJECTS = /^(XX000|22...|23...)$/;

export async function loadCommand(argv: readonly string[], out: Output): Promise<number> {
  const args = readArguments(argv, OWN, out.env);
  if (args.has('help')) return (out.print(HELP), 0);
  const [table, source, ...more] = args.positionals;
  if (table === undefined || source === undefined || more.length > 0)
    throw new CommandError('load takes a table and s3://bucket/prefix');
  if (!TABLE.test(table)) throw new CommandError(`${JSON.stringify(table)} is not the name of a table`);
  const from = placeOf(source, 'the source');
  const quarantine = placeOf(args.text('quarantine'), '--quarantine');
  if (quarantine.key === '' || (from.bucket === quarantine.bucket && from.key.startsWith(quarantine.key)))
    throw new CommandError('--quarantine must be a prefix that the source does not lie below');
  const store = storeOf(args);
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: args.text('url') ?? 'postgres://awsuser@127.0.0.1:5439/dev' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const options = args.text('options') ?? '';
    const load = new QuarantinedLoad(store, client, table, from, quarantine, options, args.has('sha256'));
    const { rows, loaded, bad } = await load.run();
    const summary = {
      table,
      source: urlOf(from),
      rows,
      loaded: loaded.map((o) => urlOf({ bucket: from.bucket, key: o.key })),
      quarantined: bad.map(({ object, message }) => ({
        object: urlOf({ bucket: from.bucket, key: object.key }),
        now: urlOf({ bucket: quarantine.bucket, key: `${quarantine.key}${object.key}` }),
        message,
      })),
    };
    out.print(`${JSON.stringify(summary, undefined, 2)}\n`);
    return bad.length > 0 ? PARTLY : 0;
  } finally {
    await client.end();
  }
}
