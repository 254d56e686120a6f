import { describe, expect, it, vi } from 'vitest';
import { AppError } from './errors';

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
