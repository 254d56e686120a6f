/**
 * How long ago something was, in words that follow the clock: "3 minutes ago", "vor 2 Stunden". They change
 * by themselves, but not within the seconds between two looks, so they are not found as noise.
 */
const AGES = new RegExp(
  [
    String.raw`\b(?:(?:about|over|almost|less than|more than) )?(?:\d+|an?|one|a few) ?(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?|mos?|months?|y|yrs?|years?) ago\b`,
    String.raw`\b(?:just now|moments ago|a moment ago)\b`,
    String.raw`\bvor (?:etwa |ca\. )?(?:\d+|einer|einem|wenigen) (?:Sekunde|Minute|Stunde|Tag|Woche|Monat|Jahr)(?:e|n|en)?\b`,
    String.raw`\bgerade eben\b`,
    String.raw`\bil y a (?:environ )?(?:\d+|une?) (?:seconde|minute|heure|jour|semaine|mois|an)s?\b`,
    String.raw`\bhace (?:\d+|una?) (?:segundo|minuto|hora|día|semana|mes|año)(?:s|es)?(?!\p{L})`,
    String.raw`\bhá (?:\d+|uma?) (?:segundo|minuto|hora|dia|semana|mês|mes|ano)(?:s|es)?(?!\p{L})`,
    String.raw`\b(?:\d+|una?|un') ?(?:second[oi]|minut[oi]|or[ae]|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]) fa\b`,
    String.raw`\b(?:\d+|een) (?:secon?den?|minuten?|uur|uren|dag|dagen|week|weken|maand|maanden|jaar) geleden\b`,
    String.raw`(?<!\p{L})(?:\d+ )?(?:секунд|минут|час|день|дня|дней|недел|месяц|год|лет)[а-я]* назад(?!\p{L})`,
    String.raw`\d+ ?(?:秒|分|分钟|分鐘|時間|小时|小時|日|天|週間|周|週|か月|ヶ月|个月|個月|年)前`,
    String.raw`\d+ ?(?:초|분|시간|일|주|개월|년) ?전`,
  ].join('|'),
  'giu',
);

/** A text with the same word for every age. */
export const withoutAges = (text: string): string => text.replace(AGES, '\u0000age');
