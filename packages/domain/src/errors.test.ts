import { describe, expect, it, vi } from 'vitest';
import { AppError, errorMessage, rootCause } from './errors';

describe('AppError', () => {
  it('is recognized by every copy of its module, as each bundle of the server has one', async () => {
    vi.resetModules();
    const { AppError: Copy } = await import('./errors');
    expect(Copy).not.toBe(AppError);
    expect(new Copy('task-not-found', 'There is no such task')).toBeInstanceOf(AppError);
  });

  it('is not any other error, whatever its name', () => {
    const impostor = Object.assign(new Error('Hello'), { name: 'AppError', code: 'internal' });
    expect(impostor).not.toBeInstanceOf(AppError);
    expect({ code: 'internal', message: 'Hello' }).not.toBeInstanceOf(AppError);
  });
});

it('the message of anything that was thrown is a text', () => {
  expect(errorMessage(new Error('It broke'))).toBe('It broke');
  expect(errorMessage('It broke')).toBe('It broke');
  expect(errorMessage(undefined)).toBe('undefined');
});

describe('the root cause', () => {
  it('is the innermost error, or the thrown value itself', () => {
    const root = new Error('refused', { cause: 'no error' });
    expect(rootCause(new Error('query', { cause: new Error('wrapped', { cause: root }) }))).toBe(root);
    expect(rootCause('It broke')).toBe('It broke');
  });

  it('of a circle of causes is one of them', () => {
    const [a, b] = [new Error('a'), new Error('b')];
    a.cause = b;
    b.cause = a;
    expect([a, b]).toContain(rootCause(a));
  });
});
