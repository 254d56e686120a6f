'use client';

import { PICTURES_PATH } from '@everbeat/domain';
import { useState } from 'react';

function PagePicture({ id, caption }: { id: string; caption: string }) {
  const [isGone, setIsGone] = useState(false);
  // Only the newest pictures of a task are kept.
  if (isGone) return null;
  const address = `${PICTURES_PATH}/${id}`;
  return (
    <figure className="min-w-0 flex-1 space-y-1.5">
      <figcaption className="text-[0.8125rem] text-muted">{caption}</figcaption>
      <a href={address} target="_blank" rel="noreferrer" className="block">
        {/* biome-ignore lint/performance/noImgElement: it is behind the password, which an image optimizer has not */}
        <img
          src={address}
          alt={`The page, ${caption.toLowerCase()}`}
          loading="lazy"
          onError={() => setIsGone(true)}
          className="aspect-[4/3] w-full rounded-lg border object-cover object-top"
        />
      </a>
    </figure>
  );
}

/** How a watched page looked before and after what a brief tells of, side by side. */
export function PagePictures({ ids }: { ids: readonly string[] | null }) {
  const [first, second] = ids ?? [];
  if (first === undefined) return null;
  return (
    <div className="flex flex-col gap-3 sm:flex-row">
      {second === undefined ? (
        <PagePicture id={first} caption="Now" />
      ) : (
        <>
          <PagePicture id={first} caption="Before" />
          <PagePicture id={second} caption="After" />
        </>
      )}
    </div>
  );
}
