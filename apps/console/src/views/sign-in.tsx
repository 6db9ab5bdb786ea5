import { useState } from 'preact/hooks';
import { type Session } from '../api/contract';
import { ApiProblem } from '../api/problem';
import { Card, Problem, ViewHeader } from '../components/basics';
import { Field, Form } from '../components/fields';
import { useMessages } from '../i18n/messages';
import { useAction } from '../lib/hooks';
import { signIn } from '../state/session';
import { TEST_IDS } from '../test-ids';

export function SignIn({ session }: { readonly session: Session }) {
  const t = useMessages();
  const [token, setToken] = useState('');
  const opening = useAction(async () => {
    try {
      await signIn(token);
    } catch (error) {
      throw error instanceof ApiProblem && error.statusCode === 401 ? new Error(t.signIn.wrong) : error;
    } finally {
      setToken('');
    }
  });
  return (
    <div class="view" data-testid={TEST_IDS.signIn}>
      <ViewHeader title={t.signIn.title} lead={t.signIn.lead} />
      <div class="columns">
        <Card title={t.signIn.open}>
          <Form onSubmit={() => void opening.run()}>
            <Field name="token" label={t.signIn.token} kind="password" value={token} onChange={setToken} required />
            <p class="actions">
              <button class="primary" data-testid={TEST_IDS.signInButton} aria-disabled={opening.isRunning}>
                {t.signIn.open}
              </button>
            </p>
          </Form>
          <Problem problem={opening.problem} />
        </Card>
        <Card title={t.signIn.showsTitle}>
          {session.environment === 'production' && <p class="notice warn">{t.signIn.productionWarning}</p>}
          <ul class="prose">
            {t.signIn.shows.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Card>
      </div>
    </div>
  );
}
