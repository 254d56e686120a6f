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
  it('says how late a tick woke its task', () => {
    expect(ledgerLine(tick({ outcome: 'fired', lateMs: 12 })).text).toBe('woke 12 ms late');
  });

  it('says why a tick did not', () => {
    expect(ledgerLine(tick({ outcome: 'skipped', reason: 'early' })).text).toBe('skipped: it came too early');
    expect(ledgerLine(tick({ outcome: 'superseded', reason: 'edited' })).text).toBe(
      'superseded: you edited it',
    );
  });

  it('shows a reason it does not know as it is', () => {
    expect(ledgerLine(tick({ outcome: 'skipped', reason: 'moon-phase' })).text).toBe('skipped: moon-phase');
  });

  it('shows an arm without an outcome as armed', () => {
    expect(ledgerLine(tick({}))).toEqual({ tone: 'waiting', text: 'armed' });
  });
});
