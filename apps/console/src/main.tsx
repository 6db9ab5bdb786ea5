import { render } from 'preact';
import { watchSessionEnd } from './api/client';
import { App } from './app';
import { applyPreferences } from './state/preferences';
import { followAddress } from './state/router';
import { loadSession } from './state/session';
import './styles/index.css';

applyPreferences();
followAddress();
watchSessionEnd(() => void loadSession().catch(() => undefined));
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
