import { render } from 'preact';
import { App } from './app';
import { applyPreferences } from './state/preferences';
import { followAddress } from './state/router';
import './styles/index.css';

applyPreferences();
followAddress();
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
