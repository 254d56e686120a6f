import { LIMITS } from '@everbeat/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '@/server/http/app';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';
import { createOutbox, type Outbox } from '../support/outbox';

let world: ApiWorld;
let outbox: Outbox;
let taskId: string;
beforeEach(async () => {
  outbox = createOutbox();
  world = await createApiWorld({ sender: outbox.sender });
  await world.ada.channel.create({ kind: 'email', config: { to: 'ada@example.com' } });
  taskId = await world.startTask();
  await ask('Which one?');
});
afterEach(async () => {
  await world.deliveries.idle();
  await world.close();
});

const OPTIONS = [
  { key: 'left', label: 'Go <left>' },
  { key: 'right', label: 'Go right' },
];

async function ask(title: string, actions = OPTIONS): Promise<void> {
  const brief = {
    type: 'decision',
    priority: 'urgent',
    title,
    summary: '<b>A</b> or B',
    key: 'way',
  } as const;
  world.agent.next({ kind: 'done', content: 'Done', briefs: [{ ...brief, actions }] });
  // Also while the last question waits.
  await world.runNow(taskId);
  await world.deliveries.idle();
}

/** The path of the link for an option in the newest message. */
const linkFor = (key: string): string => {
  const link = outbox.attempts.at(-1)?.message.actions.find((action) => action.key === key)?.url ?? '';
  return new URL(link).pathname;
};

const app = () =>
  createApp({
    env: { ...world.env, ACCESS_PASSWORD: 'the password of this server' },
    logger: world.logger,
    container: async () => world,
  });
const open = (path: string) => app().request(path);
const send = (path: string, form: Record<string, string> = {}) =>
  app().request(path, { method: 'POST', body: new URLSearchParams(form) });

const resolution = async () => {
  const [brief] = (await world.ada.brief.list({ taskId })).items;
  return { action: brief?.resolvedAction, comment: brief?.resolvedComment };
};

