import { Activity, Bot, Inbox, ListTodo, type LucideIcon, Settings } from 'lucide-react';

export interface Place {
  href: '/' | '/tasks' | '/agents' | '/system' | '/settings';
  label: string;
  icon: LucideIcon;
  /** The second key of its keyboard shortcut, after `g`. */
  key: string;
}

export const PLACES: readonly Place[] = [
  { href: '/', label: 'Inbox', icon: Inbox, key: 'i' },
  { href: '/tasks', label: 'Tasks', icon: ListTodo, key: 't' },
  { href: '/agents', label: 'Agents', icon: Bot, key: 'a' },
  { href: '/system', label: 'System', icon: Activity, key: 's' },
  { href: '/settings', label: 'Settings', icon: Settings, key: 'e' },
];

export const isAt = (place: Place, pathname: string): boolean =>
  place.href === '/' ? pathname === '/' : pathname === place.href || pathname.startsWith(`${place.href}/`);
