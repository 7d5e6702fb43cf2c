/** COPY ... JOB CREATE name [AUTO ON | OFF]: keeps the COPY as a job (copy/copy-jobs.ts). */
import { recorded } from './recorded-command.ts';

export default recorded('utility', {
  kind: 'create-copy-job',
  doc: 'COPY JOB CREATE',
  outsideTransaction: () => 'COPY JOB CREATE',
  async run(context, statement) {
    context.transaction.requireXid();
    await context.services.copyJobs.create(context, statement);
    return { tag: 'COPY JOB CREATE' };
  },
});
