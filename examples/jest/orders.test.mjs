import pg from 'pg';

const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
beforeAll(() => client.connect());
afterAll(() => client.end());

test('orders of ada', async () => {
  const { rows } = await client.query("select sum(amount) as total from orders where customer = 'ada'");
  expect(rows).toEqual([{ total: '20.00' }]);
});
