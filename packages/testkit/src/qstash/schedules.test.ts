import { describe, expect, it } from 'vitest';
import { useFakeQStashWorld } from '../../test/fakeQStashWorld';

const SECOND = 1_000;
const world = useFakeQStashWorld();

describe('schedules', () => {
  it('fire by their pattern, with their id, until they are deleted', async () => {
    const { clock, client, target, times } = world();
    const { scheduleId } = await client.schedules.create({
      destination: target.url,
      cron: '* * * * *',
      body: 'beat',
    });
    await clock.advance(120 * SECOND);
    expect(times()).toEqual([30, 90]);
    expect(target.received[0]?.headers['upstash-schedule-id']).toBe(scheduleId);

    await client.schedules.delete(scheduleId);
    await clock.advance(120 * SECOND);
    expect(target.received).toHaveLength(2);
    await expect(client.schedules.get(scheduleId)).rejects.toMatchObject({ status: 404 });
  });

  it('follow a zone', async () => {
    const { clock, client, target, times } = world();
    await client.schedules.create({ destination: target.url, cron: 'CRON_TZ=Asia/Kolkata 35 17 * * *' });
    await clock.advance(600 * SECOND);
    expect(times()).toEqual([4 * 60 + 30]); // 12:05 UTC
  });

  it('are replaced completely under the same id', async () => {
    const { clock, client, target, bodies } = world();
    const create = (cron: string) =>
      client.schedules.create({ destination: target.url, cron, scheduleId: 'mine', body: cron });
    await create('* * * * *');
    await create('5 * * * *');
    expect(await client.schedules.list()).toMatchObject([{ scheduleId: 'mine', cron: '5 * * * *' }]);
    await clock.advance(3_600 * SECOND);
    expect(bodies()).toEqual(['5 * * * *']);
  });

  it('can be paused, and fired manually', async () => {
    const { clock, qstash, client, target } = world();
    await client.schedules.create({ destination: target.url, cron: '* * * * *', scheduleId: 'mine' });
    await client.schedules.pause({ schedule: 'mine' });
    await clock.advance(60 * SECOND);
    expect(target.received).toEqual([]);
    qstash.fireSchedule('mine');
    await qstash.flush();
    expect(target.received).toHaveLength(1);
  });

  it('are refused when the pattern is invalid', async () => {
    const { client, target } = world();
    const created = client.schedules.create({ destination: target.url, cron: 'every day' });
    await expect(created).rejects.toMatchObject({ status: 400 });
  });
});
