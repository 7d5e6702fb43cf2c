/**
 * Thread entry that makes one set of certificates, answers and ends: loading the library and signing take a tenth of a
 * second, for which the leader's thread would serve nobody. Started by start-cluster.ts.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../common/assert.ts';
import { makePairs, type MakeRequest } from './authority.ts';

assert(parentPort, 'certificate-worker runs as a worker thread');
parentPort.postMessage(await makePairs(workerData as MakeRequest));
