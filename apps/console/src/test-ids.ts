/**
 * Hooks of the browser tests: values of `data-testid`. Whatever comes in numbers carries what it stands for after a hyphen
 * (`nav-calls`, `gateway-netzme`, `call-netzme-balance`, `field-userId`).
 *
 * | Id | Is |
 * | --- | --- |
 * | `view-{view}`, `nav-{view}` | a view and its link: `overview`, `calls`, `inspector`, `checkout`, `simulator`, `webhooks`, `replicas`, `evidence` |
 * | `field-{name}` | the input, select or text area of a field, in the form it belongs to |
 * | `gateway-{gateway}` | the card of a gateway on the overview; in it `token-state`, `token-remaining`, `nonce-countdown` |
 * | `call-{id}`, `scheme-{id}` | what chooses a call, an inspector scheme or (`scheme-{gateway}-{scheme}`) a webhook |
 * | `exchange` | one exchange of a call; in it `request` and `response` |
 * | `stage-{id}` | one stage of the inspector |
 * | `verdict` | the inspector's; `data-match` is `true` or `false`, `data-code` the mistake |
 * | `journal-entry`, `sent-webhook` | one row; `data-verdict` is `accepted`, `refused`, `fault` or `pending` |
 * | `problem` | an error message of whatever kind |
 */
export const TEST_IDS = {
  app: 'app',
  menuButton: 'menu-button',
  languageSwitch: 'language-switch',
  themeSwitch: 'theme-switch',
  environment: 'environment',
  /** `data-state` is `connecting`, `open` or `lost`. */
  connection: 'connection',
  signIn: 'sign-in',
  signInButton: 'sign-in-button',
  signOutButton: 'sign-out-button',
  problem: 'problem',
  copyButton: 'copy-button',

  tokenState: 'token-state',
  tokenRemaining: 'token-remaining',
  nonceCountdown: 'nonce-countdown',
  storeState: 'store-state',

  runCall: 'run-call',
  stopCall: 'stop-call',
  callProgress: 'call-progress',
  callResult: 'call-result',
  callOutcome: 'call-outcome',
  exchange: 'exchange',
  request: 'request',
  response: 'response',
  exportMenu: 'export-menu',
  /** Followed by `-curl`, `-postman`, `-bruno`. */
  exportAs: 'export',
  exportedContent: 'exported-content',
  exportDownload: 'export-download',
  callRecord: 'call-record',

  fillExample: 'fill-example',
  inspect: 'inspect',
  stages: 'stages',
  verdict: 'verdict',
  byteDifference: 'byte-difference',

  flexStart: 'flex-start',
  flexEnd: 'flex-end',
  flexForm: 'flex-form',
  flexCountdown: 'flex-countdown',
  /** One callback of Flex; `data-callback` is `response`, `tracking` or `error`. */
  flexCallback: 'flex-callback',
  flexWebhook: 'flex-webhook',
  webcheckoutStart: 'webcheckout-start',
  webcheckoutGo: 'webcheckout-go',
  webcheckoutQuery: 'webcheckout-query',
  webcheckoutState: 'webcheckout-state',

  restoreAll: 'restore-all',
  simulatorClock: 'simulator-clock',
  /** Followed by `-1s`, `-30s`, `-1m`, `-5m`, `-10h`. */
  advanceClock: 'advance-clock',
  setClock: 'set-clock',
  resetClock: 'reset-clock',
  addFault: 'add-fault',
  activeFault: 'active-fault',
  removeFault: 'remove-fault',
  expireToken: 'expire-token',
  stealToken: 'steal-token',
  revokeTokens: 'revoke-tokens',
  setSiteState: 'set-site-state',
  simulatorNotice: 'simulator-notice',
  journal: 'journal',
  journalEntry: 'journal-entry',

  sendWebhook: 'send-webhook',
  sentWebhook: 'sent-webhook',
  resendWebhook: 'resend-webhook',
  webhookVerdict: 'webhook-verdict',
  /** Why a scheme is refused that is sent as it is. */
  schemeHint: 'webhook-scheme-hint',

  replicaRow: 'replica-row',
  sharingOff: 'sharing-off',

  saveEvidence: 'save-evidence',
  evidenceRecord: 'evidence-record',
  evidenceSaved: 'evidence-saved',
} as const;
