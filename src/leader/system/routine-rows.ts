/** Routines of users as PG_PROC has them. */
import { TYPE_INFO } from '../../types/sql-type.ts';
import type { RoutineObject } from '../catalog/objects.ts';
import { resultOf } from '../catalog/routine-text.ts';
import { inputsOf } from '../catalog/routines.ts';
import { ownedAclText, ROUTINE_RIGHTS, arrayText } from './catalog-rows.ts';
import type { SystemContext, SystemRow } from './define.ts';

/** Oids in PG_LANGUAGE. */
export const LANGUAGE_OIDS: Readonly<Record<RoutineObject['language'], number>> = {
  sql: 14,
  plpgsql: 10_001,
  exfunc: 10_002,
};
const VOLATILITY = { immutable: 'i', stable: 's', volatile: 'v' } as const;
const MODES = { in: 'i', out: 'o', inout: 'b' } as const;

function row(ctx: SystemContext, routine: RoutineObject): SystemRow {
  const { arguments: all } = routine;
  const inputs = inputsOf(routine);
  const oids = (list: typeof all): readonly number[] => list.map((a) => TYPE_INFO[a.type.name].oid);
  const hasOutputs = all.some((a) => a.mode !== 'in');
  return {
    proname: routine.name,
    pronamespace: routine.schemaOid,
    proowner: routine.ownerOid,
    prolang: LANGUAGE_OIDS[routine.language],
    proisagg: false,
    prosecdef: routine.definer === true,
    proisstrict: false,
    proretset: false,
    proiswindow: false,
    provolatile: VOLATILITY[routine.volatility],
    pronargs: inputs.length,
    prorettype: TYPE_INFO[resultOf(routine).name].oid,
    proargtypes: oids(inputs).join(' '),
    proargnames: all.some((a) => a.name !== undefined) ? arrayText(all.map((a) => a.name ?? '')) : null,
    proargmodes: hasOutputs ? arrayText(all.map((a) => MODES[a.mode])) : null,
    proallargtypes: hasOutputs ? arrayText(oids(all)) : null,
    prosrc: routine.source,
    proacl: routine.acl === undefined ? null : ownedAclText(ctx, { ...routine, acl: routine.acl }, ROUTINE_RIGHTS),
    prokind: routine.kind === 'procedure' ? 'p' : 'f',
    oid: routine.oid,
    procost: 100,
  };
}
export const routineRows = (ctx: SystemContext): readonly SystemRow[] =>
  ctx.catalog.objects('routine').map((routine) => row(ctx, routine));
