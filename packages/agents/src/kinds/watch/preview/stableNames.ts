/** What a name may be made of that needs no escape in a selector. */
const SIMPLE = /^[A-Za-z_][\w-]*$/;
const NAME_CHARS_MAX = 40;
/** Made anew with each build or visit: `css-1q2w3e`, `sc-bdVaJa`, `ember1042`, `jsx-2914`. */
const MADE = /^(?:css|sc|jsx|ember|yui|radix|react|ng|svelte|mui|chakra|emotion|headlessui)[-_\d]/i;
/** Such as the number of a row in a database. */
const NUMBERED = /\d{3}/;
/** A word of letters and digits at random, such as `3xKf9`. */
const RANDOM_WORD = /^(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{5,}$|[a-z][A-Z]+[a-z]+[A-Z].*\d/i;
/** Classes that say how a part looks or in which state it is, and not what it is. */
const LOOK =
  /^(?:[mp][trblxy]?|[wh]|min|max|text|txt|font|fs|fw|lh|bg|border|flex|grid|cols?|row|d|gap|rounded|shadow|leading|tracking|z|top|left|right|bottom|inset|space|items|justify|align|self|order|opacity|overflow|float|clear|clearfix|hidden|visible|block|inline|relative|absolute|fixed|sticky|static|container|wrapper|inner|outer|active|selected|current|open|closed|is|has|js|no|lg|md|sm|xl|xs|even|odd|first|last|size|u|c|l|o)(?:-|_|$|\d+$)/;

/** Whether a name can stand in a selector as it is, and is not made anew with each build or visit. */
export const isUsableName = (name: string): boolean =>
  SIMPLE.test(name) &&
  name.length <= NAME_CHARS_MAX &&
  !MADE.test(name) &&
  !name.split(/[-_]+/).some((word) => RANDOM_WORD.test(word));

/** Whether an id was chosen by a person, so that it will be the same tomorrow. */
export const isStableId = (id: string): boolean => isUsableName(id) && !NUMBERED.test(id);

/** Whether a class says what a part is. */
export const isMeaningfulClass = (name: string): boolean =>
  isUsableName(name) && !LOOK.test(name) && !NUMBERED.test(name);
