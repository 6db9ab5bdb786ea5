import { type View } from '../state/router';

const PATHS: Readonly<Record<View | 'menu' | 'check' | 'cross' | 'warning' | 'clock', string>> = {
  overview: 'M3 12l9-8 9 8M6 10v10h12V10',
  calls: 'M4 8h14l-4-4M20 16H6l4 4',
  inspector: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21',
  checkout: 'M3 6h18v12H3zM3 10h18M7 15h3',
  simulator: 'M5 4v6M5 14v6M12 4v10M12 18v2M19 4v2M19 10v10M3 12h4M10 16h4M17 8h4',
  webhooks: 'M12 3v10m0 0l-4-4m4 4l4-4M4 15v5h16v-5',
  replicas: 'M4 4h16v6H4zM4 14h16v6H4zM7.5 7h.01M7.5 17h.01',
  evidence: 'M6 3h9l4 4v14H6zM14 3v5h5M9 13h7M9 17h7',
  menu: 'M4 7h16M4 12h16M4 17h16',
  check: 'M5 13l4.5 4.5L19 7',
  cross: 'M6 6l12 12M18 6L6 18',
  warning: 'M12 4L2.5 20h19zM12 10v4M12 17h.01',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 8v4.5l3 2',
};

/** Drawn beside a text that says the same, so it is silent. */
export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
