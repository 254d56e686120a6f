import { expect, it } from 'vitest';
import {
  areFoldersDue,
  isMeasurementDue,
  parseStorageRecord,
  toStorageView,
  withMeasurement,
} from './storageGrowth';

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

it('keeps a measurement to compare with once an hour, and drops it when it is older than a day', () => {
  const first = withMeasurement(null, size(1), at(0));
  expect(withMeasurement(first, size(2), at(0.99)).past).toHaveLength(1);
  const second = withMeasurement(first, size(2), at(1));
  expect(second.past.map(({ bytes }) => bytes)).toEqual([1, 2]);
  expect(withMeasurement(second, size(3), at(1.99)).past).toHaveLength(2);
  expect(withMeasurement(second, size(3), at(24)).past.map(({ bytes }) => bytes)).toEqual([1, 2, 3]);
  expect(withMeasurement(second, size(3), at(24.01)).past.map(({ bytes }) => bytes)).toEqual([2, 3]);
});

it('compares with a measurement of the same instant', () => {
  const record = withMeasurement(null, size(1), at(0));
  expect(withMeasurement(record, size(2), at(0)).past).toEqual(record.past);
});

it('tells a growth once ten minutes are measured', () => {
  const record = withMeasurement(null, size(0), at(0));
  const after = (hours: number) => toStorageView(withMeasurement(record, size(6), at(hours))).bytesPerDay;
  expect([after(9 / 60), after(10 / 60), after(0.5)]).toEqual([null, 6 * 144, 6 * 48]);
});

it('reads what it wrote, and nothing else', () => {
  const record = withMeasurement(null, size(1), at(0));
  expect(parseStorageRecord(JSON.parse(JSON.stringify(record)))).toEqual(record);
  expect(parseStorageRecord('?')).toBeNull();
});

it('looks at the folders of commands once an hour, and keeps what it found until then', () => {
  const folders = { bytes: 7, isPartial: false };
  const record = withMeasurement(null, size(1), at(0), folders);
  expect([areFoldersDue(null, at(0)), areFoldersDue(record, at(0.9)), areFoldersDue(record, at(1))]).toEqual([
    true,
    false,
    true,
  ]);
  expect(toStorageView(withMeasurement(record, size(1), at(0.9))).folders).toEqual(folders);
  expect(toStorageView(withMeasurement(null, size(1), at(0))).folders).toBeNull();
});
