import type { AgentView } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import {
  agentFieldsOf,
  agentFormSchema,
  isAgentTyped,
  toAgentInput,
  withDraft,
  withoutSecrets,
} from './agentForm';
import { parseHeaders } from './requestFields';

const stored: AgentView = {
  id: '0197a3c2-6f2e-7cc0-9d6a-3c1c2f6f8d11',
  name: 'Researcher',
  kind: 'model',
  config: { model: 'some-model', system: 'Be brief.', temperature: 0.2, timeoutSeconds: 60 },
  problem: null,
  readiness: { verdict: null, problem: null, cure: null, checkedAt: null },
  createdAt: new Date(0),
  updatedAt: new Date(0),
};

describe('the headers of an http agent', () => {
  it('are written one a line; a value may hold colons', () => {
    expect(parseHeaders('Authorization: Bearer a:b\n\n X-Team : news ')).toEqual({
      Authorization: 'Bearer a:b',
      'X-Team': 'news',
    });
  });

  it('are refused at their field when a line is not a header', () => {
    const fields = {
      ...agentFieldsOf(null, 'http'),
      name: 'Mine',
      texts: { url: 'https://agent.example', headers: 'nonsense' },
    };

    expect(agentFormSchema.safeParse(fields).error?.issues[0]?.path).toEqual(['texts', 'headers']);
  });
});

describe('the time limit of an agent', () => {
  it('is shown and read in words, and refused without a unit', () => {
    const fields = agentFieldsOf(stored, 'model');
    expect(fields.timeLimit).toBe('1 minute');
    expect(toAgentInput({ ...fields, timeLimit: '2 hours' }, stored).config.timeoutSeconds).toBe(7_200);
    const issues = agentFormSchema.safeParse({ ...fields, timeLimit: '90' }).error?.issues;
    expect(issues?.map(({ path }) => path.join('.'))).toEqual(['timeLimit']);
  });
});

describe('how often the model of an agent may be called', () => {
  it('is shown as it is stored, and refused beyond the limit', () => {
    const fields = agentFieldsOf({ ...stored, config: { maxSteps: 25 } }, 'model');
    expect(fields.texts.maxSteps).toBe('25');
    const typed = (maxSteps: string) => ({ ...fields, texts: { ...fields.texts, maxSteps } });
    expect(toAgentInput(typed('100'), stored).config.maxSteps).toBe(100);
    expect(toAgentInput(typed(''), { ...stored, config: {} }).config).not.toHaveProperty('maxSteps');
    for (const text of ['0', '101', '7.5', 'many'])
      expect(agentFormSchema.safeParse(typed(text)).error?.issues[0]?.path).toEqual(['texts', 'maxSteps']);
  });
});

describe('saving an agent', () => {
  it('keeps settings that the form does not show', () => {
    const input = toAgentInput(
      { ...agentFieldsOf(stored, 'model'), texts: { model: 'some-model', system: '' } },
      stored,
    );

    expect(input.config).toEqual({ model: 'some-model', temperature: 0.2, timeoutSeconds: 60 });
  });

  it('drops the settings of another kind', () => {
    const input = toAgentInput(
      { ...agentFieldsOf(stored, 'model'), kind: 'watch', texts: { url: 'example.com' } },
      stored,
    );

    expect(input.config).toEqual({ url: 'https://example.com', timeoutSeconds: 60 });
  });
});

describe('the draft of an agent', () => {
  const typed = {
    ...agentFieldsOf(null, 'http'),
    name: 'Mine',
    texts: { url: 'https://agent.example', headers: 'Authorization: Bearer a', signingSecret: 'whsec_a' },
  };

  it('has no secrets, and is put over what is stored', () => {
    expect(withoutSecrets(typed).texts).toEqual({ url: 'https://agent.example' });
    const base = { ...typed, texts: { url: '', headers: 'Authorization: ••••••••' } };
    expect(withDraft(base, { ...withoutSecrets(typed), updatedAt: null }).texts).toEqual({
      url: 'https://agent.example',
      headers: 'Authorization: ••••••••',
    });
  });

  it('is one as soon as a text differs, not when only the kind does', () => {
    const base = agentFieldsOf(null, 'watch');
    expect(isAgentTyped({ ...base, kind: 'http', texts: { url: ' ' } }, base)).toBe(false);
    expect(isAgentTyped(typed, base)).toBe(true);
  });
});
