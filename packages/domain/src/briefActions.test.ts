import { describe, expect, it } from 'vitest';
import {
  actionsOf,
  answerable,
  BRIEF_ACTIONS_BY_TYPE,
  briefActionSchema,
  offeredActions,
} from './briefActions';
import { LIMITS } from './limits';

const LEFT = { key: 'left', label: 'Turn left' };
const RIGHT = { key: 'right', label: 'Turn right' };

describe('the options of a brief', () => {
  it('are those that the agent named, each key once', () => {
    expect(offeredActions('decision', [LEFT, RIGHT, { key: 'left', label: 'Left again' }])).toEqual([
      LEFT,
      RIGHT,
    ]);
  });

  it('are those of its type when the agent named none', () => {
    expect(offeredActions('insight')).toEqual(actionsOf('acknowledge', 'feedback', 'dismiss'));
    expect(offeredActions('decision', [])).toEqual(BRIEF_ACTIONS_BY_TYPE.decision);
  });

  it('ask for no words where the agent reads none', () => {
    const { result } = BRIEF_ACTIONS_BY_TYPE;
    expect(answerable(result, 'watch')).toEqual(actionsOf('acknowledge', 'dismiss'));
    expect(answerable(result, 'model')).toEqual(result);
    expect(answerable(result, null)).toEqual(result);
  });

  it('are bounded in number', () => {
    const many = Array.from({ length: 50 }, (_, n) => ({ key: `k${n}`, label: `Option ${n}` }));
    expect(offeredActions('decision', many)).toEqual(many.slice(0, LIMITS.actionsPerBriefMax));
  });
});

describe('an option that an agent names', () => {
  it.each([LEFT, { ...LEFT, style: 'danger' }, { ...LEFT, url: 'https://example.com/settings?tab=1' }])(
    'may be %j',
    (action) => {
      expect(briefActionSchema.parse(action)).toEqual(action);
    },
  );

  it.each([
    { key: '', label: 'Nothing' },
    { key: 'two words', label: 'Two' },
    { key: 'left', label: ' ' },
    { key: 'recovered', label: 'Pretend that a run succeeded' },
    { ...LEFT, url: 'javascript:alert(1)' },
    { ...LEFT, style: 'huge' },
  ])('may not be %j', (action) => {
    expect(briefActionSchema.safeParse(action).success).toBe(false);
  });
});
