import { useMessages } from '../i18n/messages';
import { useStore } from '../lib/store';
import { hasSimulator, liveOverview } from '../state/live';
import { isMenuOpen } from '../state/menu';
import { linkBackTo, route, VIEWS } from '../state/router';
import { Icon } from './icons';

/** Links to the views: at the left, and on a narrow page below the header once the menu is opened. */
export function Navigation() {
  const t = useMessages();
  const { view: current } = useStore(route);
  const withSimulator = useStore(liveOverview, hasSimulator);
  const isOpen = useStore(isMenuOpen);
  const views = VIEWS.filter((view) => view !== 'simulator' || withSimulator || current === 'simulator');
  return (
    <nav id="navigation" class={isOpen ? 'navigation open' : 'navigation'} aria-label={t.menu}>
      <ul>
        {views.map((view) => (
          <li key={view}>
            <a
              href={linkBackTo(view)}
              data-testid={`nav-${view}`}
              onClick={() => isMenuOpen.set(false)}
              {...(view === current && { 'aria-current': 'page' as const })}
            >
              <Icon name={view} />
              {t.views[view]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
