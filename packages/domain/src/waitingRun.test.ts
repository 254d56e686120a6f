import { describe, expect, it } from 'vitest';
import { blocked, operationBy, running } from '../test/taskStates';
import { decideGoOn, decidePark } from './waitingRun';

const waiting = running({
  operation: { ...operationBy('heartbeat'), isWaiting: true },
  scheduler: { blockedBy: 'urgent-brief', consecutiveFailures: 2 },
});

describe('a run that comes to a call which a person must approve', () => {
  it('waits, and its task says what for', () => {
    const state = running({ scheduler: { consecutiveFailures: 2 } });
    expect(decidePark(state)).toEqual({ ...state.scheduler, blockedBy: 'urgent-brief' });
  });

  it('does so once, and not when it has ended', () => {
    expect(decidePark(waiting)).toBeNull();
    expect(decidePark(blocked())).toBeNull();
  });
});

describe('an answer', () => {
  it('lets a run go on that waits for it', () => {
    expect(decideGoOn(waiting)).toEqual({ ...waiting.scheduler, blockedBy: null });
  });

  it('changes nothing for one that does not wait any more, or has ended', () => {
    expect(decideGoOn(running())).toBeNull();
    expect(decideGoOn(blocked())).toBeNull();
  });
});
