/**
 * Errors of the in-process API, of the init folder and of the HTTP query door.
 */
import { make } from './make-error.ts';
import { SqlError } from './sql-error.ts';

export const fixtureNotUsable = make('22023', (name, why) => `fixture "${name}" cannot be used: ${why}`);
/** Why sessions end when the cluster goes back to a state that was kept. */
export const clusterRestored = (): SqlError =>
  new SqlError({
    sqlstate: '57P01',
    severity: 'FATAL',
    message: 'terminating connection because the cluster was set back to an earlier state',
    hint: 'Connect again.',
  });
export const snapshotReleased = make('22023', () => 'the snapshot was released');
export const snapshotOfAnother = make('22023', () => 'the snapshot belongs to another cluster');
export const forkNeedsNewDirectory = make('22023', (dir) => `data directory "${dir}" exists: a fork makes a new one`);
export const keptObjectChanged = make(
  '58030',
  (path) => `object "${path}" was changed in place in the folder of the buckets: its earlier state is lost`,
);
export const noBase = make(
  '55000',
  () => 'there is no state to go back to: start with resettable: true, or call declareBase()',
);
export const unknownHttpSession = make(
  '08003',
  () => 'there is no such session: it was closed, or its idle time is over',
);
export const tooManyHttpSessions = make('53300', (max) => `there are ${max} sessions at the HTTP query door already`);
export const tooManyWaiting = make('53400', (max) => `${max} statements of this session wait already`);
export const bodyTooLarge = make('54000', (max) => `the request's body has more than ${max} bytes`);
export const badQueryRequest = make('22023', (what) => what);
export const credentialsWanted = make('28000', () => 'credentials are wanted: Authorization: Basic');
export const starting = make('57P03', () => 'the cluster is starting up');
export const tlsWanted = make(
  '28000',
  () => 'the server takes no credentials and statements in clear from other machines',
);
export const initInterrupted = make(
  '55000',
  (dir) => `an earlier start began with it and did not end: remove the data directory "${dir}" and start again`,
);
/** The init folder could not be loaded: the start ends. */
export class InitFailed extends SqlError {
  constructor(folder: string, { sqlstate, message, detail, hint }: SqlError) {
    const more = { ...(detail !== undefined && { detail }), ...(hint !== undefined && { hint }) };
    super({ sqlstate, message: `init folder "${folder}": ${message}`, ...more });
  }
}
/** The error of a script or data file, with its name in front. */
export const fixtureFailed = (name: string, error: SqlError): SqlError =>
  new SqlError({
    sqlstate: error.sqlstate,
    message: `${name}: ${error.message}`,
    ...(error.detail !== undefined && { detail: error.detail }),
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(error.position !== undefined && { position: error.position }),
  });
