/**
 * What calls of procedures share from the outermost one to the innermost: the session, what is cached, and whether
 * transactions may end inside.
 */
import type { SqlType } from '../../types/sql-type.ts';
import type { RoutineObject } from '../catalog/objects.ts';
import type { Execution, SessionScope } from '../session/scope.ts';
import type { TypedValue } from '../session/types.ts';
import type { Sql } from './body.ts';
import type { Frame } from './frame.ts';

export interface CallStack {
  readonly scope: SessionScope;
  readonly sink: Execution['sink'];
  /** Calls around this one. */
  readonly depth: number;
  /** An explicit transaction block, or SET options of a procedure, are around: nothing may end the transaction. */
  readonly atomicContext: boolean;
  /** NONATOMIC: every statement commits. */
  readonly autocommit: boolean;
  readonly routine: RoutineObject;
  /** Number of the outermost call in the logs, and of this one. */
  readonly call: number;
  /** CALL of another procedure from this one. */
  readonly nested: (stack: CallStack, frame: Frame, sql: Sql) => Promise<CallResult>;
}
export interface CallResult {
  /** OUT and INOUT arguments; `argument`: the place among what the call gave. */
  readonly outputs: readonly {
    readonly name: string;
    readonly type: SqlType;
    readonly argument: number | undefined;
  }[];
  readonly row: readonly TypedValue[];
}