describe('a link in a message', () => {
  test('shows its question and the options, and changes nothing, however often it is opened', async () => {
    for (const _ of [1, 2]) {
      const response = await open(linkFor('left'));
      expect(response.status).toBe(200);
      const page = await response.text();
      expect(page).toContain('<h1>Which one?</h1>');
      expect(page, 'what agents write is text').toContain('&lt;b&gt;A&lt;/b&gt; or B');
      expect(page).toContain('value="left" class="chosen">Go &lt;left&gt;</button>');
      expect(page).toContain('value="right">Go right</button>');
    }
    expect(await resolution()).toEqual({ action: null, comment: null });
  });

  test('loads nothing, runs nothing, and is kept, indexed and referred to by nobody', async () => {
    const { headers } = await open(linkFor('left'));
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-robots-tag')).toBe('noindex, nofollow');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('answers once, and the task goes on with the answer', async () => {
    const path = linkFor('left');
    const [first, second] = await Promise.all([send(path), send(path)]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(await first.text()).toMatch(
      /Answered from a message on .+ UTC: “Go &lt;left&gt;”\. T-\d+ runs with it at once\./,
    );
    expect(await resolution()).toEqual({ action: 'left', comment: null });
    expect(await (await send(path, { action: 'right' })).text()).toContain('“Go &lt;left&gt;”.');
    expect(await resolution()).toEqual({ action: 'left', comment: null });
    expect((await world.task(taskId)).scheduler.blockedBy).toBeNull();
  });

  test('takes another option and words', async () => {
    await send(linkFor('left'), { action: 'right', comment: 'Mind the step' });
    expect(await resolution()).toEqual({ action: 'right', comment: 'Mind the step' });
  });

  test('takes as many words as the page does, in any script, with lines as browsers send them', async () => {
    const lines = Array.from({ length: LIMITS.commentCharsMax / 2 }, () => '船');
    const { status } = await send(linkFor('left'), { comment: lines.join('\r\n') });
    expect(status).toBe(200);
    expect(await resolution()).toEqual({ action: 'left', comment: lines.join('\n') });
  });

  test('shows all of the question, laid out as in a mail', async () => {
    await world.query('update everbeat.briefs set summary = $2 where task_id = $1', [
      taskId,
      `${'Long. '.repeat(1_500)}\n\n- the **very** end`,
    ]);
    expect(await (await open(linkFor('left'))).text()).toContain('<li>the <strong>very</strong> end</li>');
  });

  test('tells when it was answered elsewhere', async () => {
    const [brief] = await world.briefs(taskId);
    await world.ada.brief.resolve({ id: brief?.id ?? '', action: 'right' });
    expect(await (await open(linkFor('left'))).text()).toMatch(/Answered in Everbeat on .+ UTC: “Go right”/);
  });

  test('answers no more once its answer was taken back, also if the process that took it has died since', async () => {
    const path = linkFor('left');
    const [brief] = await world.briefs(taskId);
    const answer = { id: brief?.id ?? '', action: 'left', isByLink: true };
    // The page of the link does this, and then nothing else that this could depend on.
    const { undoToken } = await world.lifecycle.resolveBrief(world.userId, answer);
    await world.ada['inbox.apply']({ act: 'undo', undoToken: undoToken ?? '' });

    expect((await open(path)).status).toBe(410);
    expect(await (await send(path)).text()).toContain('the answer was taken back since');
    expect(await resolution()).toEqual({ action: null, comment: null });
  });

  test('still answers what was answered elsewhere and taken back', async () => {
    const [brief] = await world.briefs(taskId);
    const { undoToken } = await world.ada.brief.resolve({ id: brief?.id ?? '', action: 'right' });
    await world.ada['inbox.apply']({ act: 'undo', undoToken: undoToken ?? '' });
    await send(linkFor('left'));
    expect(await resolution()).toMatchObject({ action: 'left' });
  });

  test('says what happens if nobody answers, and then that it has', async () => {
    const path = linkFor('left');
    await world.query(
      `update everbeat.briefs set default_action = 'right', expires_at = '2031-05-03T12:05:00Z' where task_id = $1`,
      [taskId],
    );
    expect(await (await open(path)).text()).toContain(
      'If nobody answers by 3 May 2031, 12:05 UTC, “Go right” is chosen.',
    );
    await world.query(`update everbeat.briefs set expires_at = $2 where task_id = $1`, [
      taskId,
      world.clock.now(),
    ]);
    await world.watchdog.sweep();
    expect(await (await open(path)).text()).toContain('Nobody answered in time: “Go right” was chosen');
  });

  test('expires after a week', async () => {
    const path = linkFor('left');
    await world.clock.advance(8 * 86_400_000);
    expect((await open(path)).status).toBe(410);
    expect(await (await send(path)).text()).toContain('This link has expired');
    expect(await resolution()).toEqual({ action: null, comment: null });
  });

  test('does not answer a question that was asked anew in another way', async () => {
    const path = linkFor('left');
    await world.query(`update everbeat.briefs set title = 'Which of the other two?' where task_id = $1`, [
      taskId,
    ]);
    const response = await send(path);
    expect(response.status).toBe(410);
    expect(await response.text()).toContain('asked anew');
  });

  test('that does not answer any more leads to the brief in Everbeat, and one that is not known to the inbox', async () => {
    const path = linkFor('left');
    const [brief] = await world.briefs(taskId);
    const inEverbeat = `<a href="/?brief=${brief?.id}">Answer it in Everbeat</a>`;
    await world.query(`update everbeat.briefs set title = 'Another one?' where task_id = $1`, [taskId]);
    expect(await (await open(path)).text()).toContain(inEverbeat);
    await world.query(`update everbeat.briefs set title = 'Which one?' where task_id = $1`, [taskId]);
    await world.query('update everbeat.answer_links set used_at = created_at');
    expect(await (await open(path)).text()).toContain(inEverbeat);
    await world.query('update everbeat.answer_links set used_at = null, expires_at = created_at');
    expect(await (await open(path)).text()).toContain(inEverbeat);
    expect(await (await open('/a/x')).text()).toContain('<a href="/">Open Everbeat</a>');
  });

  test('whose option is nothing without words asks for them, and takes them', async () => {
    await ask('What is missing?', [
      { key: 'feedback', label: 'Say it' },
      { key: 'left', label: 'Nothing' },
    ]);
    const path = linkFor('feedback');
    expect(await (await open(path)).text()).toContain('<label>Your words<br>');
    expect(await (await open(linkFor('left'))).text()).toContain('<label>Words for it, if you like<br>');
    for (const comment of ['', '  ']) {
      const refused = await send(path, { action: 'feedback', comment });
      expect(refused.status).toBe(400);
      const page = await refused.text();
      expect(page).toContain('Write your words first');
      expect(page).toContain('<textarea name="comment"');
    }
    expect(await resolution()).toEqual({ action: null, comment: null });
    expect((await send(path, { comment: 'The appendix' })).status).toBe(200);
    expect(await resolution()).toEqual({ action: 'feedback', comment: 'The appendix' });
  });

  test('that nobody was sent is not known', async () => {
    for (const path of ['/a/x', `/a/${'x'.repeat(43)}`]) {
      expect((await open(path)).status).toBe(404);
      expect((await send(path)).status).toBe(404);
    }
  });

  test('offers nothing that the brief does not', async () => {
    const response = await send(linkFor('left'), { action: 'dismiss-all' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('Choose one of the answers below');
  });

  test('stands nowhere in the database', async () => {
    const token = linkFor('left').slice('/a/'.length);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const [row] = await world.query<{ all: string }>(
      'select json_agg(l)::text || (select json_agg(d)::text from everbeat.deliveries d) as all from everbeat.answer_links l',
    );
    expect(row?.all).toContain('left');
    expect(row?.all).not.toContain(token);
  });
});

/** A decision that blocks nothing, so that the next beat can ask again under its key. */
describe('a question that its task asks anew under the same key and title', () => {
  const ORDER = [
    { key: 'order', label: 'Order 12' },
    { key: 'not', label: 'Not now' },
  ];

  async function asksToOrder(summary: string, actions = ORDER): Promise<void> {
    const brief = { type: 'decision', priority: 'normal', title: 'Place the order?', key: 'order' } as const;
    world.agent.next({ kind: 'done', content: 'Done', briefs: [{ ...brief, summary, actions }] });
    await world.beat(orders);
    await world.deliveries.idle();
  }

  let orders: string;
  beforeEach(async () => {
    orders = await world.startTask();
    await asksToOrder('12 boxes.');
  });
  const answered = async () => {
    const [brief] = (await world.ada.brief.list({ taskId: orders })).items;
    return brief?.resolvedAction;
  };
  const messages = (): number =>
    outbox.attempts.filter(({ message }) => message.title === 'Place the order?').length;

  test.each([
    ['with another text', '120 boxes.', ORDER],
    ['with another label', '12 boxes.', [{ key: 'order', label: 'Order 120' }, ORDER[1] ?? ORDER[0]]],
  ])('%s is told anew, and is answered by the newer message alone', async (_what, summary, actions) => {
    const before = linkFor('order');
    await asksToOrder(
      summary,
      actions.filter((option) => option !== undefined),
    );
    expect(messages()).toBe(2);
    expect((await open(before)).status).toBe(410);
    expect((await send(before)).status).toBe(410);
    expect(await answered()).toBeNull();
    expect((await send(linkFor('order'))).status).toBe(200);
    expect(await answered()).toBe('order');
  });

  test('in the same words is told once, and its message still answers it', async () => {
    const link = linkFor('order');
    await asksToOrder('12 boxes.');
    expect(messages()).toBe(1);
    await send(link);
    expect(await answered()).toBe('order');
  });

  test('beyond what a message shows is told anew, too', async () => {
    const text = 'Boxes. '.repeat(1_000);
    await asksToOrder(`${text}12`);
    const link = linkFor('order');
    await asksToOrder(`${text}120`);
    expect(messages()).toBe(3);
    expect((await send(link)).status).toBe(410);
  });

  test('is not answered by what was said to the question before, at whatever moment it is asked anew', async () => {
    const [brief] = await world.briefs(orders);
    const [link] = await world.query<{ asked: string }>(
      'select question_hash as asked from everbeat.answer_links where brief_id = $1',
      [brief?.id],
    );
    await asksToOrder('120 boxes.');
    const answer = { id: brief?.id ?? '', action: 'order', isByLink: true, asked: link?.asked };
    await world.lifecycle.resolveBrief(world.userId, answer);
    expect(await answered()).toBeNull();
  });

  test('is known by its title to links of an older version', async () => {
    const link = linkFor('order');
    await world.query('update everbeat.answer_links set question_hash = null');
    await asksToOrder('120 boxes.');
    await send(link);
    expect(await answered()).toBe('order');
  });

  test('is a failure that goes on, and keeps its answers however often it is counted', async () => {
    const failing = await world.startTask();
    let calls = 0;
    const fail = async () => {
      world.agent.next({ kind: 'error', errorCode: 'agent_broken', errorMessage: `Failed: ${calls}` });
      calls += 1;
      await world.beat(failing);
      await world.deliveries.idle();
    };
    await fail();
    const count = outbox.attempts.length;
    const link = linkFor('retry');
    await fail();
    expect(outbox.attempts).toHaveLength(count);
    expect((await open(link)).status).toBe(200);
  });
});
