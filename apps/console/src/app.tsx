import { type FunctionComponent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Session } from './api/contract';
import { type ShownProblem, shownProblem } from './api/problem';
import { Problem } from './components/basics';
import { Header } from './components/header';
import { Navigation } from './components/navigation';
import { useMessages } from './i18n/messages';
import { useStore } from './lib/store';
import { watchEvents } from './state/live';
import { route, type View } from './state/router';
import { loadSession, session } from './state/session';
import { TEST_IDS } from './test-ids';
import { Calls } from './views/calls';
import { Checkout } from './views/checkout';
import { Evidence } from './views/evidence';
import { Inspector } from './views/inspector';
import { Overview } from './views/overview';
import { Replicas } from './views/replicas';
import { SignIn } from './views/sign-in';
import { Simulator } from './views/simulator';
import { Webhooks } from './views/webhooks';

const VIEW_COMPONENTS: Readonly<Record<View, FunctionComponent>> = {
  overview: Overview,
  calls: Calls,
  inspector: Inspector,
  checkout: Checkout,
  simulator: Simulator,
  webhooks: Webhooks,
  replicas: Replicas,
  evidence: Evidence,
};

export function App() {
  const t = useMessages();
  const current = useStore(session);
  const [problem, setProblem] = useState<ShownProblem>();
  useEffect(() => {
    loadSession().catch((error: unknown) => setProblem(shownProblem(error)));
  }, []);
  if (current === undefined) {
    return (
      <main class="alone">
        <p role="status">{problem === undefined && t.loading}</p>
        <Problem problem={problem} />
      </main>
    );
  }
  return <Console session={current} />;
}

function Console({ session: current }: { readonly session: Session }) {
  const t = useMessages();
  const { view } = useStore(route);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => (current.isOpen ? watchEvents() : undefined), [current.isOpen]);
  const title = current.isOpen ? t.views[view] : t.signIn.title;
  useEffect(() => {
    document.title = `${title} · ${t.title}`;
  }, [title, t]);
  useEffect(() => {
    // A reader of the screen hears where the link has led; at the start the page itself is read.
    if (!isFirst.current) main.current?.querySelector('h1')?.focus();
    isFirst.current = false;
    scrollTo(0, 0);
  }, [view]);
  const Shown = VIEW_COMPONENTS[view];
  const skip = (event: Event) => {
    event.preventDefault();
    main.current?.focus();
  };
  return (
    <div class={current.isOpen ? 'console' : 'console closed'} data-testid={TEST_IDS.app}>
      <a class="skip" href="#content" onClick={skip}>
        {t.skipToContent}
      </a>
      <Header session={current} />
      {current.isOpen && <Navigation />}
      <main id="content" tabIndex={-1} ref={main}>
        {current.isOpen ? (
          <div key={view} class="view" data-testid={`view-${view}`}>
            <Shown />
          </div>
        ) : (
          <SignIn session={current} />
        )}
      </main>
    </div>
  );
}
