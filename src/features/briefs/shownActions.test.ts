import { actionsOf } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { shownActions } from './shownActions';

const news = { type: 'insight', priority: 'normal', purpose: null } as const;
const keys = (...args: Parameters<typeof shownActions>) => shownActions(...args).map(({ key }) => key);

describe('the options of a brief', () => {
  const actions = actionsOf('acknowledge', 'feedback', 'dismiss');

  it('that asks nothing close it in one way, not in two that are the same', () => {
    expect(keys({ ...news, actions }, { hasDone: false })).toEqual(['acknowledge', 'feedback']);
    expect(keys({ ...news, actions: actionsOf('dismiss') }, { hasDone: false })).toEqual(['dismiss']);
  });

  it('are without that where the page has a button for it', () => {
    expect(keys({ ...news, actions }, { hasDone: true })).toEqual(['feedback']);
  });

  it('that asks something are all shown', () => {
    const question = {
      ...news,
      type: 'decision',
      actions: actionsOf('approve', 'decline', 'dismiss'),
    } as const;
    expect(keys(question, { hasDone: true })).toEqual(['approve', 'decline', 'dismiss']);
  });
});
