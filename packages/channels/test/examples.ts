import type { ChannelContext, ChannelMessage } from '../src/port';

/** A whole message, with the given fields replaced. */
export const exampleMessage = (fields: Partial<ChannelMessage> = {}): ChannelMessage => ({
  id: '01900000-0000-7000-8000-00000000000a',
  kind: 'needs-me',
  title: 'Shall the release go out?',
  text: 'The tests **pass**.\n\n- 3 changes\n- see [the notes](https://example.com/notes)',
  url: 'https://everbeat.example.com/tasks/T-12?brief=7',
  task: { identifier: 'T-12', title: 'Release' },
  priority: 'urgent',
  threadKey: 'brief-7',
  actions: [
    { key: 'approve', label: 'Approve', url: 'https://everbeat.example.com/a/token-1', token: 'token-1' },
    { key: 'decline', label: 'Decline', url: 'https://everbeat.example.com/a/token-2', token: 'token-2' },
  ],
  ...fields,
});

export const exampleDigest = (fields: Partial<ChannelMessage> = {}): ChannelMessage =>
  exampleMessage({
    kind: 'digest',
    title: 'Your digest',
    text: '',
    task: null,
    priority: 'info',
    actions: [],
    lines: [
      { title: 'Acme News', url: 'https://everbeat.example.com/tasks/T-1', count: 98 },
      { title: 'Prices', url: 'https://everbeat.example.com/tasks/T-2', count: 1 },
    ],
    ...fields,
  });

/** What sending needs, where the far sides are on this machine. */
export const exampleContext = (fields: Partial<ChannelContext> = {}): ChannelContext => ({
  signal: new AbortController().signal,
  allowPrivateAddresses: true,
  smtp: null,
  vapid: null,
  ...fields,
});
