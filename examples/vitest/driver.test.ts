/**
 * Through a driver, against the cluster of the whole run.
 */
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

const client = new pg.Client({ connectionString: inject('connectionString') });
beforeAll(() => client.connect());
afterAll(() => client.end());

test('orders by country', async () => {
  const { rows } = await client.query(
    'select country, sum(amount) as total from orders join customers on name = customer group by country order by country',
  );
  expect(rows).toEqual([
    { country: 'FR', total: '100.00' },
    { country: 'GB', total: '20.00' },
  ]);
});
