/**
 * The service worker: it shows push messages, and leads to their briefs. It keeps no copy of pages, so an update of
 * the server is seen at once. The messages are made by packages/channels/src/kinds/push/pushMessage.ts.
 */

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  const message = readMessage(event.data);
  event.waitUntil(
    self.registration.showNotification(message.title, {
      body: message.body,
      // A message that comes twice replaces itself.
      tag: message.id,
      icon: '/icons/icon-192.png',
      badge: '/icons/badge-96.png',
      // What waits for the person stays until it is looked at.
      requireInteraction: message.needsMe === true,
      actions: message.actions.map(({ action, title }) => ({ action, title })),
      data: { url: message.url, actions: message.actions },
    }),
  );
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { url, actions } = event.notification.data;
  const chosen = actions.find(({ action }) => action === event.action);
  event.waitUntil(open(chosen?.url ?? url));
});

/** A browser withdraws the right to push from a worker that shows nothing, so a damaged message is shown as one. */
function readMessage(data) {
  const fallback = {
    id: 'unread',
    title: 'Everbeat',
    body: 'There is news. Open Everbeat to read it.',
    url: '/',
    actions: [],
  };
  try {
    return { ...fallback, ...data.json() };
  } catch {
    return fallback;
  }
}

/** In a window of the application that is open, else in a new one. */
async function open(address) {
  const url = new URL(address, self.location.origin);
  if (!/^https?:$/.test(url.protocol)) return;
  const windows = await self.clients.matchAll({ type: 'window' });
  const own =
    url.origin === self.location.origin
      ? (windows.find((client) => client.focused) ?? windows[0])
      : undefined;
  if (own === undefined) return await self.clients.openWindow(url.href);
  // A window that this worker does not control cannot be led elsewhere.
  const led = await own.navigate(url.href).catch(() => null);
  return await (led === null ? self.clients.openWindow(url.href) : led.focus());
}
