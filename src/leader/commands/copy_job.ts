/** COPY JOB RUN, DROP, SHOW, LIST and ALTER. A job is its owner's; LIST leaves out others'. */
import { putObject } from '../catalog/changes.ts';
import { lockUses } from '../catalog/lock-by-name.ts';
import { requireNamed } from '../catalog/names.ts';
import type { CopyJobObject } from '../catalog/objects.ts';
import { isOwner, requireOwner } from '../catalog/privileges.ts';
import { dropObjects } from '../ddl/drop-objects.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { info, recorded } from './recorded-command.ts';

const found = ({ session, transaction }: CommandContext, name: string): CopyJobObject => {
  const job = requireNamed(transaction.catalog(), 'copy-job', name);
  requireOwner(session.user, job);
  return job;
};
/** The job, which nobody else runs or changes to the end of the transaction. */
const lockJob = (context: CommandContext, name: string): Promise<CopyJobObject> => {
  context.transaction.requireXid();
  return lockUses(context.transaction, () => {
    const value = found(context, name);
    return { value, changes: [value] };
  });
};

function list({ session, transaction }: CommandContext): CommandResult {
  const jobs = transaction.catalog().objects('copy-job');
  const rows = jobs.filter((job) => isOwner(session.user, job)).map((job) => [String(job.oid), job.name]);
  return { tag: 'COPY JOB LIST', rows: { columns: ['job_id', 'job_name'], rows } };
}
function show(context: CommandContext, name: string): CommandResult {
  const job = found(context, name);
  const columns = ['job_id', 'job_name', 'iam_role', 'job_text', 'is_auto'];
  const row = [String(job.oid), job.name, job.iamRole, job.text, job.auto ? '1' : '0'];
  return { tag: 'COPY JOB SHOW', rows: { columns, rows: [row] } };
}

export default recorded('utility', {
  kind: 'copy-job',
  doc: 'COPY JOB',
  outsideTransaction: ({ action }) => (action === 'drop' ? 'COPY JOB DROP' : undefined),
  async run(context, { action, name = '', auto }) {
    const { services, transaction } = context;
    if (action === 'list') return list(context);
    if (action === 'show') return show(context, name);
    if (action === 'drop') {
      transaction.requireXid();
      await dropObjects(context, () => [found(context, name)], false);
      return { tag: 'COPY JOB DROP' };
    }
    const job = await lockJob(context, name);
    if (action === 'alter') {
      putObject(transaction, { ...job, auto: auto ?? job.auto });
      return { tag: 'COPY JOB ALTER' };
    }
    if ((await services.copyJobs.run(context, job)) === 0)
      context.notice(info(`COPY JOB ${job.name}: no new files below ${job.source}`));
    return { tag: 'COPY JOB RUN' };
  },
});
