const KEY = 'everbeat-character-keys';

/** Whether this browser listens to shortcuts of keys that write characters: as a rule it does. */
export const characterKeys = {
  areOn: (): boolean => localStorage.getItem(KEY) !== 'off',
  turn: (isOn: boolean): void => (isOn ? localStorage.removeItem(KEY) : localStorage.setItem(KEY, 'off')),
};
