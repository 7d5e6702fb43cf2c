/**
 * What tests of waiting statements share: clients by name, and the moment when the lock table shows that a session waits.
 */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const POLL_MS = 5;

export const pidOf = (client: pg.Client): number => (client as unknown as { processID: number }).processID;

export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** The error's SQLSTATE, `closed` for a connection that broke, `ok` when there is none. */
export const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (e: { readonly code?: string }) =>
      /^[0-9A-Z]{5}$/.test(e.code ?? '') && e.code !== 'EPIPE' ? e.code! : 'closed',
  );

export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(POLL_MS);
}

export const isWaiting = async (observer: pg.Client, pid: number): Promise<boolean> =>
  (await observer.query(`select 1 from pg_locks where not granted and pid = ${pid}`)).rows.length > 0;
