import { expect, it } from 'vitest';
import { isMeasurementDue, parseStorageRecord, toStorageView, withMeasurement } from './storageGrowth';

const at = (hours: number): Date => new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000);
const size = (bytes: number) => ({ bytes, databaseBytes: bytes * 2 });

it('tells the growth of a day from the oldest measurement of the last day', () => {
  let record = withMeasurement(null, size(1_000), at(0));
  expect(toStorageView(record)).toMatchObject({ bytes: 1_000, databaseBytes: 2_000, bytesPerDay: null });
  for (let hour = 1; hour <= 48; hour += 1)
    record = withMeasurement(record, size(1_000 + hour * 10), at(hour));
  expect(toStorageView(record)).toMatchObject({ bytes: 1_480, bytesPerDay: 240 });
  expect(record.past.length).toBeLessThanOrEqual(25);
});

it('measures once a minute, and again when the last measurement is of a clock that was ahead', () => {
  const record = withMeasurement(null, size(1), at(5));
  expect(isMeasurementDue(record, at(5))).toBe(false);
  expect(isMeasurementDue(record, at(5 + 1 / 60))).toBe(true);
  expect(isMeasurementDue(record, at(1))).toBe(true);
  expect(withMeasurement(record, size(2), at(1)).past.map((sample) => sample.at)).toEqual([
    at(1).toISOString(),
  ]);
});

it('reads what it wrote, and nothing else', () => {
  const record = withMeasurement(null, size(1), at(0));
  expect(parseStorageRecord(JSON.parse(JSON.stringify(record)))).toEqual(record);
  expect(parseStorageRecord('?')).toBeNull();
});
