import { describe, expect, it } from 'vitest';
import { isPrivateName } from './privateName';

describe('a name', () => {
  it.each([
    'localhost',
    'nas',
    'nas.',
    'app.localhost',
    'printer.local',
    'Printer.Local.',
    'nas.lan',
    'nas.home.arpa',
    'db.internal',
    'a.b.internal.',
  ])('such as %s is private', (name) => expect(isPrivateName(name)).toBe(true));

  it.each(['example.com', 'example.com.', 'lan.example.com', 'home.lan.net', 'arpa.net', 'my-local.org'])(
    'such as %s is not',
    (name) => expect(isPrivateName(name)).toBe(false),
  );
});
