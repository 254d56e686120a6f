import { test } from 'vitest';

// Vitest needs a file to start a worker. What follows it is in `WarmTestRunner`.
test('the worker has started', () => {});
