import type { Listed, TaskRunPromptInput } from '../src/input';

/** Inputs that the tests share. */

export const none = { items: [], total: 0, totalIsFloor: false } as const;

export const all = <T>(...items: T[]): Listed<T> => ({ items, total: items.length, totalIsFloor: false });

export const minimalInput: TaskRunPromptInput = {
  reporting: 'plain',
  trigger: 'manual',
  now: new Date('2026-03-02T08:30:00.000Z'),
  extraPrompt: null,
  task: {
    identifier: 'T-1',
    name: 'Say hello',
    instruction: 'Say hello to the team.',
    instructionAuthor: 'user',
    automationMode: null,
    heartbeatInterval: null,
    schedulePattern: null,
    scheduleTimezone: null,
    maxTopics: null,
    automationRuns: 4,
    config: {},
  },
  topicNumber: 1,
  documents: [],
  parent: null,
  siblings: none,
  subtasks: none,
  dependencies: none,
  topics: none,
  briefs: none,
  comments: none,
  conversation: none,
};

export const richInput: TaskRunPromptInput = {
  reporting: 'file',
  trigger: 'schedule',
  now: new Date('2026-03-02T08:30:00.000Z'),
  extraPrompt: 'Look at the harbour strike too.',
  task: {
    identifier: 'T-12',
    name: 'Port watch',
    instruction: 'Tell me each morning what delays ships\nin Hamburg and Rotterdam.',
    instructionAuthor: 'user',
    automationMode: 'schedule',
    heartbeatInterval: null,
    schedulePattern: '30 9 * * 1-5',
    scheduleTimezone: 'Europe/Berlin',
    maxTopics: 50,
    automationRuns: 4,
    config: { pacing: { minSeconds: 600, maxSeconds: 86_400 }, endAt: '2026-12-31T00:00:00+01:00' },
  },
  topicNumber: 14,
  documents: [
    {
      name: 'Delays',
      version: 12,
      bytes: 5_210,
      updatedBy: 'agent',
      content: null,
      updatedAt: new Date('2026-02-26T08:31:00.000Z'),
    },
    {
      name: 'Memory',
      version: 3,
      bytes: 71,
      updatedBy: 'user',
      content: 'Hamburg publishes at six.\nNever call before nine.',
      updatedAt: new Date('2026-02-26T12:00:00.000Z'),
    },
  ],
  parent: {
    identifier: 'T-3',
    name: 'Supply chain',
    status: 'scheduled',
    instruction: 'Keep our parts coming.',
    documents: [
      {
        name: 'Suppliers',
        content: '- Petersen, Hamburg',
        updatedAt: new Date('2026-02-20T08:30:00.000Z'),
      },
    ],
  },
  siblings: all(
    { identifier: 'T-13', name: 'Rail watch', status: 'paused' },
    { identifier: 'T-11', name: 'Prices "spot"', status: 'completed' },
  ),
  subtasks: all(
    {
      identifier: 'T-21',
      name: 'Ask the agent in Rotterdam',
      status: 'backlog',
      result: null,
      documents: [],
      waitsFor: [{ identifier: 'T-20', status: 'running' }],
    },
    {
      identifier: 'T-20',
      name: 'List the berths',
      status: 'running',
      result: null,
      documents: [],
      waitsFor: [],
    },
    {
      identifier: 'T-19',
      name: 'Find the harbour masters',
      status: 'completed',
      result: 'Hamburg: Frau Petersen.\nRotterdam: nobody answers.',
      documents: [{ name: 'Addresses', content: 'Pier 3', updatedAt: new Date('2026-02-21T08:30:00.000Z') }],
      waitsFor: [],
    },
  ),
  dependencies: all({
    identifier: 'T-2',
    name: 'Get access to the port data',
    status: 'completed',
    result: 'The data is at /ports, with the key of the company.',
    documents: [],
  }),
  topics: {
    items: [
      {
        number: 13,
        trigger: 'schedule',
        status: 'error',
        title: null,
        handoff: null,
        error: 'The port data did not answer.',
        createdAt: new Date('2026-02-27T08:30:00.000Z'),
      },
      {
        number: 12,
        trigger: 'schedule',
        status: 'done',
        title: 'Two ships late',
        handoff: 'The Aurora waits for a berth.\nThe Borealis has an engine fault.',
        error: null,
        createdAt: new Date('2026-02-26T08:30:00.000Z'),
      },
    ],
    total: 13,
    totalIsFloor: false,
  },
  briefs: all(
    {
      type: 'decision',
      priority: 'urgent',
      title: 'Reroute the Aurora?',
      summary: 'Antwerp has a free berth.',
      occurrences: 1,
      createdAt: new Date('2026-02-26T08:31:00.000Z'),
      resolution: {
        action: 'feedback',
        label: 'Give feedback',
        comment: 'Not yet.',
        at: new Date('2026-02-26T10:00:00.000Z'),
      },
    },
    {
      type: 'error',
      priority: 'urgent',
      title: 'The run failed',
      summary: 'The port data did not answer.',
      occurrences: 2,
      createdAt: new Date('2026-02-24T08:31:00.000Z'),
      resolution: {
        action: 'recovered',
        label: null,
        comment: null,
        at: new Date('2026-02-25T08:31:00.000Z'),
      },
    },
    {
      type: 'insight',
      priority: 'info',
      title: 'Fog ahead',
      summary: 'From Thursday on.',
      occurrences: 1,
      createdAt: new Date('2026-02-23T08:31:00.000Z'),
      resolution: null,
    },
  ),
  comments: all(
    {
      author: 'user',
      content: 'Leave out ships under 100 m.',
      createdAt: new Date('2026-02-26T11:00:00.000Z'),
    },
    {
      author: 'agent',
      content: 'Rotterdam publishes at nine.',
      createdAt: new Date('2026-02-20T08:31:00.000Z'),
    },
  ),
  conversation: all(
    {
      role: 'assistant',
      content: 'The berth is free from noon.',
      createdAt: new Date('2026-03-01T08:31:00.000Z'),
    },
    { role: 'user', content: 'When is the berth free?', createdAt: new Date('2026-03-01T08:30:00.000Z') },
  ),
};
