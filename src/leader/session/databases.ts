/**
 * The databases of a session: the one it logged in to and the one that USE put in its place. Transactions work in the
 * latter. Used by session.ts.
 */
import { undefinedDatabase, unknownDatabaseAtLogin } from '../../common/errors/catalogue.ts';
import { databaseFromShare } from '../../common/errors/datashare-errors.ts';
import type { DatabaseObject } from '../catalog/objects.ts';
import type { SqlServiceDeps } from './scope.ts';

export class SessionDatabases {
  private used: DatabaseObject | undefined;
  /** Those it worked in, by oid: temporary tables may be in any of them. */
  private readonly seen = new Map<number, string>();

  constructor(
    private readonly deps: Pick<SqlServiceDeps, 'database'>,
    private readonly login: DatabaseObject,
  ) {
    this.seen.set(login.oid, login.name);
  }

  get name(): string {
    return (this.used ?? this.login).name;
  }
  /** Name of the database that USE chose. */
  get usedName(): string | undefined {
    return this.used?.name;
  }
  /** Oids of those that are still there. */
  get all(): readonly number[] {
    const isThere = ([oid, name]: [number, string]): boolean =>
      oid === this.login.oid || this.deps.database(name)?.oid === oid;
    return [...this.seen].filter(isThere).map(([oid]) => oid);
  }
  /** Oid of the database of a new transaction. DROP DATABASE may have come before it. */
  get current(): number {
    const { oid, name } = this.used ?? this.login;
    if (this.deps.database(name)?.oid !== oid) throw unknownDatabaseAtLogin(name);
    return oid;
  }
  /** USE; undefined: RESET USE. */
  use(name: string | undefined): void {
    const found = name === undefined ? undefined : this.deps.database(name);
    if (name !== undefined && found === undefined) throw undefinedDatabase(name);
    if (found?.share !== undefined) throw databaseFromShare(found.name);
    this.used = found?.oid === this.login.oid ? undefined : found;
    if (found !== undefined) this.seen.set(found.oid, found.name);
  }
}
