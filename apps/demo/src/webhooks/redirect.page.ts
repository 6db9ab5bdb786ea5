import { type AlignetRedirect, isAlignetPaid } from 'nestjs-payment-auth';
import { escapeHtml } from '../pages/html';
import { PAGE_STYLE_PATH } from '../pages/page-style.controller';

/** What the buyer sees on coming back. The order changes by the notification, not by this. */
export function redirectPage(event: AlignetRedirect): string {
  const { merchant_operation_number: operation, transaction } = event.signed;
  const result = isAlignetPaid(event) ? 'Your payment was authorized' : 'Your payment was not authorized';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${result}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${PAGE_STYLE_PATH}">
</head>
<body>
<main>
<h1>${result}</h1>
<p>Operation ${escapeHtml(operation)}: ${escapeHtml(transaction.state)}.</p>
</main>
</body>
</html>
`;
}
