'use client';

import { useRef, useState } from 'react';
import { toast } from 'sonner';
import { Button } from './button';
import type { MenuProps } from './menuPopup';

export type { MenuChoice } from './menuPopup';

type Popup = typeof import('./menuPopup').MenuPopup;

/** A button that opens a menu, whose code is loaded when the person comes to it. */
export function Menu(props: MenuProps) {
  const [Loaded, setLoaded] = useState<{ Popup: Popup; wasPressed: boolean; hadFocus: boolean } | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isPressed = useRef(false);
  const load = () => {
    import('./menuPopup').then(
      ({ MenuPopup }) =>
        setLoaded({
          Popup: MenuPopup,
          wasPressed: isPressed.current,
          hadFocus: document.activeElement === button.current,
        }),
      () => {
        if (isPressed.current)
          toast.error('The menu could not be loaded. Check the connection, and try again.');
        isPressed.current = false;
      },
    );
  };
  if (Loaded !== null) {
    const { Popup, wasPressed, hadFocus } = Loaded;
    return <Popup {...props} wasPressed={wasPressed} hadFocus={hadFocus} />;
  }
  return (
    <Button
      ref={button}
      size="icon"
      aria-label={props.label}
      aria-haspopup="menu"
      onPointerEnter={load}
      onFocus={load}
      onClick={() => {
        isPressed.current = true;
        load();
      }}
    >
      {props.icon}
    </Button>
  );
}
