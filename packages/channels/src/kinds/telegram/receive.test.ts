import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isChat, readUpdate } from './receive';

const chat = { id: -100, title: 'The crew', username: 'Crew' };
const message = { message_id: 7, chat };

it.each([
  [
    { callback_query: { id: '1', data: 'token', message } },
    { kind: 'press', pressId: '1', token: 'token', messageId: '7', chat: { id: '-100', username: 'Crew' } },
  ],
  [
    { message: { ...message, text: 'Yes', reply_to_message: { message_id: 5 } } },
    { kind: 'reply', toMessageId: '-100:5', text: 'Yes' },
  ],
  [{ message: { ...message, text: '/start@everbeat_bot now' } }, { kind: 'start' }],
  [{ message: { ...message, text: '/started' } }, { kind: 'text' }],
  [{ message: { ...message, photo: [], reply_to_message: { message_id: 5 } } }, { kind: 'text' }],
  [{ callback_query: { id: '1', game_short_name: 'chess', message } }, { kind: 'other' }],
  [{ poll: {} }, { kind: 'other' }],
])('reads what people send: %j', (update, read) => {
  expect(readUpdate({ update_id: 3, ...update })).toMatchObject({ updateId: 3, ...read });
});

it('reads anything, and no more than an update of it', () => {
  fc.assert(
    fc.property(fc.object({ key: fc.constantFrom('update_id', 'message', 'chat', 'id', 'x') }), (raw) => {
      const update = readUpdate(raw);
      expect(update === null || Number.isInteger(update.updateId)).toBe(true);
    }),
  );
});

it('knows a chat by its number, and a public one by its name', () => {
  const [numbered, named] = [
    { id: '42', username: null, title: 'Ada' },
    { id: '-100', username: 'Crew', title: 'The crew' },
  ];
  expect(isChat(numbered, '42')).toBe(true);
  expect(isChat(numbered, '4')).toBe(false);
  expect(isChat(named, '@crew')).toBe(true);
  expect(isChat(named, '@crews')).toBe(false);
  expect(isChat(numbered, '@null')).toBe(false);
});
