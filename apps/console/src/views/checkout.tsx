import { ViewHeader } from '../components/basics';
import { useMessages } from '../i18n/messages';
import { FlexPanel } from './checkout-flex';
import { WebcheckoutPanel } from './checkout-webcheckout';

export function Checkout() {
  const t = useMessages();
  return (
    <>
      <ViewHeader title={t.views.checkout} lead={t.checkout.lead} />
      <div class="columns">
        <FlexPanel />
        <WebcheckoutPanel />
      </div>
    </>
  );
}
