import type { TickView } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { ledgerLine } from './ledgerLabels';

const tick = (changes: Partial<TickView>): TickView => ({
  token: '6f1d3f4e-6a0b-4b53-9d4c-0a1b2c3d4e5f',
  trigger: 'heartbeat',
  dueAt: new Date('2030-05-01T12:00:00.000Z'),
  armedAt: new Date('2030-05-01T11:45:00.000Z'),
  publications: 1,
  outcome: null,
  reason: null,
  operationId: null,
  lateMs: null,
  endedAt: null,
  ...changes,
});

describe('a line of the ledger', () => {
  it('says how late a tick started its run', () => {
    expect(ledgerLine(tick({ outcome: 'fired', lateMs: 12 })).text).toBe('started a run, 12 ms late');
  });

  it('says why a tick started no run', () => {
    expect(ledgerLine(tick({ outcome: 'skipped', reason: 'early' })).text).toBe(
      'skipped: it came before its due time',
    );
    expect(ledgerLine(tick({ outcome: 'superseded', reason: 'edited' })).text).toBe(
      'replaced: you edited the task',
    );
  });

  it('shows an unknown reason as it is stored', () => {
    expect(ledgerLine(tick({ outcome: 'skipped', reason: 'moon-phase' })).text).toBe('skipped: moon-phase');
  });

  it('shows a tick without an outcome as waiting', () => {
    expect(ledgerLine(tick({}))).toEqual({ tone: 'waiting', text: 'waiting for its time' });
  });
});
