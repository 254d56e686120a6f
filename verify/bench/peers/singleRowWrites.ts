import pg from 'pg';
import type { Peer } from './peer';

const WRITE = {
  name: 'write',
  text: `with updated as (
      update accounts set balance = balance + $2 where id = $1 returning id
    )
    insert into history (account_id, delta, at) select id, $2, now() from updated`,
};

/**
 * Like `pgbench -N`: clients without think time, where each commit updates one row and inserts one row of
 * history in one prepared statement. A scheduler that commits its jobs one by one cannot be faster than this.
 */
export function createSingleRowWrites(clients: number): Peer {
  return {
    name: `single-row writes, ${clients} clients`,
    async start({ database, load, log }) {
      const setup = database.connect(1).pool;
      await setup.query('create table accounts (id int primary key, balance int not null, filler char(84))');
      await setup.query('create table history (account_id int, delta int, at timestamptz, filler char(22))');
      await setup.query('insert into accounts select n, 0, $2 from generate_series(1, $1) n', [
        load.jobs,
        '',
      ]);
      await setup.query('vacuum analyze accounts');
      let isStopping = false;
      const loop = async (): Promise<void> => {
        const client = new pg.Client({ connectionString: database.url });
        await client.connect();
        while (!isStopping) {
          await client.query({ ...WRITE, values: [1 + Math.floor(Math.random() * load.jobs), 1] });
          log.rearmed();
        }
        await client.end();
      };
      const loops = Array.from({ length: clients }, loop);
      return {
        async stop() {
          isStopping = true;
          await Promise.all(loops);
        },
      };
    },
  };
}
