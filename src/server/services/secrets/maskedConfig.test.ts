import { AppError, MASK } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import {
  hasMask,
  originOf,
  shownConfig,
  shownTaskConfig,
  unmaskConfig,
  unmaskFields,
  withoutMasks,
} from './maskedConfig';

const URL_A = 'https://a.example.com/run';
const config = { url: URL_A, headers: { Authorization: 'Bearer a', 'X-Key': 'k' }, signingSecret: 's' };

const refusalOf = (act: () => unknown): string => {
  try {
    return `not refused: ${JSON.stringify(act())}`;
  } catch (error) {
    if (error instanceof AppError) return `${error.code}: ${error.message}`;
    throw error;
  }
};

describe('a configuration as clients see it', () => {
  it('has the names of its secrets and nothing of their texts', () => {
    expect(shownConfig('http', config)).toEqual({
      url: URL_A,
      signingSecret: MASK,
      headers: { Authorization: MASK, 'X-Key': MASK },
    });
  });

  it('of a task masks the settings of each kind that it has, and leaves the rest', () => {
    const task = { endAt: '2026-06-01T00:00:00Z', watch: { url: URL_A, headers: { Cookie: 'c' } } };
    expect(shownTaskConfig(task)).toEqual({
      endAt: task.endAt,
      watch: { url: URL_A, headers: { Cookie: MASK } },
    });
  });

  it('tells what it leaves as it is stored', () => {
    expect(hasMask('http', config)).toBe(false);
    expect(hasMask('http', { ...config, headers: { Authorization: MASK } })).toBe(true);
    // What a person typed into another field is no secret.
    expect(hasMask('http', { url: MASK })).toBe(false);
  });

  it('is used without its masks where what is stored is not known', () => {
    const typed = { url: URL_A, headers: { Authorization: MASK, 'X-Key': 'k' }, signingSecret: 's' };
    expect(withoutMasks('http', typed)).toEqual({
      url: URL_A,
      headers: { 'X-Key': 'k' },
      signingSecret: 's',
    });
  });
});

describe('a configuration that is sent back', () => {
  const masked = (url: string, headers: Record<string, string>) => ({ url, headers });

  it('keeps what is stored under the same name, in whatever case, and takes what is typed', () => {
    const edit = masked('https://a.example.com/other', { authorization: MASK, 'X-Key': 'new' });
    expect(unmaskConfig('http', edit, config)).toEqual({
      url: edit.url,
      headers: { authorization: 'Bearer a', 'X-Key': 'new' },
    });
  });

  it('has to give a secret that is not stored', () => {
    expect(refusalOf(() => unmaskConfig('http', masked(URL_A, { 'X-Other': MASK }), config))).toBe(
      'agent-misconfigured: Give the value of headers.X-Other: none is stored',
    );
    expect(
      refusalOf(() => unmaskConfig('http', { url: URL_A, signingSecret: MASK }, { url: URL_A })),
    ).toContain('signingSecret: none is stored');
  });

  it('has to give the secrets anew for another origin', () => {
    const edit = masked('https://b.example.com/run', { Authorization: MASK });
    expect(refusalOf(() => unmaskConfig('http', edit, config))).toContain(
      'the address has changed to another server',
    );
    expect(unmaskConfig('http', masked('https://b.example.com/run', { Authorization: 'n' }), config)).toEqual(
      masked('https://b.example.com/run', { Authorization: 'n' }),
    );
  });

  it('of another thing than an agent says what it is of', () => {
    const ofChannel = { secretFields: ['token'], addressField: 'url', whose: 'the channel' };
    const edit = { url: URL_A, token: MASK };
    expect(unmaskFields(edit, { url: URL_A, token: 't' }, ofChannel)).toEqual({ url: URL_A, token: 't' });
    expect(refusalOf(() => unmaskFields(edit, { url: URL_A }, ofChannel))).toBe(
      'agent-misconfigured: Give the value of token of the channel: none is stored',
    );
    expect(
      refusalOf(() => unmaskFields(edit, { url: 'https://b.example.com', token: 't' }, ofChannel)),
    ).toContain('Give the value of token of the channel: the address has changed to another server');
  });

  it('keeps what is stored wherever it leads, if no address is known', () => {
    const withoutAddress = { secretFields: ['url'], addressField: null };
    expect(unmaskFields({ url: MASK }, { url: URL_A }, withoutAddress)).toEqual({ url: URL_A });
  });
});

it('an origin is known of a text that is an address', () => {
  expect(originOf(URL_A)).toBe('https://a.example.com');
  expect(originOf('no address')).toBeNull();
  expect(originOf(7)).toBeNull();
});
