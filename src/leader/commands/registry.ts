/**
 * SQL commands by statement kind. Adding a command: its file, and its line here (the order does not matter).
 */
import type { StatementCommand } from '../statement/execute.ts';
import type { Command, CommandServices } from './command.ts';
import type { Statement } from '../parser/ast.ts';
import alterDefaultPrivileges from './alter_default_privileges.ts';
import alterPolicy from './alter_policy.ts';
import alterRowLevelSecurity from './alter_row_level_security.ts';
import attachPolicy from './attach_policy.ts';
import createPolicy from './create_policy.ts';
import detachPolicy from './detach_policy.ts';
import alterDatabase from './alter_database.ts';
import alterGroup from './alter_group.ts';
import alterMaterializedView from './alter_materialized_view.ts';
import alterRoutine from './alter_routine.ts';
import alterRole from './alter_role.ts';
import alterSchema from './alter_schema.ts';
import alterTable from './alter_table.ts';
import alterUser from './alter_user.ts';
import alterDatashare from './alter_datashare.ts';
import createDatashare from './create_datashare.ts';
import createSharedDatabase from './create_shared_database.ts';
import descDatashare from './desc_datashare.ts';
import dropDatashare from './drop_datashare.ts';
import shareUsage from './share_usage.ts';
import showDatashares from './show_datashares.ts';
import analyze from './analyze.ts';
import analyzeCompression from './analyze_compression.ts';
import appendTable from './append_table.ts';
import cancel from './cancel.ts';
import comment from './comment.ts';
import copyJob from './copy_job.ts';
import createCopyJob from './create_copy_job.ts';
import createDatabase from './create_database.ts';
import createFunction from './create_function.ts';
import createGroup from './create_group.ts';
import createMaterializedView from './create_materialized_view.ts';
import createProcedure from './create_procedure.ts';
import createRole from './create_role.ts';
import createSchema from './create_schema.ts';
import createTable from './create_table.ts';
import createTableAs from './create_table_as.ts';
import createUser from './create_user.ts';
import createView from './create_view.ts';
import drop from './drop.ts';
import dropRoutine from './drop_routine.ts';
import grant from './grant.ts';
import lock from './lock.ts';
import refreshMaterializedView from './refresh_materialized_view.ts';
import revoke from './revoke.ts';
import showProcedure from './show_procedure.ts';
import showObjects from './show_objects.ts';
import truncate from './truncate.ts';
import vacuum from './vacuum.ts';

type AnyCommand = Command<Statement['kind']>;

const COMMANDS = [
  alterDefaultPrivileges,
  alterPolicy,
  alterRowLevelSecurity,
  attachPolicy,
  createPolicy,
  detachPolicy,
  alterDatabase,
  alterGroup,
  alterMaterializedView,
  alterRoutine,
  alterRole,
  alterSchema,
  alterTable,
  alterUser,
  alterDatashare,
  createDatashare,
  createSharedDatabase,
  descDatashare,
  dropDatashare,
  shareUsage,
  showDatashares,
  analyze,
  analyzeCompression,
  appendTable,
  cancel,
  comment,
  copyJob,
  createCopyJob,
  createDatabase,
  createFunction,
  createGroup,
  createMaterializedView,
  createProcedure,
  createRole,
  createSchema,
  createTable,
  createTableAs,
  createUser,
  createView,
  drop,
  dropRoutine,
  grant,
  lock,
  refreshMaterializedView,
  revoke,
  showProcedure,
  showObjects,
  truncate,
  vacuum,
] as unknown as readonly AnyCommand[];

/** Every command by the statement it runs, with the services it may ask. */
export function commandRegistry(services: CommandServices): ReadonlyMap<Statement['kind'], StatementCommand> {
  const bound = (command: AnyCommand): StatementCommand => ({
    outsideTransaction: (statement) => command.outsideTransaction?.(statement),
    run: (around, statement) => command.run({ services, ...around }, statement),
  });
  return new Map(COMMANDS.map((c) => [c.kind, bound(c)]));
}
