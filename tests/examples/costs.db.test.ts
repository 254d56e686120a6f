import { readFile } from 'node:fs/promises';
import {
  type ChatTurn,
  type FakeChatModel,
  type PageServer,
  startFakeChatModel,
  startMcpServer,
  startPageServer,
  type TestMcpServer,
} from '@everbeat/testkit';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';
import { README_MODELS } from './readmeModels';

/**
 * What the three examples of the README cost: they are run with a model whose answers are scripted, and the
 * tokens of what is really sent, and of the answers, are counted and priced with the list prices.
 */
let world: ApiWorld;
let chat: FakeChatModel;
let site: PageServer;
let mail: TestMcpServer;
let mailId: string;
beforeAll(async () => {
  [chat, site, mail] = await Promise.all([startFakeChatModel(), startPageServer(), startMcpServer()]);
  const env = { OPENAI_BASE_URL: chat.baseUrl, MODEL_DEFAULT: 'openai-compatible/fake-model' };
  world = await createApiWorld({ env: { ...env, ALLOW_PRIVATE_AGENT_URLS: '1' } });
  const ships = Array.from(
    { length: 40 },
    (_, n) => `<tr><td>Ship ${n}</td><td>berth ${n % 9}</td><td>06:${n}</td></tr>`,
  );
  site.serve(`<title>Arrivals</title><h1>Arrivals</h1><table>${ships.join('')}</table>`, '/arrivals');
  mail.serve(
    {
      name: 'list_mails',
      description: 'Lists mails of the inbox',
      annotations: { readOnlyHint: true },
      answer: () => Array.from({ length: 20 }, (_, n) => `${n}: Ada ${n}, "Berth on Friday?"`).join('\n'),
    },
    // Without asking, so that the run does not wait.
    {
      name: 'send_mail',
      description: 'Sends a mail',
      annotations: { readOnlyHint: true },
      answer: () => 'sent',
    },
  );
  mailId = (await world.ada.mcpServer.create({ name: 'mail', transport: 'http', url: mail.url })).id;
});
afterAll(async () => {
  await world.close();
  await Promise.all([chat, site, mail].map((server) => server.close()));
});

interface Example {
  /** The beginning of its paragraph in the README. */
  name: string;
  /** In 30 days, and how many of them find something new. */
  runs: number;
  withNews: number;
  quiet: ChatTurn[];
  news: ChatTurn[];
}

const call = (name: string, input: object): ChatTurn => ({ toolCalls: [{ name, arguments: input }] });
const read = () => call('read_page', { url: `${site.url}/arrivals` });
const done: ChatTurn = { text: 'There is nothing new since my last run, so I tell you nothing.' };
const brief = call('create_brief', {
  type: 'insight',
  priority: 'normal',
  title: 'The Anna has come in',
  summary: 'The Anna, from Hamburg, is at berth 4 since six. She was not there yesterday.',
});
const write = (name: string) =>
  call('write_document', {
    name,
    content: Array.from({ length: 40 }, (_, n) => `- Ship ${n}, berth ${n % 9}`).join('\n'),
  });

const EXAMPLES = (): Example[] => [
  {
    name: 'Watch this page',
    runs: 2_880,
    withNews: 30,
    quiet: [read(), done],
    news: [read(), write('Memory'), brief, { text: 'I told you of the Anna.' }],
  },
  {
    name: 'Triage my inbox',
    runs: 720,
    withNews: 240,
    quiet: [call('mail__list_mails', {}), done],
    news: [
      call('mail__list_mails', {}),
      call('mail__send_mail', {
        to: 'ada@example.com',
        text: 'Friday at ten is free for the Anna. Thank you!',
      }),
      brief,
      { text: 'Ada has her answer.' },
    ],
  },
  {
    name: 'Keep this report current',
    runs: 22,
    withNews: 22,
    quiet: [],
    news: [
      read(),
      call('read_document', { name: 'Arrivals this week' }),
      write('Arrivals this week'),
      { text: 'Written.' },
    ],
  },
];

interface Tokens {
  input: number;
  output: number;
}

/** Lets the task run once. Returns the tokens of all its calls. */
async function tokensOf(taskId: string, turns: readonly ChatTurn[]): Promise<Tokens> {
  const before = chat.requests.length;
  chat.next(...turns);
  await world.beat(taskId);
  const requests = chat.requests.slice(before);
  expect(requests).toHaveLength(turns.length);
  const sum = (texts: readonly unknown[]): number =>
    texts.reduce((total: number, text) => total + countTokens(JSON.stringify(text)), 0);
  return {
    input: sum(requests.map(({ body: { messages, tools } }) => ({ messages, tools }))),
    output: sum(turns),
  };
}

async function measured({ name, quiet, news }: Example, instruction: string) {
  const agent = await world.ada.agent.create({
    name,
    kind: 'model',
    config: name === 'Triage my inbox' ? { tools: { mcp: [{ serverId: mailId }] } } : {},
  });
  const taskId = await world.startTask({ agentId: agent.id, instruction });
  // The first run finds everything new; the second has the memory and the report of the first.
  await tokensOf(taskId, news);
  return {
    news: await tokensOf(taskId, news),
    quiet: quiet.length === 0 ? { input: 0, output: 0 } : await tokensOf(taskId, quiet),
  };
}

const monthUsd = (
  { runs, withNews }: Example,
  { news, quiet }: { news: Tokens; quiet: Tokens },
  price: (typeof README_MODELS)[number]['price'],
): number => {
  const cost = ({ input, output }: Tokens): number =>
    (input * price.inputPerMillionUsd + output * price.outputPerMillionUsd) / 1_000_000;
  return withNews * cost(news) + (runs - withNews) * cost(quiet);
};

/** What the README says: the row of this example, by columns. */
async function told(name: string): Promise<number[]> {
  const readme = await readFile('README.md', 'utf8');
  const row = readme.split('\n').find((line) => line.startsWith(`| ${name} |`)) ?? '';
  return row
    .split('|')
    .slice(2, -1)
    .map((cell) => Number(cell.replace(/[^\d.]/g, '')));
}

test('the README says what its examples cost, to within a quarter', async () => {
  const readme = await readFile('README.md', 'utf8');
  const section = readme.split('\n### Three examples\n')[1]?.split(/\n##+ /)[0] ?? '';
  const instructions = (section.match(/(^> .*\n)+/gm) ?? []).map((quote) =>
    quote.replace(/^> /gm, '').replace(/\n/g, ' ').trim(),
  );
  const wrong: string[] = [];
  for (const [index, example] of EXAMPLES().entries()) {
    const { news, quiet } = await measured(example, instructions[index] ?? '');
    const found = [
      example.runs,
      quiet.input,
      news.input,
      ...README_MODELS.map(({ price }) => Number(monthUsd(example, { news, quiet }, price).toPrecision(2))),
    ];
    const said = await told(example.name);
    const isClose = found.every((amount, column) => Math.abs(amount - (said[column] ?? 0)) <= amount / 4);
    if (!isClose)
      wrong.push(`${example.name}: measured ${found.join(' | ')}, the README says ${said.join(' | ')}`);
  }
  expect(wrong).toEqual([]);
});
