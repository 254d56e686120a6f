/**
 * A watch as changedetection.io stores it, with the fields that its version 0.50 has, and the given ones
 * replaced.
 */
export const changeDetectionWatch = (fields: object): object => ({
  body: null,
  browser_steps: [],
  check_unique_lines: false,
  conditions: {},
  conditions_match_logic: 'ALL',
  extract_text: [],
  fetch_backend: 'system',
  filter_text_added: true,
  filter_text_removed: true,
  filter_text_replaced: true,
  headers: {},
  ignore_text: [],
  ignore_status_codes: null,
  include_filters: [],
  method: 'GET',
  notification_urls: [],
  page_title: null,
  paused: false,
  price_change_threshold_percent: null,
  processor: 'text_json_diff',
  proxy: null,
  remove_duplicate_lines: false,
  sort_text_alphabetically: false,
  subtractive_selectors: [],
  tag: '',
  tags: [],
  text_should_not_be_present: [],
  time_between_check: { weeks: null, days: null, hours: null, minutes: null, seconds: null },
  time_between_check_use_default: true,
  time_schedule_limit: { enabled: false, monday: { enabled: true, start_time: '00:00' } },
  title: null,
  trigger_text: [],
  url: '',
  uuid: 'b4bb9db8-9c8b-4a3c-8c8a-2f8b1f5b4f3a',
  webdriver_delay: null,
  webdriver_js_execute_code: null,
  ...fields,
});

/** `url-watches.json` with these watches; by default they are looked at every three hours. */
export const changeDetectionBackup = (watches: readonly object[]): object => ({
  note: 'Hello! If you change this file manually, please be sure to restart your changedetection.io instance!',
  watching: Object.fromEntries(watches.map((watch, index) => [`uuid-${index}`, changeDetectionWatch(watch)])),
  settings: {
    headers: {},
    requests: {
      time_between_check: { weeks: null, days: null, hours: 3, minutes: null, seconds: null },
      workers: 10,
    },
    application: { api_access_token: 'canary-app-token', tags: { 'tag-1': { title: 'Shops' } } },
  },
  version_tag: '0.50.10',
});
