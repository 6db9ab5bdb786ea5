export { GatewaySimulator } from './gateway-simulator';
export type {
  AlignetControls,
  GatewaySimulatorOptions,
  NetzmeControls,
  PlacetopayControls,
  SimulatorCounters,
  SimulatorPublicKeys,
  SimulatorUrls,
} from './gateway-simulator';
export { SANDBOX_ACCOUNTS } from './accounts';
export type { AlignetAccount, NetzmeAccount, PlacetopayAccount, SimulatorAccounts, SiteState } from './accounts';
export { DEFAULT_SETTINGS } from './settings';
export type {
  AlignetSettings,
  ChargeState,
  DeepPartial,
  NetzmeSettings,
  PlacetopaySettings,
  SessionOutcome,
  SimulatorSettings,
} from './settings';
export { WEBHOOK_BREAKS, type WebhookBreak } from './webhooks/breaks';
export type { WebhookSchemeDescription } from './webhooks/gateway-schemes';
export { JSON_SPELLINGS, type JsonSpelling } from './webhooks/json-text';
export type { WebhookOrder, WebhookSendOrder } from './webhooks/order';
export type { BuiltWebhook, SentWebhook, SentWebhookFilter, WebhookAnswer, Webhooks } from './webhooks/webhooks';
export { SimulatorClock } from './core/clock';
export type { GatewayName, RefusalReason } from './core/exchange';
export type { ActiveFault, Fault, FaultKind, FaultPlan } from './core/faults';
export { SimulatorStartError } from './core/http-listener';
export { SimulatorInputError } from './core/input-error';
export { hostOfHeader, isLoopbackHost } from './core/loopback';
export { bodyRespellings, pathRespellings, type Respelling } from './core/respellings';
export type { Journal, JournalEntry, JournalFilter, Verdict } from './core/journal';
